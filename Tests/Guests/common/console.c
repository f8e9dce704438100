#include "guest.h"

// PL011 of the machine `virt`; its FIFO is never full for long, the flag register says when.
#define UART_DATA (*(volatile uint32_t *)0x09000000)
#define UART_FLAGS (*(volatile uint32_t *)0x09000018)
#define UART_TRANSMIT_FULL 0x20

void print(const char *text)
{
    for (; *text; text++) {
        while (UART_FLAGS & UART_TRANSMIT_FULL)
            ;
        UART_DATA = (uint8_t)*text;
    }
}

void print_number(uint64_t value)
{
    char digits[21];
    int at = 20;
    digits[at] = 0;
    do {
        digits[--at] = '0' + value % 10;
        value /= 10;
    } while (value);
    print(digits + at);
}

void print_hex(uint64_t value)
{
    char digits[17];
    int at = 16;
    digits[at] = 0;
    do {
        digits[--at] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    print("0x");
    print(digits + at);
}

_Noreturn void power_off(void)
{
    psci(0x84000008, 0, 0, 0); // SYSTEM_OFF
    for (;;)
        ;
}

int64_t cpu_on(uint64_t mpidr)
{
    return psci(0xc4000003, mpidr, (uint64_t)secondary_start, 0); // CPU_ON
}

__attribute__((weak)) void secondary_main(void)
{
}

// An exception no handler of the guest's expects: say so and end, so that a test sees why.
void handle_unexpected(struct frame *frame)
{
    print("guest: unexpected exception, esr ");
    print_hex(frame->esr);
    print(" elr ");
    print_hex(frame->elr);
    print(" far ");
    print_hex(READ(far_el1));
    print("\n");
    power_off();
}

__attribute__((weak)) void handle_sync(struct frame *frame)
{
    handle_unexpected(frame);
}

__attribute__((weak)) void handle_irq(struct frame *frame)
{
    handle_unexpected(frame);
}
