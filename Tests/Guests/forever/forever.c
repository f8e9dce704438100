// Never ends and says so: what Ctrl-C, detach and a killed debugger are tried on.
#include "guest.h"

volatile uint64_t beats;

__attribute__((noinline)) void hot(void)
{
    beats++; // @hot
}

int main(void)
{
    print("forever: begin\n");
    for (uint64_t tick = 1;; tick++) {
        for (int i = 0; i < 50000; i++)
            hot();
        print("tick ");
        print_number(tick);
        print("\n");
    }
}
