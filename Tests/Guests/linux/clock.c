// clock N: makes N system calls and checks that neither CLOCK_MONOTONIC nor the processor's counter ever goes back.
// clock N C: on each of C CPUs in turn.
#include "freestanding.h"

static word now(void) {
    word time[2] = {0, 0};
    syscall(SYS_clock_gettime, 1 /* CLOCK_MONOTONIC */, (word)time, 0, 0);
    return time[0] * 1000000000 + time[1];
}

static word counter(void) {
#if defined(__aarch64__)
    word value;
    asm volatile("isb\n mrs %0, cntvct_el0" : "=r"(value)::"memory");
    return value;
#else
    unsigned low, high;
    asm volatile("lfence\n rdtsc" : "=a"(low), "=d"(high)::"memory");
    return (word)high << 32 | low;
#endif
}

__attribute__((noinline)) word one_call(void) {
    return syscall(SYS_getppid, 0, 0, 0, 0);
}

int main(word count, char **arguments) {
    word rounds = argument(count, arguments, 1000);
    word cpus = argument(count > 1 ? count - 1 : 1, arguments + 1, 0);
    word begin = now(), last = begin, last_count = counter(), backwards = 0;
    for (word round = 0; round < rounds; round++) {
        one_call();
        if (cpus) {
            word mask = 1ul << round % cpus;
            syscall(SYS_sched_setaffinity, 0, sizeof mask, (word)&mask, 0);
        }
        word time = now(), ticks = counter();
        if (time < last || ticks < last_count) backwards++;
        last = time;
        last_count = ticks;
    }
    print("clock: ");
    print_number(rounds);
    print(" rounds, ");
    print_number(backwards);
    print(" backwards, ");
    print_number((last - begin) / 1000);
    print(" us\n");
    return backwards != 0;
}
