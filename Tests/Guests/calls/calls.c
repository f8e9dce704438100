// Loops and calls: what break, continue, step, next, finish, until and tbreak are tried on.
#include "guest.h"

uint64_t straight(uint64_t start);

volatile int calls;
uint8_t buffer[65536];

int add(int a, int b)
{
    int sum = a + b; // @add
    calls++;
    return sum;
}

int fib(int n)
{
    if (n < 2)
        return n; // @fib-leaf
    return fib(n - 1) + fib(n - 2);
}

int loop(int count)
{
    int sum = 0; // @loop-start
    for (int i = 0; i < count; i++) // @loop-for
        sum = add(sum, i); // @loop-body
    return sum; // @loop-end
}

int main(void)
{
    print("calls: begin\n"); // @main
    int sum = loop(100); // @main-loop
    int number = fib(10); // @main-fib
    uint64_t end = straight(1); // @main-straight
    print("calls: sum ");
    print_number(sum);
    print(" fib ");
    print_number(number);
    print(" straight ");
    print_number(end);
    print(" calls ");
    print_number(calls);
    print("\n"); // @main-end
    return 0;
}
