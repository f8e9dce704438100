#pragma once
#include <stdint.h>

struct frame { uint64_t rip, cs, rflags, rsp, ss; };

static inline void out8(uint16_t port, uint8_t value) { __asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port)); }
static inline uint8_t in8(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}

void print(const char *text);
void print_hex(const char *name, uint64_t value);
// Sets the vectors that start.S has entries for, and the timer to 100 interrupts a second; IF stays clear.
void set_interrupts(void);
void power_off(void);

extern volatile uint64_t ticks;
