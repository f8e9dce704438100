// Arm semihosting (Semihosting for AArch32 and AArch64, IHI 0100): writes by three calls, then ends with a status.
#include "guest.h"

#define SYS_WRITEC 0x03
#define SYS_WRITE0 0x04
#define SYS_EXIT_EXTENDED 0x20
#define APPLICATION_EXIT 0x20026

static uint64_t call(uint64_t operation, const volatile void *parameter)
{
    register uint64_t x0 __asm__("x0") = operation;
    register const volatile void *x1 __asm__("x1") = parameter;
    __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
    return x0;
}

volatile uint64_t status = 0;

__attribute__((noinline)) void before_exit(void) { }

int main(void)
{
    char letter = '!';
    call(SYS_WRITE0, "semihosting: hello");
    call(SYS_WRITEC, &letter);
    letter = '\n';
    call(SYS_WRITEC, &letter);
    before_exit();
    volatile uint64_t block[2] = { APPLICATION_EXIT, status };
    call(SYS_EXIT_EXTENDED, block);
    return 0;
}
