// Hashing, division, bit counting and data-dependent branches.
#include "runtime.h"
const u64 repetitions = 12;
static u64 cells[1024];

u64 work(u64 repetition) {
    u64 h = 0xcbf29ce484222325 + repetition;
    for (u32 i = 0; i < 1800000; i++) {
        h ^= i;
        h *= 0x100000001b3;
        h ^= h >> 29;
        u64 *cell = &cells[h & 1023];
        if (h & 0x100000) *cell += h / (i % 61 + 3);
        else if (h & 0x200000) *cell ^= (u64)__builtin_clzll(h | 1) << (i & 31);
        else *cell -= (long)h >> 7;
        h += *cell & 0xff;
        h = h << 13 | h >> 51;
    }
    return h;
}
