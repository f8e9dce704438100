// What runs at EL0, position-independent: ticks as often as x1 says, calls, and again. x0 counts the ticks.
    .section .user, "ax"
    .global user_code
user_code:
    mov     x2, x1
    .global user_tick
user_tick:
    add     x0, x0, #1
    subs    x2, x2, #1
    b.ne    user_tick
    .global user_svc
user_svc:
    svc     #1
    b       user_code
    .global user_code_end
user_code_end:

// The page that is mapped at EL0 too. TPIDR_EL1 holds x0 meanwhile.
    .section .text.trampoline, "ax"
    .balign 4096
    .global trampoline_vectors
trampoline_vectors:
    .balign 2048
    .skip   0x400
    msr     tpidr_el1, x0
    mrs     x0, ttbr1_el1
    bic     x0, x0, #1 << 48
    add     x0, x0, #0x1000
    msr     ttbr1_el1, x0
    isb
    .global trampoline_in
trampoline_in:
    mrs     x0, tpidr_el1
    b       vector_sync_el0
    .balign 4096

    .text
    .global leave_kernel
    .type leave_kernel, %function
leave_kernel:
    msr     tpidr_el1, x0
    ldr     x0, =user_pc
    ldr     x0, [x0]
    msr     elr_el1, x0
    ldr     x0, =user_pstate
    ldr     x0, [x0]
    msr     spsr_el1, x0
    mrs     x0, ttbr1_el1
    orr     x0, x0, #1 << 48
    sub     x0, x0, #0x1000
    msr     ttbr1_el1, x0
    isb
    .global kernel_is_unmapped
kernel_is_unmapped:
    mrs     x0, tpidr_el1
    eret
    .size leave_kernel, . - leave_kernel

    .global enter_process
    .type enter_process, %function
enter_process:
    mov     x0, #0
    ldr     x1, =processes
    ldr     x1, [x1, #16]
    b       leave_kernel
    .size enter_process, . - enter_process
