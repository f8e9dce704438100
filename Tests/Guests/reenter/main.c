// Entries to a place from which no instruction can be fetched, each an execution of its own.
#include "guest.h"

#define ROUNDS 20

void enter(void);

volatile uint64_t entries;

void handle_sync(struct frame *frame)
{
    if ((frame->esr >> 26 & 0x3f) != 0x22) {
        print("reenter: unexpected exception\n");
        power_off();
    }
    if (++entries == ROUNDS) {
        print("reenter: done\n");
        power_off();
    }
    frame->elr = (uint64_t)enter;
}

int main(void)
{
    __asm__ volatile("mov x20, #0\n b enter" : : : "x20");
    return 0;
}
