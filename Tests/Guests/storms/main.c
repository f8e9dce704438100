// Keeps the host as busy as a guest can, one way at a time; a debugger says which before the first instruction.
#include "guest.h"

enum { BLOCK = 0, CONSOLE, ENTROPY, STRING, BUFFER, LOOP, STORE, SERIAL, FLASH, INTERRUPTS, POWER, TRANSLATIONS, EVENTS,
       CODE };
volatile uint64_t which = LOOP;
volatile uint64_t beats;
// A page for a debugger's watchpoints; the guest writes the words between them. Initialized, so that nothing zeroes it
// at the start.
volatile uint64_t page[512] __attribute__((aligned(4096))) = { 1 };

#define BUFFERS 0x44000000ul
#define DATA 0x45000000ul

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

static volatile uint32_t *device;
static volatile uint16_t *const available = (void *)(BUFFERS + 0x10000);
static volatile uint16_t *const used = (void *)(BUFFERS + 0x20000);
static volatile struct descriptor *const table = (void *)BUFFERS;

static volatile uint32_t *reg(uint64_t offset) { return (volatile uint32_t *)((uint64_t)device + offset); }

// Finds a virtio device and makes one of its queues ready.
static void virtio_start(uint32_t id, uint32_t queue, uint32_t size)
{
    for (uint64_t slot = 0; slot < 4; slot++) {
        device = (volatile uint32_t *)(0x0a000000 + slot * 0x200);
        if (*reg(0x8) == id)
            break;
    }
    *reg(0x70) = 0;
    *reg(0x70) = 3;
    *reg(0x24) = 0;
    *reg(0x20) = id == 2 ? 1 << 28 | 1 << 9 : 0;
    *reg(0x24) = 1;
    *reg(0x20) = 1;
    *reg(0x70) = 0xb;
    *reg(0x30) = queue;
    *reg(0x38) = size;
    *reg(0x80) = (uint64_t)table;
    *reg(0x90) = (uint64_t)available;
    *reg(0xa0) = (uint64_t)used;
    *reg(0x44) = 1;
    *reg(0x70) = 0xf;
}

// Offers all chains of the queue again and again.
static _Noreturn void virtio_storm(uint32_t queue, uint16_t chains)
{
    for (uint16_t i = 0; i < chains; i++)
        available[2 + i] = i;
    for (;;) {
        available[1] = used[1] + chains;
        *reg(0x50) = queue;
        beats++;
    }
}

// Each request reads 4 GiB less 4 MiB into the same 4 MiB.
static _Noreturn void block_storm(void)
{
    virtio_start(2, 0, 64);
    volatile struct descriptor *list = (void *)(BUFFERS + 0x30000);
    volatile uint64_t *header = (void *)(BUFFERS + 0x40000);
    header[0] = header[1] = 0;
    list[0] = (struct descriptor){ (uint64_t)header, 16, 1, 1 };
    for (uint16_t i = 1; i <= 1000; i++)
        list[i] = (struct descriptor){ DATA, 4 << 20, 3, i + 1 };
    list[1001] = (struct descriptor){ (uint64_t)&header[2], 1, 2, 0 };
    for (uint16_t i = 0; i < 64; i++)
        table[i] = (struct descriptor){ (uint64_t)list, 16 * 1002, 4, 0 };
    virtio_storm(0, 64);
}

static _Noreturn void stream_storm(uint32_t id, uint32_t queue, uint32_t length, uint16_t flags)
{
    virtio_start(id, queue, 256);
    for (uint16_t i = 0; i < 256; i++)
        table[i] = (struct descriptor){ DATA, length, flags, 0 };
    virtio_storm(queue, 256);
}

static void fill(void)
{
    for (uint64_t *word = (uint64_t *)DATA; word < (uint64_t *)(DATA + (1 << 20)); word++)
        *word = 0x4141414141414141;
}

static _Noreturn void semihosting_storm(uint64_t operation, const volatile void *parameter)
{
    fill();
    for (;;) {
        register uint64_t x0 __asm__("x0") = operation;
        register const volatile void *x1 __asm__("x1") = parameter;
        __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
        beats++;
    }
}

__attribute__((noinline)) void called(void) { beats++; }

// The block of one line is dropped and decoded again with each store.
static _Noreturn void code_storm(void)
{
    __asm__ volatile("adr x0, 2f\n ldr w1, [x0]\n 1: str w1, [x0]\n 2: nop\n add x2, x2, #1\n b 1b");
    __builtin_unreachable();
}

void secondary_main(void)
{
    if (which == POWER)
        psci(0x84000002, 0, 0, 0);
    for (;;)
        called();
}

int main(void)
{
    volatile uint64_t block[3] = { 1, DATA, 1 << 20 };
    if (which != POWER)
        cpu_on(1);
    switch (which) {
    case BLOCK: block_storm();
    case CONSOLE: fill(); stream_storm(3, 1, 1 << 20, 0);
    case ENTROPY: stream_storm(4, 0, 1 << 20, 2);
    case STRING: semihosting_storm(4, (void *)DATA);
    case BUFFER: semihosting_storm(5, block);
    case CODE: code_storm();
    default: break;
    }
    for (uint64_t i = 0;; i++) {
        switch (which) {
        case STORE: page[(i & 255) * 2] = i; break;
        case SERIAL: *(volatile uint32_t *)0x09000000 = 'A'; break;
        // The first flash chip's status, and its array again.
        case FLASH: *(volatile uint32_t *)0 = 0x700070; *(volatile uint32_t *)0 = 0xff00ff; break;
        case INTERRUPTS: *(volatile uint32_t *)(0x08000100 + (i & 31) * 4) = ~0u; break;
        case POWER: cpu_on(1); break;
        case TRANSLATIONS: __asm__ volatile("tlbi vmalle1is\n dsb ish\n isb"); break;
        case EVENTS: __asm__ volatile("wfe\n sev"); break;
        default: called(); break;
        }
        beats++;
    }
}
