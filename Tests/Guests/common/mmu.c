#include "guest.h"

// VMSAv8-64, 4 KB granule, 48-bit addresses (Arm ARM, DDI 0487, D8). Descriptor bits by their names there.
#define TABLE 3ul
#define BLOCK 1ul
#define PAGE 3ul
#define AF (1ul << 10)
#define INNER_SHAREABLE (3ul << 8)
#define NORMAL (0ul << 2)
#define DEVICE (1ul << 2)
#define EL0_ACCESS (1ul << 6)
#define NOT_GLOBAL (1ul << 11)
#define PXN (1ul << 53)
#define UXN (1ul << 54)

typedef uint64_t table[512] __attribute__((aligned(4096)));

// RAM's first 2 MB are pages, the rest blocks; both tables of level 0 for the lower half share them.
static table low0[2], low1[2], user2[2], user3[2];
static table high0, high1, ram2, ram3;

void mmu_start(void)
{
    for (uint64_t i = 0; i < 512; i++) {
        ram3[i] = (0x40000000 + i * 4096) | PAGE | AF | INNER_SHAREABLE | NORMAL | UXN;
        ram2[i] = (0x40000000 + i * 0x200000) | BLOCK | AF | INNER_SHAREABLE | NORMAL | UXN;
    }
    ram2[0] = (uint64_t)ram3 | TABLE;
    for (int i = 0; i < 2; i++) {
        low0[i][0] = (uint64_t)low1[i] | TABLE;
        low1[i][0] = 0 | BLOCK | AF | DEVICE | UXN | PXN;
        low1[i][1] = (uint64_t)ram2 | TABLE;
        low1[i][2] = (uint64_t)user2[i] | TABLE;
        user2[i][0] = (uint64_t)user3[i] | TABLE;
    }
    high0[0] = (uint64_t)high1 | TABLE;
    high1[1] = (uint64_t)ram2 | TABLE;

    WRITE(mair_el1, 0x00ff); // attribute 0 normal write-back, 1 device
    // T0SZ = T1SZ = 16, both granules 4 KB, walks cacheable and shareable, 40-bit output.
    WRITE(tcr_el1, 16ul | 16ul << 16 | 0x3500ul | 0x35000000ul | 2ul << 30 | 2ul << 32);
    WRITE(ttbr0_el1, (uint64_t)low0[0]);
    WRITE(ttbr1_el1, (uint64_t)high0);
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
    WRITE(sctlr_el1, READ(sctlr_el1) | 1 | 1 << 2 | 1 << 12);
    BARRIER();
}

void mmu_protect(uint64_t address, enum mapping mapping)
{
    uint64_t *page = &ram3[address >> 12 & 511];
    if (mapping == EXECUTE_NEVER)
        *page |= PXN | UXN;
    else if (mapping == UNMAPPED)
        *page = 0;
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

void mmu_map_user(int which, uint64_t address, uint64_t physical)
{
    user3[which][address >> 12 & 511] =
        physical | PAGE | AF | INNER_SHAREABLE | NORMAL | EL0_ACCESS | NOT_GLOBAL | PXN;
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

void mmu_map_code(int which, uint64_t address, uint64_t physical)
{
    user3[which][address >> 12 & 511] = physical | PAGE | AF | INNER_SHAREABLE | NORMAL | NOT_GLOBAL | UXN;
    __asm__ volatile("dsb sy\n tlbi vmalle1\n dsb sy\n isb" : : : "memory");
}

void mmu_use(int which, uint64_t asid)
{
    WRITE(ttbr0_el1, (uint64_t)low0[which] | asid << 48);
    __asm__ volatile("isb" : : : "memory");
}
