// int3 N: executes N INT3 instructions and counts the SIGTRAPs it gets for them, each right behind the instruction.
// int3: executes one without a handler, and ends by it.
#include "freestanding.h"

struct action {
    void (*handler)(int, void *, void *);
    word flags;
    void (*restorer)(void);
    word mask;
};

static volatile word traps, wrong;
extern char behind_int3[];

// The offset is that of ucontext_t.uc_mcontext.gregs[REG_RIP] in the kernel's x86-64 ABI.
static void on_trap(int signal, void *info, void *context) {
    (void)info;
    word pc = *(word *)((char *)context + 40 + 16 * 8);
    if (signal != 5 || pc != (word)behind_int3) wrong++;
    traps++;
}

// A handler returns through this: SYS_rt_sigreturn.
void restore(void);
asm("restore:\n mov $15, %eax\n syscall\n");

int main(word count, char **arguments) {
    word rounds = argument(count, arguments, 1);
    if (count > 1) {
        struct action action = {on_trap, 4 | 0x04000000 /* SA_SIGINFO, SA_RESTORER */, restore, 0};
        syscall(SYS_rt_sigaction, 5, (word)&action, 0, 8);
    }
    for (word round = 0; round < rounds; round++) asm volatile("int3\nbehind_int3:" ::: "memory");
    print("int3: ");
    print_number(traps);
    print(" of ");
    print_number(rounds);
    print(wrong ? " traps, some wrong\n" : " traps\n");
    return wrong || traps != rounds;
}
