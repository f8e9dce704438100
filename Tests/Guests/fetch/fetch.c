// Calls to addresses where no instruction can be fetched, each in a way of its own.
#include "guest.h"

// Reasons why an instruction cannot be fetched; the handler of the last page's fault maps it.
enum { NOT_MAPPED, NOT_EXECUTABLE, DEVICE_MEMORY, NO_MEMORY, MISALIGNED, LATE, PLACES };

uint64_t places[PLACES];
volatile uint64_t faults, lates, returns;
static uint8_t page[4096] __attribute__((aligned(4096)));
// RET
static const uint32_t code = 0xd65f03c0;

void handle_sync(struct frame *frame)
{
    uint64_t class = frame->esr >> 26 & 0x3f;
    if (class != 0x21 && class != 0x22) {
        print("fetch: unexpected exception, esr ");
        print_hex(frame->esr);
        print("\n");
        power_off();
    }
    faults++;
    if (frame->elr == places[LATE]) {
        lates++;
        mmu_map_code(0, places[LATE], (uint64_t)page);
    } else {
        frame->elr = frame->x30;
    }
}

__attribute__((noinline)) void ready(void) { }

int main(void)
{
    *(volatile uint32_t *)page = code;
    __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0\n dsb ish\n isb" : : "r"(page) : "memory");
    places[NOT_MAPPED] = USER + 0x1000;
    places[NOT_EXECUTABLE] = USER + 0x2000;
    places[DEVICE_MEMORY] = 0x09000000;
    places[NO_MEMORY] = 0x60000000;
    places[MISALIGNED] = (uint64_t)page + 2;
    places[LATE] = USER + 0x3000;
    mmu_start();
    mmu_map_user(0, places[NOT_EXECUTABLE], (uint64_t)page);
    ready();
    for (int turn = 0; turn < 2; turn++)
        for (int place = 0; place < PLACES; place++) {
            ((void (*)(void))places[place])();
            returns++;
        }
    print("fetch: faults ");
    print_number(faults);
    print(" lates ");
    print_number(lates);
    print(" returns ");
    print_number(returns);
    print("\n");
    return 0;
}
