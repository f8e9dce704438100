// What every benchmark program shares: its own page tables, a serial port, markers around the timed part.
#pragma once
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;

// One repetition's work; the sum of what it gives is printed, so that two engines can be compared.
u64 work(u64 repetition);
extern const u64 repetitions;

// A page that may be written and executed at EL1.
#define CODE_PAGE 0x41fff000ul

void run_at_el0(void (*function)(u64), u64 argument, void *stack);
// Turns vCPU 1 on: it calls secondary_main, with the MMU on as vCPU 0 has it.
void start_secondary(void);
void secondary_main(void);
void *memcpy(void *to, const void *from, u64 count);
void *memset(void *to, int value, u64 count);
