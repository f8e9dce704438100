// NOP, YIELD, WFE and SEV; a debugger says which before the first instruction.
#include "guest.h"

enum { SPINNING = 1, PARKED, STORES, EVENTS, STREAM };
volatile uint64_t which = SPINNING;
volatile uint64_t how_many = 2000000;
static volatile uint64_t turn;
// How often a WFE of a parked vCPU has ended.
volatile uint64_t ends[2] = { 1, 1 };

__attribute__((noinline)) void after_nops(void) { __asm__ volatile(""); }
__attribute__((noinline)) void after_yields(void) { __asm__ volatile(""); }

static _Noreturn void spin(void)
{
    for (;;) {
        uint64_t count = how_many;
        __asm__ volatile("1: nop\n subs %0, %0, #1\n b.ne 1b" : "+r"(count) : : "cc");
        after_nops();
        count = how_many;
        __asm__ volatile("1: yield\n subs %0, %0, #1\n b.ne 1b" : "+r"(count) : : "cc");
        after_yields();
    }
}

static _Noreturn void park(uint64_t cpu)
{
    for (;;) {
        __asm__ volatile("wfe");
        ends[cpu]++;
    }
}

// Waits in WFE until the word has the parity; a plain store to what the exclusive load has marked is an event.
static void wait_for_store(uint64_t parity)
{
    uint64_t value;
    __asm__ volatile("sevl\n"
                     "1: wfe\n ldaxr %0, [%1]\n and %0, %0, #1\n cmp %0, %2\n b.ne 1b\n clrex"
                     : "=&r"(value) : "r"(&turn), "r"(parity) : "cc", "memory");
}

static void wait_for_event(uint64_t parity)
{
    while ((turn & 1) != parity)
        __asm__ volatile("wfe" : : : "memory");
}

static void hand_over(uint64_t cpu)
{
    for (uint64_t round = 0; round < 2000; round++) {
        if (which == STORES)
            wait_for_store(cpu);
        else
            wait_for_event(cpu);
        turn = turn + 1;
        if (which == EVENTS)
            __asm__ volatile("dsb ish\n sev" : : : "memory");
    }
}

void secondary_main(void)
{
    if (which == PARKED)
        park(1);
    hand_over(1);
    park(1);
}

// Events of the counter's bit 12, every 8192 ticks (CNTKCTL_EL1.EVNTEN, EVNTI).
static void stream(void)
{
    WRITE(cntkctl_el1, 1 << 2 | 12 << 4);
    BARRIER();
    __asm__ volatile("wfe\n wfe");
    uint64_t start = READ(cntvct_el0);
    for (int i = 0; i < 100; i++)
        __asm__ volatile("wfe");
    print("waits: ticks ");
    print_number(READ(cntvct_el0) - start);
    print("\n");
}

int main(void)
{
    if (which == SPINNING)
        spin();
    if (which == STREAM) {
        stream();
        return 0;
    }
    cpu_on(1);
    if (which == PARKED) {
        print("waits: parked\n");
        park(0);
    }
    uint64_t start = READ(cntvct_el0);
    hand_over(0);
    while (turn != 4000)
        ;
    print("waits: ticks ");
    print_number(READ(cntvct_el0) - start);
    print("\n");
    return 0;
}
