    .cfi_sections .debug_frame
    .text
    .global signed_outer
    .type signed_outer, %function
signed_outer:
    .cfi_startproc
    hint    #25                     // paciasp
    .cfi_negate_ra_state
    stp     x29, x30, [sp, #-16]!
    .cfi_def_cfa_offset 16
    .cfi_offset 29, -16
    .cfi_offset 30, -8
    mov     x29, sp
    mov     x0, x30
    bl      innermost
    ldp     x29, x30, [sp], #16
    .cfi_restore 29
    .cfi_restore 30
    .cfi_def_cfa_offset 0
    hint    #29                     // autiasp
    .cfi_negate_ra_state
    ret
    .cfi_endproc
    .size signed_outer, . - signed_outer
