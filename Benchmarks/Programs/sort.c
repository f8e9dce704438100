// Quicksort with a comparison through a function pointer.
#include "runtime.h"
const u64 repetitions = 12;
enum { count = 60000 };
static u32 values[count];

static int compare(const void *a, const void *b) {
    u32 x = *(const u32 *)a, y = *(const u32 *)b;
    return x < y ? -1 : x > y;
}

static void sort(u32 *low, u32 *high, int (*order)(const void *, const void *)) {
    while (low < high) {
        u32 pivot = low[(high - low) / 2];
        u32 *i = low, *j = high;
        while (i <= j) {
            while (order(i, &pivot) < 0) i++;
            while (order(j, &pivot) > 0) j--;
            if (i <= j) {
                u32 t = *i;
                *i++ = *j;
                *j-- = t;
            }
        }
        if (j - low < high - i) {
            sort(low, j, order);
            low = i;
        } else {
            sort(i, high, order);
            high = j;
        }
    }
}

u64 work(u64 repetition) {
    int (*volatile order)(const void *, const void *) = compare;
    u64 sum = 0;
    for (int round = 0; round < 3; round++) {
        u32 x = 12345 + repetition;
        for (u32 i = 0; i < count; i++) values[i] = x = x * 1664525 + 1013904223;
        sort(values, values + count - 1, order);
        for (u32 i = 0; i < count; i += 97) sum = sum * 33 + values[i];
    }
    return sum;
}
