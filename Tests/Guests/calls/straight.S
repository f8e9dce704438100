// Ten instructions whose effect on x0 a test knows one by one.
    .text
    .global straight
    .global straight_end
    .type straight, %function
straight:
    add     x0, x0, #1
    lsl     x0, x0, #4
    eor     x0, x0, #0xff
    mov     x1, #3
    mul     x0, x0, x1
    sub     x0, x0, #5
    cmp     x0, #0
    csinc   x0, x0, x1, ne
    rbit    x1, x0
    add     x0, x0, x1, lsr #63
straight_end:
    ret
    .size straight, . - straight
