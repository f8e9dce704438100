    .text
    .global trap
    .type trap, %function
// trap(x): a BRK of the guest's own between code that sets flags and code that needs them; returns the flags after it.
trap:
    cmp     x0, x0
    .global guest_brk
guest_brk:
    brk     #0x123
    .global after_guest_brk
after_guest_brk:
    mrs     x0, nzcv
    brk     #0
    brk     #0xf000
    ret
    .size trap, . - trap
