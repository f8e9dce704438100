// What all guests share: the console, PSCI, exceptions, the interrupt controller and translation.
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>
#include <stdint.h>

// What a vector saves before it calls a handler; a handler may change what the exception returns to.
struct frame {
    uint64_t x[18];         // x0 to x17
    uint64_t x18, x29, x30;
    uint64_t elr, spsr, esr;
    uint64_t unused[2];
};

void handle_sync(struct frame *frame);
void handle_irq(struct frame *frame);

void print(const char *text);
void print_number(uint64_t value);
void print_hex(uint64_t value);
_Noreturn void power_off(void);
int64_t psci(uint64_t function, uint64_t x1, uint64_t x2, uint64_t x3);
int64_t cpu_on(uint64_t mpidr);
void secondary_start(void);
void secondary_main(void);

// GICv3, this vCPU's part of it, with the virtual timer's interrupt (PPI 27) enabled.
void gic_start(void);
void timer_start(uint64_t ticks);
void timer_stop(void);
uint32_t gic_acknowledge(void);
void gic_end(uint32_t interrupt);

// Translation with 4 KB pages: RAM and devices identity mapped through TTBR0, RAM again at HIGH through TTBR1.
#define HIGH 0xffff000000000000ul
void mmu_start(void);
// Changes the mapping of one page in RAM's first 2 MiB, at both its addresses.
enum mapping { EXECUTABLE, EXECUTE_NEVER, UNMAPPED };
void mmu_protect(uint64_t address, enum mapping mapping);
// Maps one page of `table`'s own at `address`, which lies in the 2 MB at USER.
#define USER 0x80000000ul
void mmu_map_user(int table, uint64_t address, uint64_t physical);
// Maps one page of `table`'s own at `address` for code of EL1.
void mmu_map_code(int table, uint64_t address, uint64_t physical);
void mmu_use(int table, uint64_t asid);

#define READ(name) ({ uint64_t value_; __asm__ volatile("mrs %0, " #name : "=r"(value_)); value_; })
#define WRITE(name, value) __asm__ volatile("msr " #name ", %0" : : "r"((uint64_t)(value)) : "memory")
#define BARRIER() __asm__ volatile("dsb sy\n isb" : : : "memory")

#endif
