// Two processes at the same address under a kernel that isolates its tables: at EL0 TTBR1_EL1 maps a trampoline alone.
//
// The ASIDs are in TTBR1_EL1: even in the kernel, odd for the same process at EL0.
#include "guest.h"

#define ROUNDS 5
#define USER_ASID (1ul << 48)
#define TABLE 3ul
#define PAGE 3ul
#define AF (1ul << 10)
#define NOT_GLOBAL (1ul << 11)
#define INNER_SHAREABLE (3ul << 8)

typedef uint64_t table[512] __attribute__((aligned(4096)));

extern char user_code[], user_code_end[], user_tick[], trampoline_vectors[], leave_kernel[];
_Noreturn void enter_process(void);

// The trampoline finds the kernel's table one page above the one it has: the order matters.
struct { table trampoline, kernel; } top __attribute__((aligned(4096)));
static table trampoline1, trampoline2, trampoline3;
uint8_t pages[2][4096] __attribute__((aligned(4096)));

volatile uint64_t secret = 0x5ec4e7; // @secret
// What leave_kernel returns to.
uint64_t user_pc, user_pstate = 0;

struct process {
    uint64_t pc, ticks, left, calls;
} processes[2];
static int current;
// How often the processes tick before they call.
volatile uint64_t ticks_of_first = 1, ticks_of_second = 3;

static void choose(int which)
{
    current = which;
    mmu_use(which, 0);
    // The trampoline takes TTBR1_EL1 as it is, and changes the table and the lowest bit of the ASID.
    WRITE(ttbr1_el1, (uint64_t)top.kernel | (uint64_t)(2 * (which + 1)) << 48);
    BARRIER();
}

__attribute__((noinline)) void in_kernel(void) { secret++; }

_Noreturn static void end(void)
{
    print("processes: ticks ");
    print_number(processes[0].ticks);
    print(" ");
    print_number(processes[1].ticks);
    print(" calls ");
    print_number(processes[0].calls + processes[1].calls);
    print("\n");
    power_off();
}

// A system call: the other process goes on.
void handle_sync(struct frame *frame)
{
    if (frame->esr >> 26 != 0x15) {
        print("processes: unexpected exception, esr ");
        print_hex(frame->esr);
        print(" far ");
        print_hex(READ(far_el1));
        print("\n");
        power_off();
    }
    in_kernel();
    struct process *old = &processes[current];
    old->pc = frame->elr;
    old->ticks = frame->x[0];
    if (++old->calls == ROUNDS && current == 1)
        end();
    choose(!current);
    frame->x[0] = processes[current].ticks;
    frame->x[1] = processes[current].left;
    user_pc = processes[current].pc;
    // The trampoline out of the kernel is at EL1.
    frame->elr = (uint64_t)leave_kernel;
    frame->spsr = 0x3c5;
}

void before_processes(void) { }

int main(void)
{
    print("processes: begin\n");
    mmu_start();
    for (int i = 0; i < 2; i++) {
        for (uint64_t at = 0; at < (uint64_t)(user_code_end - user_code); at += 4)
            *(volatile uint32_t *)(pages[i] + at) = *(uint32_t *)(user_code + at);
        mmu_map_user(i, USER, (uint64_t)pages[i]);
        processes[i].pc = USER;
        processes[i].left = i ? ticks_of_second : ticks_of_first;
    }
    top.kernel[0] = *(uint64_t *)(READ(ttbr1_el1) & 0xfffffffff000);
    uint64_t vectors = (uint64_t)trampoline_vectors;
    top.trampoline[0] = (uint64_t)trampoline1 | TABLE;
    trampoline1[1] = (uint64_t)trampoline2 | TABLE;
    trampoline2[0] = (uint64_t)trampoline3 | TABLE;
    trampoline3[vectors >> 12 & 511] = vectors | PAGE | AF | INNER_SHAREABLE | NOT_GLOBAL;
    WRITE(tcr_el1, READ(tcr_el1) | 1ul << 22 | 1ul << 36); // A1 and AS: 16-bit ASIDs in TTBR1_EL1
    WRITE(vbar_el1, HIGH | vectors);
    choose(0);
    __asm__ volatile("tlbi vmalle1\n dsb sy\n isb" : : : "memory");
    before_processes();
    user_pc = USER;
    enter_process();
}
