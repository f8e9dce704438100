#include "guest.h"

volatile uint64_t ticks;

void print(const char *text) {
    while (*text) out8(0x3f8, (uint8_t)*text++);
}

void print_hex(const char *name, uint64_t value) {
    char line[64];
    int length = 0;
    while (*name) line[length++] = *name++;
    line[length++] = ' ';
    for (int shift = 60; shift >= 0; shift -= 4) line[length++] = "0123456789abcdef"[value >> shift & 15];
    line[length++] = '\n';
    line[length] = 0;
    print(line);
}

void power_off(void) { __asm__ volatile("outw %0, %1" : : "a"((uint16_t)(5 << 10 | 1 << 13)), "Nd"((uint16_t)0x604)); }

static struct { uint16_t low, selector, flags, middle; uint32_t high, zero; } gates[256];

static void set_gate(int vector, void (*handler)(void), int type) {
    uint64_t address = (uint64_t)handler;
    gates[vector].low = (uint16_t)address;
    gates[vector].selector = 0x10;
    gates[vector].flags = (uint16_t)(type << 8);
    gates[vector].middle = (uint16_t)(address >> 16);
    gates[vector].high = (uint32_t)(address >> 32);
}

void breakpoint_entry(void), debug_entry(void), fault_entry(void), call_entry(void), timer_entry(void);

void set_interrupts(void) {
    struct { uint16_t limit; uint64_t base; } __attribute__((packed)) table = { sizeof gates - 1, (uint64_t)gates };
    set_gate(1, debug_entry, 0x8e);
    set_gate(3, breakpoint_entry, 0x8e);
    set_gate(14, fault_entry, 0x8e);
    set_gate(0x80, call_entry, 0x8f);
    set_gate(0x20, timer_entry, 0x8e);
    __asm__ volatile("lidt %0" : : "m"(table));
    // Both 8259s: vectors from 0x20, all lines but the timer's masked (Intel, 8259A, ICW1 to ICW4).
    out8(0x20, 0x11), out8(0x21, 0x20), out8(0x21, 4), out8(0x21, 1), out8(0x21, 0xfe);
    out8(0xa0, 0x11), out8(0xa1, 0x28), out8(0xa1, 2), out8(0xa1, 1), out8(0xa1, 0xff);
    // Counter 0 of the 8254: mode 2, 11932 of 1193182 Hz.
    out8(0x43, 0x34), out8(0x40, 11932 & 0xff), out8(0x40, 11932 >> 8);
}

void on_timer(struct frame *frame) {
    (void)frame;
    ticks++;
    out8(0x20, 0x20);
}
