#include "guest.h"

// Two processors that run through the same function, each as often as it counts itself.
enum { ROUNDS = 40 };

volatile uint64_t calls[2], beats[2], finished[2];
extern uint8_t trampoline[], trampoline_end[];
extern struct { uint16_t limit; uint64_t base; } __attribute__((packed)) trampoline_gdt;
extern uint64_t trampoline_cr3;

void on_call(struct frame *frame) { (void)frame; }
void on_breakpoint(struct frame *frame) { (void)frame; }
void on_debug(struct frame *frame) { (void)frame; print("unexpected #DB\n"); }
void on_fault(struct frame *frame) { print_hex("unexpected #PF", frame->rip); power_off(); }

__attribute__((noinline)) void both(uint64_t cpu) {
    calls[cpu]++;  // @both
}

__attribute__((noinline)) void all_finished(void) { __asm__ volatile("" ::: "memory"); }

__attribute__((noinline)) void before_start(void) { __asm__ volatile("" ::: "memory"); }

// After the counted rounds, for ever.
static void beat(uint64_t cpu) {
    while (1) {
        beats[cpu]++;
        __asm__ volatile("pause");
    }
}

static void work(uint64_t cpu) {
    for (int round = 0; round < ROUNDS; round++) {
        both(cpu);
        for (volatile int pause = 0; pause < 2000; pause++) {}
    }
    finished[cpu] = 1;
}

void second_main(void) {
    work(1);
    beat(1);
}

static volatile uint32_t *const apic = (volatile uint32_t *)0xfee00000;

// The local APIC's interrupt command register (SDM volume 3A, 11.6.1).
static void send(uint32_t command) {
    apic[0x310 / 4] = 1u << 24;
    apic[0x300 / 4] = command;
    while (apic[0x300 / 4] & 1u << 12) {}
}

int main(void) {
    set_interrupts();
    __asm__ volatile("sgdt %0" : "=m"(trampoline_gdt));
    __asm__ volatile("mov %%cr3, %0" : "=r"(trampoline_cr3));
    volatile uint8_t *page = (volatile uint8_t *)0x50000;
    for (int index = 0; trampoline + index < trampoline_end; index++) page[index] = trampoline[index];
    before_start();
    // The local APIC is enabled (SVR); then come INIT, and SIPI with the page's number (SDM volume 3A, 9.4.4).
    apic[0xf0 / 4] = 0x1ff;
    send(0x4500);
    for (volatile int pause = 0; pause < 100000; pause++) {}
    send(0x4650);
    work(0);
    while (!finished[1]) __asm__ volatile("pause");
    all_finished();
    print("all finished\n");
    beat(0);
    return 0;
}
