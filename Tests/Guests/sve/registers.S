    .arch armv8-a+sve
    .text

// Gives every register of SVE's a value of its own: byte i of zN is 7N + 2 + i, byte i of pN is 17N + 3 + i, and ffr has
// its first five bits. `bytes` holds the identity 0, 1, 2, ... for the predicates.
    .global fill
    .type fill, %function
fill:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    mov     w1, #7 * \n + 2
    index   z\n\().b, w1, #1
    .endr
    mov     x1, #5
    whilelo p0.b, xzr, x1
    wrffr   p0.b
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    add     x1, x0, #17 * \n + 3
    ldr     p\n, [x1]
    .endr
    ret
    .size fill, . - fill

// Where the debugger looks and writes.
    .global filled
    .type filled, %function
filled:
    nop
    add     z0.b, z0.b, z1.b
    ret
    .size filled, . - filled

// Stores z3, z31, p4 and ffr.
    .global keep
    .type keep, %function
keep:
    str     z3, [x0]
    str     z31, [x1]
    str     p4, [x2]
    rdffr   p15.b
    str     p15, [x3]
    ret
    .size keep, . - keep

// How many bytes a vector has.
    .global vector_bytes
    .type vector_bytes, %function
vector_bytes:
    rdvl    x0, #1
    ret
    .size vector_bytes, . - vector_bytes
