// What a program without a C library needs of Linux on arm64 and on x86-64: a start, system calls, and printing.
#pragma once

typedef unsigned long word;

#if defined(__aarch64__)
static word syscall(word number, word a, word b, word c, word d) {
    register word x8 asm("x8") = number;
    register word x0 asm("x0") = a;
    register word x1 asm("x1") = b;
    register word x2 asm("x2") = c;
    register word x3 asm("x3") = d;
    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory", "cc");
    return x0;
}

enum { SYS_write = 64, SYS_exit = 93, SYS_nanosleep = 101, SYS_clock_gettime = 113, SYS_sched_setaffinity = 122,
       SYS_rt_sigaction = 134, SYS_getppid = 173 };

asm(".globl _start\n_start:\n mov x29, #0\n mov x30, #0\n mov x0, sp\n b start\n");
#else
static word syscall(word number, word a, word b, word c, word d) {
    register word r10 asm("r10") = d;
    word result;
    asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}

enum { SYS_write = 1, SYS_rt_sigaction = 13, SYS_rt_sigreturn = 15, SYS_nanosleep = 35, SYS_exit = 60, SYS_getppid = 110,
       SYS_sched_setaffinity = 203, SYS_clock_gettime = 228 };

asm(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n call start\n");
#endif

// A line goes out with its end, in one call: the terminal keeps it whole among those of other processes.
static void print(const char *text) {
    static char line[128];
    static word length;
    for (; *text; text++) {
        line[length++] = *text;
        if (*text != '\n' && length < sizeof line) continue;
        syscall(SYS_write, 1, (word)line, length, 0);
        length = 0;
    }
}

static void print_number(word value) {
    char text[21];
    char *next = text + 20;
    *next = 0;
    do *--next = '0' + value % 10;
    while (value /= 10);
    print(next);
}

// The number an argument says, or what holds without it.
static word argument(word count, char **arguments, word otherwise) {
    if (count < 2) return otherwise;
    word value = 0;
    for (const char *digit = arguments[1]; *digit >= '0' && *digit <= '9'; digit++) value = value * 10 + (*digit - '0');
    return value;
}

int main(word count, char **arguments);

__attribute__((used, noreturn)) static void start(word *stack) {
    syscall(SYS_exit, main(stack[0], (char **)(stack + 1)), 0, 0, 0);
    __builtin_unreachable();
}
