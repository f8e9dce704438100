// Does what single letters typed on the console say.
#include "guest.h"

#define UART_DATA (*(volatile uint32_t *)0x09000000)
#define UART_FLAGS (*(volatile uint32_t *)0x09000018)
#define UART_RECEIVE_EMPTY 0x10
#define SYSTEM_RESET 0x84000009
#define END_OF_TRANSMISSION 4

static uint8_t read_byte(void)
{
    while (UART_FLAGS & UART_RECEIVE_EMPTY)
        ;
    return (uint8_t)UART_DATA;
}

// What Linux prints when it panics (kernel/panic.c), with the time and the caller in front.
static void panic_begins(void)
{
    print("[    1.000001][    T1] Kernel panic - not syncing: No working init found.\r\n");
    print("[    1.000002][    T1] CPU: 0 PID: 1 Comm: swapper/0 Not tainted\r\n");
}

static void panic_ends(void)
{
    print("[    1.000003][    T1] ---[ end Kernel panic - not syncing: No working init found. ]---\r\n");
}

// Leaves its input alone for a while, then takes all of it up to the end of transmission.
static void take_paste(void)
{
    uint64_t until = READ(cntvct_el0) + READ(cntfrq_el0) / 2;
    uint64_t count = 0, sum = 0;
    while (READ(cntvct_el0) < until)
        ;
    for (uint8_t byte; (byte = read_byte()) != END_OF_TRANSMISSION; count++)
        sum = sum * 31 + byte;
    print("pasted ");
    print_number(count);
    print(" ");
    print_hex(sum);
    print("\n");
}

void dead(void)
{
    for (;;)
        ;
}

int main(void)
{
    print("commands: ready\n");
    for (;;) {
        switch (read_byte()) {
        case 'p':
            panic_begins();
            panic_ends();
            dead();
        case 'n':
            panic_begins();
            psci(SYSTEM_RESET, 0, 0, 0);
            dead();
        case 'm': // asked to restart, long after a report of another kernel's panic was shown
            panic_begins();
            print("[    9.000000][    T1] reboot: Restarting system\r\n");
            // fall through
        case 'r':
            psci(SYSTEM_RESET, 0, 0, 0);
            dead();
        case 'v':
            take_paste();
            break;
        case 'q':
            return 0;
        default:
            print("commands: what?\n");
        }
    }
}
