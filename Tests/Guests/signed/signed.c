// Signed return addresses, as compilers make them with pac-ret: what GDB needs the pointer masks for.
#include "guest.h"

void signed_outer(void);
volatile uint64_t saved;

// Called with a signed return address below it on the stack.
__attribute__((noinline)) void innermost(uint64_t signed_address) { saved = signed_address; }

int main(void)
{
    print("signed: begin\n");
    mmu_start();
    WRITE(s3_0_c2_c1_0, 0x0123456789abcdef); // APIAKeyLo_EL1
    WRITE(s3_0_c2_c1_1, 0xfedcba9876543210); // APIAKeyHi_EL1
    WRITE(sctlr_el1, READ(sctlr_el1) | 1ul << 31); // EnIA
    BARRIER();
    signed_outer();
    print("signed: end\n");
    return 0;
}
