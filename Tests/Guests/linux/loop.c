// loop N: calls `tick` N times, a hundredth of a second apart, and says how often it was called.
#include "freestanding.h"

volatile word ticks;

__attribute__((noinline)) void tick(word number) {
    ticks = number;
    asm volatile("" ::: "memory");
}

int main(word count, char **arguments) {
    word rounds = argument(count, arguments, 1000000);
    word pause[2] = {0, 10000000};
    for (word round = 1; round <= rounds; round++) {
        tick(round);
        syscall(SYS_nanosleep, (word)pause, 0, 0, 0);
    }
    print("loop: ");
    print_number(ticks);
    print(" ticks\n");
    return 0;
}
