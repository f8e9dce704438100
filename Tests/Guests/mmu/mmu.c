// Translation: breakpoints before and after the MMU goes on, a high mapping, EL0, two address spaces, changed code.
#include "guest.h"

extern char user_code[], user_code_end[], leave_user[], template[], template_end[];
void enter_user(uint64_t pc, uint64_t sp);
uint64_t overwritten(void);

uint8_t pages[3][4096] __attribute__((aligned(4096)));
volatile uint64_t system_calls, user_breaks, highs, hots, last_user;

void handle_sync(struct frame *frame)
{
    uint64_t class = frame->esr >> 26, immediate = frame->esr & 0xffff;
    if (class == 0x15 && immediate == 1) {
        system_calls++; // @system-call
        last_user = frame->x[0];
    } else if (class == 0x15 && immediate == 0) {
        frame->elr = (uint64_t)leave_user;
        frame->spsr = 0x3c5;
    } else if (class == 0x3c && immediate == 9) {
        user_breaks++; // @user-break
        frame->elr += 4;
    } else {
        print("mmu: unexpected exception, esr ");
        print_hex(frame->esr);
        print(" elr ");
        print_hex(frame->elr);
        print("\n");
        power_off();
    }
}

static void copy_code(void *to, const void *from, uint64_t size)
{
    for (uint64_t i = 0; i < size; i += 4)
        *(volatile uint32_t *)((char *)to + i) = *(const uint32_t *)((const char *)from + i);
    for (uint64_t i = 0; i < size; i += 4)
        __asm__ volatile("dc cvau, %0\n dsb ish\n ic ivau, %0" : : "r"((char *)to + i) : "memory");
    __asm__ volatile("dsb ish\n isb" : : : "memory");
}

__attribute__((noinline)) void before_mmu(void) { highs = 0; }
__attribute__((noinline)) void after_mmu(void) { highs = 1; }

// Called at its high address only.
__attribute__((noinline)) void high_work(void)
{
    highs += 10; // @high
}

// Called at both its addresses.
__attribute__((noinline)) void hot(void) { hots++; }

static void call_high(void (*function)(void))
{
    ((void (*)(void))((uint64_t)function | HIGH))();
}

__attribute__((noinline)) void overwrite(void)
{
    copy_code((void *)overwritten, template, template_end - template);
}

__attribute__((noinline)) void before_late_page(void) { }

int main(void)
{
    print("mmu: begin\n");
    before_mmu();
    uint64_t first = overwritten();
    mmu_start();
    after_mmu();
    call_high(high_work);
    for (int i = 0; i < 3; i++) {
        hot();
        call_high(hot);
    }
    overwrite();
    uint64_t second = overwritten();

    // The same address in two address spaces is two pages.
    for (int i = 0; i < 2; i++) {
        copy_code(pages[i], user_code, user_code_end - user_code);
        mmu_map_user(i, USER, (uint64_t)pages[i]);
    }
    for (int i = 0; i < 2; i++) {
        mmu_use(i, i + 1);
        enter_user(USER, USER + 0x1000);
    }
    before_late_page();
    copy_code(pages[2], user_code, user_code_end - user_code);
    mmu_map_user(1, USER + 0x1000, (uint64_t)pages[2]);
    enter_user(USER + 0x1000, USER + 0x2000);

    print("mmu: calls ");
    print_number(system_calls);
    print(" breaks ");
    print_number(user_breaks);
    print(" highs ");
    print_number(highs);
    print(" hots ");
    print_number(hots);
    print(" code ");
    print_number(first);
    print(" ");
    print_number(second);
    print("\n");
    return 0;
}
