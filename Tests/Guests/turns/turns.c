// Timer interrupts, WFI, spin locks with YIELD, the real-time clock and its alarm, console output and interrupts between
// vCPUs. All of it is mixed into a few numbers: an instruction more or less anywhere, or another order of turns, changes
// everything after it.
#include "guest.h"

#define GICD(offset) (*(volatile uint32_t *)(0x08000000 + (offset)))
#define RTC(offset) (*(volatile uint32_t *)(0x09010000 + (offset)))
#define UART_DATA (*(volatile uint32_t *)0x09000000)
enum { PING = 1, TIMER = 27, ALARM = 34 };

static volatile uint64_t is_locked, shared, cpu_count = 1;
static volatile uint64_t mixed[2], ticks[2], pings[2], alarms, rounds[2];
// Readings of the real-time clock that the counter contradicts, and those at which its second had changed.
volatile uint64_t rtc_errors, rtc_changes;

static void mix(uint64_t cpu, uint64_t value)
{
    mixed[cpu] = (mixed[cpu] ^ value) * 0x9e3779b97f4a7c15ul + (mixed[cpu] >> 29);
}

// This vCPU's part of the interrupt controller, as gic_start does it for vCPU 0.
static void gic_start_cpu(uint64_t cpu)
{
    uint64_t frame = 0x080a0000 + 0x20000 * cpu;
    volatile uint32_t *redistributor = (volatile uint32_t *)frame, *sgi = (volatile uint32_t *)(frame + 0x10000);
    redistributor[0x14 / 4] &= ~2u;
    while (redistributor[0x14 / 4] & 4)
        ;
    sgi[0x80 / 4] = 0xffffffff;
    ((volatile uint8_t *)sgi)[0x400 + TIMER] = 0x80;
    ((volatile uint8_t *)sgi)[0x400 + PING] = 0x90;
    sgi[0x100 / 4] = 1u << TIMER | 1u << PING;
    __asm__ volatile("msr S3_0_C12_C12_5, %0\n isb" : : "r"(1ul));
    __asm__ volatile("msr S3_0_C4_C6_0, %0" : : "r"(0xfful));
    __asm__ volatile("msr S3_0_C12_C12_7, %0\n isb" : : "r"(1ul));
}

static void alarm_start(void)
{
    GICD(0x84) |= 1u << (ALARM - 32);
    ((volatile uint8_t *)0x08000400)[ALARM] = 0x80;
    *(volatile uint64_t *)(0x08006000 + 8 * ALARM) = 0; // vCPU 0
    GICD(0x104) = 1u << (ALARM - 32);
    RTC(0x04) = RTC(0x00) + 1;
    RTC(0x10) = 1;
}

static void ping(uint64_t cpu)
{
    __asm__ volatile("msr S3_0_C12_C11_5, %0\n isb" : : "r"((uint64_t)PING << 24 | 1ul << cpu)); // ICC_SGI1R_EL1
}

// Most often a few thousand instructions, sometimes a third of a second.
static uint64_t interval(uint64_t cpu)
{
    uint64_t length = 200 + (mixed[cpu] >> 7) % 3000;
    return (mixed[cpu] >> 3) % 32 == 0 ? length + 20000000 : length;
}

void handle_irq(struct frame *frame)
{
    uint64_t cpu = READ(mpidr_el1) & 1;
    uint32_t interrupt = gic_acknowledge();
    if (interrupt == TIMER) {
        ticks[cpu]++;
        timer_start(interval(cpu));
    } else if (interrupt == PING) {
        pings[cpu]++;
    } else if (interrupt == ALARM) {
        alarms++;
        RTC(0x1c) = 1;
        RTC(0x04) = RTC(0x00) + 1;
    }
    mix(cpu, interrupt ^ frame->elr ^ READ(cntvct_el0));
    gic_end(interrupt);
}

// Places for breakpoints: a WFI, a YIELD, and one in each round.
__attribute__((noinline)) void wait(void) { __asm__ volatile(".global at_wfi\nat_wfi: wfi" : : : "memory"); }
__attribute__((noinline)) void hand_over(void) { __asm__ volatile(".global at_yield\nat_yield: yield" : : : "memory"); }
__attribute__((noinline)) void end_round(uint64_t cpu) { rounds[cpu]++; }

static void lock(void)
{
    uint64_t value, fails;
    for (;;) {
        __asm__ volatile("ldaxr %0, [%2]\n stxr %w1, %3, [%2]"
                         : "=&r"(value), "=&r"(fails) : "r"(&is_locked), "r"(1ul) : "memory");
        if (!value && !(uint32_t)fails)
            return;
        hand_over();
    }
}

static void unlock(void) { __asm__ volatile("stlr xzr, [%0]" : : "r"(&is_locked) : "memory"); }

static void pause_for(uint64_t count)
{
    __asm__ volatile("1: subs %0, %0, #1\n b.hi 1b" : "+r"(count) : : "cc");
}

static _Noreturn void work(uint64_t cpu)
{
    timer_start(interval(cpu));
    __asm__ volatile("msr daifclr, #2");
    for (uint64_t round = 1;; round++) {
        lock();
        shared = shared * 0x5851f42d4c957f2dul + READ(cntvct_el0) + cpu;
        pause_for(shared >> 40 & 255);
        unlock();
        mix(cpu, shared ^ READ(cntvct_el0) ^ (uint64_t)RTC(0) << 32);
        pause_for(mixed[cpu] >> 13 & 1023);
        if (round % 3 == 0 && cpu_count == 2)
            ping(1 - cpu);
        if (round % 8 == 0)
            UART_DATA = 'a' + (mixed[cpu] >> 11) % 26;
        if (round % 5 == 0)
            wait();
        if (round % 4 == 0)
            mix(cpu, psci(0x84000000, 0, 0, 0)); // PSCI_VERSION
        end_round(cpu);
    }
}

void secondary_main(void)
{
    gic_start_cpu(1);
    work(1);
}

// Sleeps to just before the end of the first second, and watches the real-time clock in its own time.
static void watch_clock(void)
{
    const uint64_t second = READ(cntfrq_el0);
    uint32_t start = RTC(0), last = 0;
    WRITE(cntv_cval_el0, second - 1000);
    WRITE(cntv_ctl_el0, 1);
    wait();
    timer_stop();
    for (int i = 0; i < 400; i++) {
        uint64_t before = READ(cntvct_el0);
        uint32_t now = RTC(0) - start;
        uint64_t after = READ(cntvct_el0);
        if (now < before / second || now > after / second)
            rtc_errors++;
        rtc_changes += now - last;
        last = now;
    }
}

__attribute__((noinline)) void clock_watched(void) { __asm__ volatile(""); }

// Sleeps to just before the alarm, and then runs without looking at the clock: the alarm rings when devices are polled.
static void wait_for_alarm(void)
{
    WRITE(cntv_cval_el0, 2 * READ(cntfrq_el0) - 1000);
    WRITE(cntv_ctl_el0, 1);
    wait();
    timer_stop();
    __asm__ volatile("msr daifclr, #2");
    pause_for(700000);
    __asm__ volatile("msr daifset, #2");
}

int main(void)
{
    gic_start();
    gic_start_cpu(0);
    watch_clock();
    clock_watched();
    alarm_start();
    wait_for_alarm();
    if (cpu_on(1) == 0)
        cpu_count = 2;
    work(0);
}
