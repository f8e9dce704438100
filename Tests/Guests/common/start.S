// The entry at EL1 with the MMU off; vCPU 0 comes here first, vCPU 1 by PSCI CPU_ON at secondary_start.
    .section .text.start, "ax"
    .global _start
    .type _start, %function
_start:
    ldr     x1, =stack0
    mov     sp, x1
    ldr     x1, =vectors
    msr     vbar_el1, x1
    isb
    ldr     x1, =bss_start
    ldr     x2, =bss_end
1:  cmp     x1, x2
    b.hs    2f
    str     xzr, [x1], #8
    b       1b
2:  bl      main
    b       power_off
    .size _start, . - _start

    .text
    .weak   secondary_main
    .global secondary_start
    .type secondary_start, %function
secondary_start:
    ldr     x1, =stack1
    mov     sp, x1
    ldr     x1, =vectors
    msr     vbar_el1, x1
    isb
    bl      secondary_main
3:  wfi
    b       3b
    .size secondary_start, . - secondary_start

// One vector of the table: saves what a C function may change, and calls the handler with the frame.
    .macro vector name, handler
    .balign 128
    .global \name
    .type \name, %function
\name:
    sub     sp, sp, #208
    stp     x0, x1, [sp, #0]
    stp     x2, x3, [sp, #16]
    ldr     x2, =\handler
    b       enter_handler
    .size \name, . - \name
    .endm

    .balign 2048
    .global vectors
vectors:
    vector  vector_sync_sp0, handle_unexpected
    vector  vector_irq_sp0, handle_unexpected
    vector  vector_fiq_sp0, handle_unexpected
    vector  vector_serror_sp0, handle_unexpected
    vector  vector_sync, handle_sync
    vector  vector_irq, handle_irq
    vector  vector_fiq, handle_unexpected
    vector  vector_serror, handle_unexpected
    vector  vector_sync_el0, handle_sync
    vector  vector_irq_el0, handle_irq
    vector  vector_fiq_el0, handle_unexpected
    vector  vector_serror_el0, handle_unexpected
    vector  vector_sync_aarch32, handle_unexpected
    vector  vector_irq_aarch32, handle_unexpected
    vector  vector_fiq_aarch32, handle_unexpected
    vector  vector_serror_aarch32, handle_unexpected

    .balign 128
    .type enter_handler, %function
enter_handler:
    stp     x4, x5, [sp, #32]
    stp     x6, x7, [sp, #48]
    stp     x8, x9, [sp, #64]
    stp     x10, x11, [sp, #80]
    stp     x12, x13, [sp, #96]
    stp     x14, x15, [sp, #112]
    stp     x16, x17, [sp, #128]
    stp     x18, x29, [sp, #144]
    mrs     x0, elr_el1
    stp     x30, x0, [sp, #160]
    mrs     x0, spsr_el1
    mrs     x1, esr_el1
    stp     x0, x1, [sp, #176]
    mov     x0, sp
    blr     x2
    ldr     x0, [sp, #176]
    msr     spsr_el1, x0
    ldp     x30, x0, [sp, #160]
    msr     elr_el1, x0
    ldp     x18, x29, [sp, #144]
    ldp     x16, x17, [sp, #128]
    ldp     x14, x15, [sp, #112]
    ldp     x12, x13, [sp, #96]
    ldp     x10, x11, [sp, #80]
    ldp     x8, x9, [sp, #64]
    ldp     x6, x7, [sp, #48]
    ldp     x4, x5, [sp, #32]
    ldp     x2, x3, [sp, #16]
    ldp     x0, x1, [sp, #0]
    add     sp, sp, #208
    .global leave_handler
leave_handler:
    eret
    .size enter_handler, . - enter_handler

    .global psci
    .type psci, %function
psci:
    hvc     #0
    ret
    .size psci, . - psci
