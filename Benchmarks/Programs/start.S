// Enters at EL1 with the MMU off, as QEMU's `-kernel` does with an ELF; the MMU goes on before main.
    .section .text.start, "ax"
    .global _start
_start:
    mrs     x1, mpidr_el1
    and     x1, x1, #0xff
    cbnz    x1, park
    ldr     x1, =stack_top
    mov     sp, x1
    bl      mmu_tables
    bl      mmu_on
    bl      main
    // PSCI SYSTEM_OFF.
    ldr     x0, =0x84000008
    hvc     #0
park:
    wfi
    b       park

    .weak   secondary_main
secondary_main:
    b       park

// start_secondary(): PSCI CPU_ON of vCPU 1.
    .global start_secondary
start_secondary:
    ldr     x0, =0xc4000003
    mov     x1, #1
    ldr     x2, =secondary
    mov     x3, #0
    hvc     #0
    ret
secondary:
    ldr     x1, =stack_top
    sub     sp, x1, #0x4000
    ldr     x0, =level1
    bl      mmu_on
    b       secondary_main

// mmu_on(table)
mmu_on:
    ldr     x1, =vectors
    msr     vbar_el1, x1
    msr     ttbr0_el1, x0
    ldr     x1, =0x0000000000ff04ff
    // MAIR: 0 is Normal write-back, 1 is Device-nGnRnE.
    mov     x2, #0xff
    msr     mair_el1, x2
    // TCR: T0SZ 25 (39-bit VA), write-back inner shareable walks, TTBR1 walks disabled, 40-bit PA.
    ldr     x1, =0x0000000200803519
    msr     tcr_el1, x1
    tlbi    vmalle1
    dsb     sy
    isb
    mrs     x1, sctlr_el1
    ldr     x2, =0x1005
    orr     x1, x1, x2
    bic     x1, x1, #2
    msr     sctlr_el1, x1
    isb
    ret

// The system call handler of the syscall program: adds one to x0 and returns to EL0.
    .balign 2048
vectors:
    .rept 8
    .balign 128
    b       failure
    .endr
    .balign 128
lower_synchronous:
    stp     x1, x2, [sp, #-16]!
    mrs     x1, esr_el1
    lsr     x2, x1, #26
    cmp     x2, #0x15
    b.ne    failure
    and     x1, x1, #0xffff
    cbnz    x1, leave_el0
    add     x0, x0, #1
    ldp     x1, x2, [sp], #16
    eret
    .rept 7
    .balign 128
    b       failure
    .endr

// run_at_el0(function, argument, stack): calls function(argument) at EL0; svc #1 comes back.
    .global run_at_el0
run_at_el0:
    stp     x29, x30, [sp, #-16]!
    stp     x19, x20, [sp, #-16]!
    stp     x21, x22, [sp, #-16]!
    stp     x23, x24, [sp, #-16]!
    stp     x25, x26, [sp, #-16]!
    stp     x27, x28, [sp, #-16]!
    msr     sp_el0, x2
    msr     elr_el1, x0
    mov     x2, #0x3c0
    msr     spsr_el1, x2
    adr     x30, el0_return
    mov     x0, x1
    eret
el0_return:
    svc     #1
leave_el0:
    ldp     x1, x2, [sp], #16
    ldp     x27, x28, [sp], #16
    ldp     x25, x26, [sp], #16
    ldp     x23, x24, [sp], #16
    ldp     x21, x22, [sp], #16
    ldp     x19, x20, [sp], #16
    ldp     x29, x30, [sp], #16
    ret

failure:
    mov     x1, #0x09000000
    mov     x2, #'F'
    str     w2, [x1]
    ldr     x0, =0x84000008
    hvc     #0
    b       .
