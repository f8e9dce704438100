// Eight additions side by side: a breakpoint on any of them, and x0 says how many have been executed.
    .text
    .global row
    .type row, %function
row:
    .rept   8
    add     x0, x0, #1
    .endr
    ret
    .size row, . - row
