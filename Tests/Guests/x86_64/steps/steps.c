#include "guest.h"

// What the handlers saw, behind what the body did.
volatile uint64_t results[64], seen[64];
static int seen_count;
extern uint64_t scratch[2];
extern void steps_body(volatile uint64_t *results), syscall_entry(void);

static uint64_t rflags(void) {
    uint64_t value;
    __asm__ volatile("pushfq; popq %0" : "=r"(value));
    return value;
}

static void note(struct frame *frame) {
    seen[seen_count++] = frame->rflags;
    seen[seen_count++] = rflags();
}

void on_call(struct frame *frame) { note(frame); }
void on_breakpoint(struct frame *frame) { note(frame); }
void on_debug(struct frame *frame) {
    note(frame);
    print("unexpected #DB\n");
}

void on_fault(struct frame *frame) {
    note(frame);
    // Nobody saves R15, which is what makes the access right: the compiler is not told of it.
    __asm__ volatile("lea scratch(%rip), %r15");
}

static void write_msr(uint32_t index, uint64_t value) {
    __asm__ volatile("wrmsr" : : "c"(index), "a"((uint32_t)value), "d"((uint32_t)(value >> 32)));
}

int main(void) {
    set_interrupts();
    // IA32_EFER with SCE; IA32_STAR: SYSCALL loads CS 0x10 and SS 0x18; IA32_LSTAR; IA32_FMASK: TF and IF.
    write_msr(0xc0000080, 0x501);
    write_msr(0xc0000081, 0x10ull << 32);
    write_msr(0xc0000082, (uint64_t)syscall_entry);
    write_msr(0xc0000084, 0x300);
    // Nothing is mapped above 4 GiB.
    __asm__ volatile("mov %0, %%r15" : : "r"(1ull << 40) : "r15");
    __asm__ volatile("sti");
    steps_body(results);
    __asm__ volatile("cli");
    for (int index = 0; index < 24; index++) print_hex("result", results[index]);
    for (int index = 0; index < 8; index++) print_hex("seen", seen[index]);
    print("done\n");
    power_off();
    return 0;
}
