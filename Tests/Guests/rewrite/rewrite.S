// rewrite(n): n times, writes the first instruction of a function, one of two by turns, and calls it.
    .text
    .global rewrite
    .type rewrite, %function
rewrite:
    stp     x29, x30, [sp, #-16]!
    ldr     x2, =rewritten
    ldr     w3, one
    ldr     w4, two
1:  str     w3, [x2]
    dc      cvau, x2
    dsb     ish
    ic      ivau, x2
    dsb     ish
    isb
    blr     x2
    mov     w5, w3
    mov     w3, w4
    mov     w4, w5
    subs    x0, x0, #1
    b.ne    1b
    ldp     x29, x30, [sp], #16
    ret
    .balign 8
one:
    mov     w1, #1
two:
    mov     w1, #2
    .size rewrite, . - rewrite

    .balign 4096
    .type rewritten, %function
rewritten:
    mov     w1, #0
    ret
    .size rewritten, . - rewritten
    .balign 4096
