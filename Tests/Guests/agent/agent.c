// Places that are passed often: what conditions, printing breakpoints, ranges and tracepoints are tried on.
#include "guest.h"

struct item {
    uint32_t number;
    int16_t change;
    const char *name;
};

volatile struct item items[4] = {
    { 10, -1, "ten" }, { 20, -2, "twenty" }, { 30, -3, "thirty" }, { 40, -4, "forty" },
};
volatile uint64_t total;
volatile int rounds = 200000;
volatile int spins = 3000;

void visit(const volatile struct item *item, int round)
{
    total += item->number; // @visit
} // @visit-end

// One line that takes long, in one piece: compilers cut the lines of C loops, and GDB stops at each cut.
void spin(int count)
{
    uint64_t left = count; // @spin-start
    __asm__ volatile("1: subs %0, %0, #1\n eor x9, x9, %0\n nop\n b.ne 1b" : "+r"(left) : : "x9", "cc"); // @spin-line
    total += left; // @spin-end
}

// One line that calls from its middle.
void work(int count)
{
    for (int i = 0; i < count; i++) visit(&items[i & 3], i); // @work-line
    total++; // @work-end
}

void finished(void) { }

int main(void)
{
    print("agent: begin\n"); // @main
    for (int i = 0; i < 4; i++)
        visit(&items[i], i);
    spin(spins);
    work(4);
    for (int i = 0; i < rounds; i++)
        visit(&items[i & 3], i);
    finished();
    print("agent: end\n");
    return 0;
}
