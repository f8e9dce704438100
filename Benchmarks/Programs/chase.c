// Follows a random list of 64 KiB.
#include "runtime.h"
const u64 repetitions = 12;
enum { count = 4096 };
struct node { struct node *next; u64 value; };
static struct node nodes[count];
static u32 order[count];

u64 work(u64 repetition) {
    u32 x = 99 + repetition;
    for (u32 i = 0; i < count; i++) order[i] = i;
    for (u32 i = count - 1; i > 0; i--) {
        x = x * 1664525 + 1013904223;
        u32 j = (x >> 8) % (i + 1), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (u32 i = 0; i < count; i++) {
        nodes[order[i]].next = &nodes[order[(i + 1) % count]];
        nodes[order[i]].value = i * repetition;
    }
    u64 sum = 0;
    struct node *p = nodes;
    for (u64 i = 0; i < 10000000; i++) {
        sum += p->value;
        p = p->next;
    }
    return sum;
}
