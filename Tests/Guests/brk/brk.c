// A guest with BRKs of its own, which its own vector handles, a debugger's breakpoints set or not.
#include "guest.h"

uint64_t trap(uint64_t value);

volatile uint64_t breaks, failures, rounds;
volatile uint64_t last_esr, last_elr, last_spsr;

void handle_sync(struct frame *frame)
{
    if (frame->esr >> 26 != 0x3c) {
        print("brk: not a BRK\n");
        power_off();
    }
    breaks++; // @guest-handler
    last_esr = frame->esr;
    last_elr = frame->elr;
    last_spsr = frame->spsr;
    // BRK's return address is its own; PSTATE was EL1h, everything masked.
    if ((frame->spsr & 0x3ff) != 0x3c5 || (*(uint32_t *)frame->elr & 0xffe0001f) != 0xd4200000)
        failures++;
    if ((frame->esr & 0xffff) != (*(uint32_t *)frame->elr >> 5 & 0xffff))
        failures++;
    frame->elr += 4;
}

__attribute__((noinline)) void turn(void)
{
    rounds++; // @turn
    if (trap(rounds) != 0x60000000)
        failures++;
}

int main(void)
{
    print("brk: begin\n");
    for (int i = 0; i < 20; i++)
        turn();
    print("brk: breaks ");
    print_number(breaks);
    print(" failures ");
    print_number(failures);
    print("\n");
    return 0;
}
