// What runs at EL0: position-independent, copied to a page of its own. Five system calls, a BRK of its own, and end.
    .section .user, "ax"
    .global user_code
user_code:
    mov     x0, #0
    .global user_loop
user_loop:
    add     x0, x0, #1
    str     x0, [sp, #-16]!
    ldr     x1, [sp], #16
    .global user_svc
user_svc:
    svc     #1
    cmp     x0, #5
    b.ne    user_loop
    .global user_brk
user_brk:
    brk     #9
    mov     x2, #0x77
    svc     #0
    .global user_code_end
user_code_end:

    .text
    .global enter_user
    .type enter_user, %function
// enter_user(pc, sp): runs at EL0 with all interrupts masked, until the handler of svc #0 returns to leave_user.
enter_user:
    stp     x29, x30, [sp, #-96]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    msr     elr_el1, x0
    msr     sp_el0, x1
    mov     x2, #0x3c0
    msr     spsr_el1, x2
    isb
    .global enter_user_eret
enter_user_eret:
    eret
    .global leave_user
leave_user:
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     x29, x30, [sp], #96
    ret
    .size enter_user, . - enter_user

// Eight bytes of code that are copied over another function's.
    .global template
    .global template_end
template:
    mov     x0, #0x2a
    ret
template_end:

    .balign 64
    .global overwritten
    .type overwritten, %function
overwritten:
    mov     x0, #1
    ret
    .size overwritten, . - overwritten
