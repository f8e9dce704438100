// Rewrites its own code without end, and passes a mark each time it has done so `how_many` times.
#include "guest.h"

volatile uint64_t how_many = 2000;

void rewrite(uint64_t count);

__attribute__((noinline)) void rewritten_so_often(void) { __asm__ volatile(""); }

int main(void)
{
    for (;;) {
        rewrite(how_many);
        rewritten_so_often();
    }
}
