// EL0 code that calls EL1 over and over.
#include "runtime.h"
const u64 repetitions = 12;
static u8 stack[4096] __attribute__((aligned(16)));
static volatile u64 result;

static void loop(u64 start) {
    u64 sum = start;
    for (u32 i = 0; i < 150000; i++) {
        register u64 x0 __asm__("x0") = sum;
        __asm__ volatile("svc #0" : "+r"(x0)::"memory");
        sum = x0 * 3 ^ i;
        for (u32 k = 0; k < 20; k++) sum = sum * 5 + k;
    }
    result = sum;
}

u64 work(u64 repetition) {
    run_at_el0(loop, repetition, stack + sizeof stack);
    return result;
}
