#include "runtime.h"

enum { pages_mapped = 8192 };  // 32 MiB of 4 KiB pages from 0x40000000

u64 level1[512] __attribute__((aligned(4096)));
static u64 level2[512] __attribute__((aligned(4096)));
static u64 level3[pages_mapped] __attribute__((aligned(4096)));

// Attributes: AF, inner shareable, and for RAM accessible to EL0 too where it is not code that EL1 executes.
u64 mmu_tables(void) {
    level1[0] = 0x00000000 | 0x0060000000000401 | 1 << 2;
    level1[1] = (u64)level2 | 3;
    for (u64 i = 0; i < pages_mapped / 512; i++) level2[i] = (u64)(level3 + i * 512) | 3;
    for (u64 i = 0; i < pages_mapped; i++) {
        u64 address = 0x40000000 + i * 4096;
        // Code is read-only for both levels, so that both may execute it; the rest is writable for both.
        u64 is_code = address >= 0x40100000 && address < 0x40110000;
        level3[i] = address | 0x703 | (is_code ? 3 << 6 : 1 << 6 | 0x0060000000000000);
        // The last page is EL1's alone, to write code to and to execute it.
        if (address == CODE_PAGE) level3[i] = address | 0x703;
    }
    return (u64)level1;
}

static void put(char c) { *(volatile u32 *)0x09000000 = c; }

static void put_text(const char *text) {
    while (*text) put(*text++);
}

void *memcpy(void *to, const void *from, u64 count) {
    u8 *t = to;
    const u8 *f = from;
    if ((((u64)t | (u64)f) & 7) == 0) {
        for (; count >= 8; count -= 8, t += 8, f += 8) *(u64 *)t = *(const u64 *)f;
    }
    while (count--) *t++ = *f++;
    return to;
}

void *memset(void *to, int value, u64 count) {
    u8 *t = to;
    while (count--) *t++ = value;
    return to;
}

int main(void) {
    u64 sum = work(0);  // everything is touched and decoded once
    put_text("BEGIN\n");
    for (u64 i = 0; i < repetitions; i++) {
        // A kernel does this all the time; QEMU's TLB only grows when it is flushed.
        __asm__ volatile("dsb ish; tlbi vmalle1; dsb ish; isb" ::: "memory");
        sum = sum * 31 + work(i);
    }
    put_text("END ");
    for (int shift = 60; shift >= 0; shift -= 4) put("0123456789abcdef"[sum >> shift & 15]);
    put('\n');
    return 0;
}
