// A row of additions in a loop, and a function to call while the ELF file's entry point cannot be executed.
#include "guest.h"

#define ROUNDS 1000

uint64_t row(uint64_t value);
void _start(void);

// How the page of the entry point is mapped; a debugger may write it before the guest begins.
volatile uint64_t entry_mapping = EXECUTE_NEVER;
volatile uint64_t round, total, calls, exceptions;

void handle_sync(struct frame *frame)
{
    exceptions++;
    print("stops: unexpected exception, esr ");
    print_hex(frame->esr);
    print(" elr ");
    print_hex(frame->elr);
    print("\n");
    power_off();
}

// Only a debugger calls it.
__attribute__((noinline, used)) int twice(int value)
{
    calls++;
    return 2 * value;
}

int main(void)
{
    print("stops: begin\n");
    mmu_start();
    mmu_protect((uint64_t)_start, entry_mapping);
    for (round = 0; round < ROUNDS; round++)
        total += row(0);
    print("stops: total ");
    print_number(total);
    print(" calls ");
    print_number(calls);
    print(" exceptions ");
    print_number(exceptions);
    print("\n");
    // The code that called this function may no longer be executable.
    power_off();
}
