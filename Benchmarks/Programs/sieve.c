// The sieve of Eratosthenes.
#include "runtime.h"
const u64 repetitions = 12;
enum { limit = 1000000 };
static u8 composite[limit];

u64 work(u64 repetition) {
    u64 sum = 0;
    for (int round = 0; round < 3; round++) {
        for (u32 i = 0; i < limit / 8; i++) ((volatile u64 *)composite)[i] = 0;
        for (u32 i = 2; i * i < limit; i++)
            if (!composite[i])
                for (u32 j = i * i; j < limit; j += i) composite[j] = 1;
        for (u32 i = 2; i < limit; i++) sum += composite[i] ? 0 : i ^ repetition;
    }
    return sum;
}
