// A loop of YIELDs with nothing else to run.
#include "runtime.h"
const u64 repetitions = 60;

u64 work(u64 repetition) {
    for (u32 i = 0; i < 1000000; i++) __asm__ volatile("yield");
    return repetition;
}
