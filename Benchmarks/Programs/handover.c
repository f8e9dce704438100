// Two vCPUs that take a counter on by turns, and YIELD while it is the other one's turn.
#include "runtime.h"
const u64 repetitions = 20;
enum { hand_overs = 100000 };

static volatile u64 turn, wanted, is_started;

static void count(u64 parity) {
    while (turn < wanted) {
        if ((turn & 1) == parity) turn = turn + 1;
        __asm__ volatile("yield");
    }
}

// Never comes back: it waits for more to do.
void secondary_main(void) {
    for (;;) {
        count(1);
        __asm__ volatile("yield");
    }
}

u64 work(u64 repetition) {
    if (!is_started) {
        is_started = 1;
        start_secondary();
    }
    wanted = wanted + hand_overs;
    count(0);
    while (turn < wanted) __asm__ volatile("yield");
    return turn + repetition;
}
