// A guest that debugs itself: a breakpoint, a watchpoint and single steps of its own, with a debugger outside or without.
#include "guest.h"

#define MDSCR_SS (1ul << 0)
#define MDSCR_KDE (1ul << 13)
#define MDSCR_MDE (1ul << 15)
// Enabled, for EL1, all bytes; a watchpoint for loads and stores.
#define BREAKPOINT 0x1e3ul
#define WATCHPOINT (0xfful << 5 | 3 << 3 | 1 << 1 | 1)

volatile uint64_t breakpoints, watchpoints, steps, others, steps_left;
volatile uint64_t watched, last_elr, last_far;

__attribute__((noinline)) void place(void)
{
    __asm__ volatile("nop"); // @place
}

__attribute__((noinline)) void marker(int round)
{
    __asm__ volatile("" : : "r"(round)); // @marker
}

void handle_sync(struct frame *frame)
{
    last_elr = frame->elr;
    switch (frame->esr >> 26) {
    case 0x31: // breakpoint, same level: off, or it would be met again
        breakpoints++;
        WRITE(dbgbcr0_el1, 0);
        break;
    case 0x35: // watchpoint, same level
        watchpoints++;
        last_far = READ(far_el1);
        WRITE(dbgwcr0_el1, 0);
        break;
    case 0x33: // software step, same level
        steps++;
        if (steps_left && --steps_left)
            frame->spsr |= 1 << 21;
        else
            WRITE(mdscr_el1, READ(mdscr_el1) & ~MDSCR_SS);
        break;
    case 0x3c: // BRK: the steps begin
        frame->elr += 4;
        frame->spsr |= 1 << 21;
        WRITE(mdscr_el1, READ(mdscr_el1) | MDSCR_SS);
        break;
    default:
        others++;
        frame->elr += 4;
    }
    BARRIER();
}

int main(void)
{
    print("selfdebug: begin\n");
    WRITE(oslar_el1, 0);
    WRITE(mdscr_el1, MDSCR_KDE | MDSCR_MDE);
    BARRIER();
    // Debug exceptions of EL1's own need PSTATE.D clear.
    __asm__ volatile("msr daifclr, #8");
    for (int round = 0; round < 3; round++) {
        WRITE(dbgbvr0_el1, (uint64_t)&place);
        WRITE(dbgbcr0_el1, BREAKPOINT);
        WRITE(dbgwvr0_el1, (uint64_t)&watched);
        WRITE(dbgwcr0_el1, WATCHPOINT);
        BARRIER();
        place();
        watched = round;
        steps_left = 5;
        __asm__ volatile("brk #7\n nop\n nop\n nop\n nop\n nop\n nop");
        marker(round);
    }
    print("selfdebug: breakpoints ");
    print_number(breakpoints);
    print(" watchpoints ");
    print_number(watchpoints);
    print(" steps ");
    print_number(steps);
    print(" others ");
    print_number(others);
    print(last_far == (uint64_t)&watched ? " far right\n" : " far wrong\n");
    return 0;
}
