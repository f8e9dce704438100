#include "guest.h"

// A program that is its own debugger: it steps itself with TF and watches data with its debug registers.
static volatile uint64_t steps, watches;
volatile uint64_t datum;

void on_call(struct frame *frame) { (void)frame; }
void on_breakpoint(struct frame *frame) { print_hex("unexpected #BP", frame->rip); }
void on_fault(struct frame *frame) { print_hex("unexpected #PF", frame->rip); power_off(); }

void on_debug(struct frame *frame) {
    (void)frame;
    uint64_t dr6;
    __asm__ volatile("mov %%dr6, %0" : "=r"(dr6));
    if (dr6 & 1 << 14) steps++;
    if (dr6 & 1) watches++;
    __asm__ volatile("mov %0, %%dr6" : : "r"(0xffff0ff0ul));
}

__attribute__((noinline)) void stepped(void) {
    // TF is set by the first POPF and cleared by the second: its trap comes behind each instruction in between, the
    // second POPF included (SDM volume 3B, 18.3.1.4).
    __asm__ volatile(
        "pushfq; orq $0x100, (%%rsp); popfq\n"
        "nop; nop\n"
        "pushfq; andq $~0x100, (%%rsp); popfq" : : : "memory", "cc");
}

int main(void) {
    set_interrupts();
    stepped();
    // DR7: L0, writes of 8 bytes to what DR0 names.
    __asm__ volatile("mov %0, %%dr0" : : "r"(&datum));
    __asm__ volatile("mov %0, %%dr7" : : "r"(0x90001ul | 0x400));
    datum = 1;
    __asm__ volatile("mov %0, %%dr7" : : "r"(0x400ul));
    stepped();
    char text[] = "traps ? steps, ? watch\n";
    text[6] = (char)('0' + steps / 2);
    text[15] = (char)('0' + watches);
    print(text);
    power_off();
    return 0;
}
