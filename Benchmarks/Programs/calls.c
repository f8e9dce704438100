// Calls, returns and indirect branches: a recursion and a small interpreter with handlers in a table.
#include "runtime.h"
const u64 repetitions = 12;

__attribute__((noinline)) static u64 fibonacci(u64 n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

struct machine { u64 a, b, pc; };
static void op_add(struct machine *m) { m->a += m->b; }
static void op_xor(struct machine *m) { m->b ^= m->a >> 3; }
static void op_swap(struct machine *m) { u64 t = m->a; m->a = m->b; m->b = t; }
static void op_multiply(struct machine *m) { m->a = m->a * 25 + 3; }
static void op_skip(struct machine *m) { m->pc += m->a & 1; }
static void (*const volatile handlers[8])(struct machine *) = {
    op_add, op_xor, op_swap, op_multiply, op_skip, op_add, op_multiply, op_xor,
};

u64 work(u64 repetition) {
    u64 sum = fibonacci(26);
    struct machine m = {repetition, 7, 0};
    static u8 code[256];
    for (u32 i = 0; i < 256; i++) code[i] = (i * 13 + 5) >> 2 & 7;
    for (u32 i = 0; i < 1500000; i++) handlers[code[m.pc++ & 255]](&m);
    return sum + m.a * 3 + m.b;
}
