// Copies, lengths, comparisons and searches of strings.
#include "runtime.h"
const u64 repetitions = 12;
static char a[65536], b[65536];

static u64 length(const char *s) {
    const char *p = s;
    while (*p) p++;
    return p - s;
}

static int compare(const char *s, const char *t) {
    while (*s && *s == *t) s++, t++;
    return (u8)*s - (u8)*t;
}

u64 work(u64 repetition) {
    u64 sum = 0;
    for (u32 i = 0; i < sizeof a - 1; i++) a[i] = 'a' + (i * 31 + repetition) % 26;
    a[sizeof a - 1] = 0;
    for (int round = 0; round < 50; round++) {
        a[(round * 977) % (sizeof a - 1)] = '0' + round % 10;
        memcpy(b, a, sizeof a);
        memcpy(b + 8, a + 16, sizeof a - 16);
        memcpy(b, a, sizeof a);
        sum += length(b) + compare(a, b);
        for (u32 i = 0; i < sizeof a; i += 64) sum = sum * 31 + *(u64 *)(b + i);
    }
    return sum;
}
