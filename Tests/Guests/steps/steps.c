// A periodic timer interrupt fires while a debugger steps; the guest checks that it can't tell.
#include "guest.h"

#define VIEWS 11

void steps_body(uint64_t *results);
void steps_wait(void);

volatile uint64_t interrupts, failures, period;
volatile uint64_t shared;
volatile uint64_t handler_daif, handler_spsr, handler_esr;
uint64_t results[VIEWS + 1];
static const uint64_t expected[VIEWS] = {
    0x340, 0x3c0, 0x340, 0x3c0, 0, 0x340, 0x340, 0x340, 0x3c0, 0x340, 0x340,
};

void handle_irq(struct frame *frame)
{
    uint32_t interrupt = gic_acknowledge();
    if (interrupt == 27) {
        interrupts++; // @interrupt
        timer_start(period);
    }
    if (interrupt < 1020)
        gic_end(interrupt);
    // An interrupt is only ever taken where the program had it open.
    if (frame->spsr & 0x80)
        failures++;
}

void handle_sync(struct frame *frame)
{
    handler_daif = READ(daif);
    handler_spsr = frame->spsr;
    handler_esr = frame->esr;
}

static void complain(const char *what, uint64_t number, uint64_t value)
{
    print("steps: wrong ");
    print(what);
    print(" ");
    print_number(number);
    print(": ");
    print_hex(value);
    print("\n");
    failures++;
}

__attribute__((noinline)) int work(int value) // @work
{
    int a = value + 1;
    int b = a * 3;
    for (int i = 0; i < 3; i++)
        b += i;
    a ^= b;
    return a + b; // @work-end
}

void check(void)
{
    for (int i = 0; i < VIEWS; i++)
        if (results[i] != expected[i])
            complain("daif", i, results[i]);
    if (results[VIEWS] > 100)
        complain("retries", 0, results[VIEWS]);
    if (handler_daif != 0x3c0)
        complain("handler daif", 0, handler_daif);
    if ((handler_spsr & 0x3cf) != 0x345)
        complain("handler spsr", 0, handler_spsr);
    if (handler_esr != 0x56000007)
        complain("handler esr", 0, handler_esr);
}

void wait_for_interrupts(uint64_t count)
{
    uint64_t until = interrupts + count;
    while (interrupts < until)
        ;
}

int main(void)
{
    period = READ(cntfrq_el0) / 2000;
    gic_start();
    timer_start(period);
    WRITE(daif, 0x340);
    wait_for_interrupts(3);
    print("steps: begin\n");
    for (int round = 0; round < 3; round++) {
        steps_body(results);
        check();
    }
    if (shared != 24)
        complain("shared", 0, shared);
    int sum = 0;
    for (int i = 0; i < 10; i++)
        sum += work(i); // @call-work
    steps_wait();
    wait_for_interrupts(5);
    if ((READ(daif) & 0x3c0) != 0x340)
        complain("final daif", 0, READ(daif));
    print("\nsteps: sum ");
    print_number(sum);
    print(" failures ");
    print_number(failures);
    print("\n");
    timer_stop();
    return 0;
}
