// Self-modifying code: writes a function's first instruction, tells the caches and calls it, REPETITIONS times.
#include "runtime.h"
#ifndef REPETITIONS
#define REPETITIONS 1000
#endif
enum { in_one_work = 1000 };
const u64 repetitions = REPETITIONS / in_one_work;

u64 work(u64 repetition) {
    volatile u32 *code = (volatile u32 *)CODE_PAGE;
    u64 (*function)(void) = (u64 (*)(void))CODE_PAGE;
    u64 sum = 0;
    code[1] = 0xd65f03c0;  // ret
    for (u32 i = 0; i < in_one_work; i++) {
        code[0] = 0xd2800000 | (i & 0xff) << 5;  // mov x0, #i
        __asm__ volatile("dc cvau, %0; dsb ish; ic ivau, %0; dsb ish; isb" : : "r"(code) : "memory");
        sum = sum * 3 + function();
    }
    return sum + repetition;
}
