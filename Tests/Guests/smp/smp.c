// Two vCPUs: what breakpoints hit by both, info threads and scheduler-locking are tried on.
#include "guest.h"

// A debugger that wants more sets it before the second vCPU starts.
volatile uint64_t how_many = 40;
volatile uint64_t calls[2];
volatile uint64_t beats[2];
volatile uint64_t finished[2];
volatile uint64_t started;

__attribute__((noinline)) void both(uint64_t cpu)
{
    calls[cpu]++; // @both
}

__attribute__((noinline)) void rounds(uint64_t cpu)
{
    for (uint64_t i = 0; i < how_many; i++) {
        both(cpu);
        for (volatile int pause = 0; pause < 50; pause++)
            ;
    }
    finished[cpu] = 1;
}

__attribute__((noinline)) void beat(uint64_t cpu)
{
    beats[cpu]++; // @beat
    beats[cpu]++;
    beats[cpu]++;
}

void secondary_main(void)
{
    started = 1;
    rounds(1);
    for (;;)
        beat(1);
}

void before_cpu_on(void) { }
void all_finished(void) { }

int main(void)
{
    print("smp: begin\n");
    before_cpu_on();
    if (cpu_on(1) != 0) {
        print("smp: no second cpu\n");
        return 0;
    }
    while (!started)
        ;
    rounds(0);
    while (!finished[1])
        ;
    print("smp: calls ");
    print_number(calls[0]);
    print(" ");
    print_number(calls[1]);
    print("\n");
    mmu_start(); // this vCPU's own: the other goes on without
    all_finished();
    for (;;)
        beat(0);
}
