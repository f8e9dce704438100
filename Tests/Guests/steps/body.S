// The instructions a debugger's step most easily gets wrong, each followed by what the guest itself sees of PSTATE.
    .text
    .macro see
    mrs     x0, daif
    str     x0, [x1], #8
    .endm

    .global steps_body
    .type steps_body, %function
// steps_body(results): stores eleven views of DAIF, then the exclusives' retries; called with interrupts open.
steps_body:
    mov     x9, x30
    mov     x1, x0
    .global steps_begin
steps_begin:
    see                             // 0
    msr     daifset, #2
    see                             // 1
    msr     daifclr, #2
    see                             // 2
    mrs     x2, daif
    msr     daifset, #0xf
    see                             // 3
    msr     daifclr, #0xf
    see                             // 4
    msr     daif, x2
    see                             // 5
    .global steps_svc
steps_svc:
    svc     #7
    .global steps_after_svc
steps_after_svc:
    see                             // 6

    // ERET opens interrupts: SPSR says so, whatever PSTATE said.
    msr     daifset, #2
    adr     x3, steps_returned
    msr     elr_el1, x3
    mov     x3, #0x345
    msr     spsr_el1, x3
    .global steps_eret
steps_eret:
    eret
    .global steps_returned
steps_returned:
    see                             // 7
    msr     daifset, #2
    adr     x3, 1f
    msr     elr_el1, x3
    mov     x3, #0x3c5
    msr     spsr_el1, x3
    eret
1:  see                             // 8, masked by ERET
    msr     daifclr, #2
    see                             // 9

    // A device: loads and stores that leave the vCPU.
    mov     x4, #0x09000000
    mov     w5, #'.'
    ldr     w6, [x4, #0x18]
    .global steps_store
steps_store:
    str     w5, [x4]
    dsb     sy
    isb

    // Eight increments by exclusives; the retries are counted.
    ldr     x4, =shared
    mov     x5, #8
    mov     x8, #0
    .global steps_exclusive
steps_exclusive:
2:  ldxr    x6, [x4]
    add     x6, x6, #1
    stxr    w7, x6, [x4]
    cbz     w7, 3f
    add     x8, x8, #1
    b       2b
3:  subs    x5, x5, #1
    b.ne    2b
    .global steps_exclusive_end
steps_exclusive_end:
    see                             // 10
    str     x8, [x1], #8            // retries
    .global steps_end
steps_end:
    ret     x9
    .size steps_body, . - steps_body

    .global steps_wait
    .type steps_wait, %function
// Waits for one interrupt, with interrupts open.
steps_wait:
    nop
    .global steps_wfi
steps_wfi:
    wfi
    .global steps_woken
steps_woken:
    ret
    .size steps_wait, . - steps_wait
