// brk N: executes N BRK instructions and counts the SIGTRAPs it gets for them at the right address.
// brk: executes one without a handler, and ends by it.
#include "freestanding.h"

struct action {
    void (*handler)(int, void *, void *);
    word flags;
    void (*restorer)(void);
    word mask;
};

static volatile word traps, wrong;
extern char the_brk[];

// The offsets are those of siginfo_t.si_addr and ucontext_t.uc_mcontext.pc in the kernel's arm64 ABI.
static void on_trap(int signal, void *info, void *context) {
    word address = *(word *)((char *)info + 16);
    word *pc = (word *)((char *)context + 176 + 8 + 31 * 8 + 8);
    if (signal != 5 || address != (word)the_brk || *pc != (word)the_brk) wrong++;
    traps++;
    *pc += 4;
}

int main(word count, char **arguments) {
    word rounds = argument(count, arguments, 1);
    if (count > 1) {
        struct action action = {on_trap, 4 /* SA_SIGINFO */, 0, 0};
        syscall(SYS_rt_sigaction, 5, (word)&action, 0, 8);
    }
    for (word round = 0; round < rounds; round++) asm volatile(".globl the_brk\nthe_brk: brk #0x123" ::: "memory");
    print("brk: ");
    print_number(traps);
    print(" of ");
    print_number(rounds);
    print(wrong ? " traps, some wrong\n" : " traps\n");
    return wrong || traps != rounds;
}
