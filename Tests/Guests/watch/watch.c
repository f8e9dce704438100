// Data of every size with neighbours: what watchpoints are tried on.
//
// Each write_ and read_ function touches the neighbours of its value on both sides and then, once, the value.
#include "guest.h"

struct block {
    uint64_t words[8];
};

volatile struct { uint8_t before, value, after; } one = { 1, 2, 3 };
volatile struct { uint16_t before, value, after; } two = { 1, 2, 3 };
volatile struct { uint32_t before, value, after; } four = { 1, 2, 3 };
volatile struct { uint64_t before, value, after; } eight = { 1, 2, 3 };
volatile uint8_t bytes[32] __attribute__((aligned(16)));
volatile struct { uint64_t before[8]; struct block value; uint64_t after[8]; } big __attribute__((aligned(64)));
volatile uint64_t pairs[8] __attribute__((aligned(64)));
volatile uint8_t lines[256] __attribute__((aligned(128)));
volatile uint64_t sink;

void write_one(void) { one.before = 9; one.after = 9; one.value = 0x11; }
void write_two(void) { two.before = 9; two.after = 9; two.value = 0x2222; }
void write_four(void) { four.before = 9; four.after = 9; four.value = 0x44444444; }
void write_eight(void) { eight.before = 9; eight.after = 9; eight.value = 0x8888888888888888; }

void read_one(void) { sink = one.before; sink = one.after; sink = one.value; }
void read_two(void) { sink = two.before; sink = two.after; sink = two.value; }
void read_four(void) { sink = four.before; sink = four.after; sink = four.value; }
void read_eight(void) { sink = eight.before; sink = eight.after; sink = eight.value; }

// Four bytes from bytes + 5 cross a doubleword: the watched range, and the store.
void write_unaligned(void)
{
    bytes[4] = 9;
    bytes[9] = 9;
    __asm__ volatile("str %w0, [%1]" : : "r"(0x55667788), "r"(bytes + 5) : "memory");
}

void read_unaligned(void)
{
    uint32_t value;
    sink = bytes[4];
    sink = bytes[9];
    __asm__ volatile("ldr %w0, [%1]" : "=r"(value) : "r"(bytes + 5));
    sink = value;
}

void write_struct(void)
{
    big.before[7] = 9;
    big.after[0] = 9;
    big.value.words[5] = 0x5555;
}

void read_struct(void)
{
    sink = big.before[7];
    sink = big.after[0];
    sink = big.value.words[7];
}

// The access begins below the watched pairs[3], so its own address is not in the range.
void write_pair(void)
{
    __asm__ volatile("stp %0, %1, [%2]" : : "r"(0x11ul), "r"(0x22ul), "r"(pairs) : "memory");
    __asm__ volatile("stp %0, %1, [%2]" : : "r"(0x33ul), "r"(0x44ul), "r"(pairs + 2) : "memory");
}

void read_pair(void)
{
    uint64_t first, second;
    __asm__ volatile("ldp %0, %1, [%2]" : "=r"(first), "=r"(second) : "r"(pairs + 4));
    __asm__ volatile("ldp %0, %1, [%2]" : "=r"(first), "=r"(second) : "r"(pairs + 2));
    sink = first + second;
}

// DC ZVA clears the whole naturally aligned block, whatever the address in it.
void zero_line(void)
{
    __asm__ volatile("dc zva, %0" : : "r"(lines + 64 + 3) : "memory");
}

void exclusive(void)
{
    uint64_t value;
    uint32_t failed;
    do {
        __asm__ volatile("ldxr %0, [%2]\n add %0, %0, #1\n stxr %w1, %0, [%2]"
                         : "=&r"(value), "=&r"(failed) : "r"(pairs + 6) : "memory");
    } while (failed);
}

void ready(void) { }

int main(void)
{
    for (int i = 0; i < 256; i++)
        lines[i] = 0xee;
    mmu_start(); // unaligned accesses need normal memory
    print("watch: begin\n");
    ready();
    write_one();
    write_two();
    write_four();
    write_eight();
    write_unaligned();
    write_struct();
    read_one();
    read_two();
    read_four();
    read_eight();
    read_unaligned();
    read_struct();
    write_pair();
    read_pair();
    zero_line();
    exclusive();
    print("watch: end\n");
    return 0;
}
