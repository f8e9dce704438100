#include "guest.h"

// GICv3 of the machine `virt` (Arm IHI 0069): the distributor, and vCPU 0's redistributor with its SGI frame.
#define GICD(offset) (*(volatile uint32_t *)(0x08000000 + (offset)))
#define GICR(offset) (*(volatile uint32_t *)(0x080a0000 + (offset)))
#define SGI(offset) (*(volatile uint32_t *)(0x080b0000 + (offset)))
#define VIRTUAL_TIMER 27

void gic_start(void)
{
    GICD(0x0000) = 0x10; // CTLR: affinity routing first, then group 1 too
    GICD(0x0000) = 0x12;
    GICR(0x0014) &= ~2u; // WAKER: awake
    while (GICR(0x0014) & 4)
        ;
    SGI(0x0080) = 0xffffffff; // IGROUPR0: group 1
    ((volatile uint8_t *)0x080b0400)[VIRTUAL_TIMER] = 0x80;
    SGI(0x0100) = 1u << VIRTUAL_TIMER; // ISENABLER0
    __asm__ volatile("msr S3_0_C12_C12_5, %0\n isb" : : "r"(1ul)); // ICC_SRE_EL1
    __asm__ volatile("msr S3_0_C4_C6_0, %0" : : "r"(0xfful)); // ICC_PMR_EL1
    __asm__ volatile("msr S3_0_C12_C12_7, %0\n isb" : : "r"(1ul)); // ICC_IGRPEN1_EL1
}

void timer_start(uint64_t ticks)
{
    WRITE(cntv_tval_el0, ticks);
    WRITE(cntv_ctl_el0, 1);
    __asm__ volatile("isb");
}

void timer_stop(void)
{
    WRITE(cntv_ctl_el0, 0);
    __asm__ volatile("isb");
}

uint32_t gic_acknowledge(void)
{
    uint64_t interrupt;
    __asm__ volatile("mrs %0, S3_0_C12_C12_0" : "=r"(interrupt)); // ICC_IAR1_EL1
    return (uint32_t)interrupt;
}

void gic_end(uint32_t interrupt)
{
    __asm__ volatile("msr S3_0_C12_C12_1, %0\n isb" : : "r"((uint64_t)interrupt)); // ICC_EOIR1_EL1
}
