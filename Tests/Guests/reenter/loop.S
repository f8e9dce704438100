// Returns from an exception to a place that is no multiple of 4, again and again, each time with another x0.
    .text
    .global enter
    .type enter, %function
enter:
    add     x20, x20, #1
    mov     x0, x20
    adr     x1, enter
    add     x1, x1, #2
    msr     elr_el1, x1
    mov     x2, #0x3c5
    msr     spsr_el1, x2
    isb
    eret
    .size enter, . - enter
