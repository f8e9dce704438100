#include "guest.h"

// A program that goes on for ever, driven by the timer.
volatile uint64_t beats, own_breakpoints;
volatile struct { uint32_t low, high; } watched;

void on_call(struct frame *frame) { (void)frame; }
void on_breakpoint(struct frame *frame) { (void)frame; own_breakpoints++; }
void on_debug(struct frame *frame) { (void)frame; print("unexpected #DB\n"); }
void on_fault(struct frame *frame) { print_hex("unexpected #PF", frame->rip); power_off(); }

__attribute__((noinline)) uint64_t hot(uint64_t number) {
    return number * 2 + 1;  // @hot
}

__attribute__((noinline)) void touch(uint64_t number) {
    watched.high = (uint32_t)number;  // @touch
}

int main(void) {
    set_interrupts();
    print("forever\n");
    while (1) {
        uint64_t before = ticks;
        __asm__ volatile("sti; hlt; cli");
        if (ticks != before) beats++;
        hot(beats);
        touch(beats);
        __asm__ volatile("int3");
        if (beats % 20 == 0) print_hex("beat", beats);
    }
}
