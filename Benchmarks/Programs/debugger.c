// What a debugger is timed on: memory that doesn't compress, a place passed very often, a line that takes long.
#include "runtime.h"

const u64 repetitions = 0;
volatile u64 visits;
volatile u64 laps;
u64 noise[2 << 20];

__attribute__((noinline)) void ready(void) { __asm__ volatile("nop"); }

__attribute__((noinline)) void visit(u64 number) {
    visits = number;
}

// 3,000 iterations of four instructions, in one line of one piece.
__attribute__((noinline)) void spin(u64 left) {
    __asm__ volatile("spin_line: subs %0, %0, #1\n eor x9, x9, %0\n nop\n b.ne spin_line" : "+r"(left) : : "x9", "cc");
    laps = laps + 1;
}

u64 work(u64 repetition) {
    u64 state = 0x9e3779b97f4a7c15;
    for (u64 i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        noise[i] = state;
    }
    ready();
    for (u64 number = 1;; number++) {
        visit(number);
        if (number % 1000 == 0) spin(3000);
    }
}
