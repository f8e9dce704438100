// The first instructions, and what interrupts and exceptions come to.
    .section .text.start, "ax"
    .global _start
_start:
    lea     stack_top(%rip), %rsp
    call    main
1:  cli
    hlt
    jmp     1b

    .text
// Saves what C may change, calls the handler with the frame of RIP, CS, RFLAGS, RSP and SS, and goes back.
    .macro entry name, handler, error=0
    .global \name
    .type \name, %function
\name:
    .if \error
    add     $8, %rsp
    .endif
    push    %rax
    push    %rcx
    push    %rdx
    push    %rsi
    push    %rdi
    push    %r8
    push    %r9
    push    %r10
    push    %r11
    lea     72(%rsp), %rdi
    cld
    call    \handler
    pop     %r11
    pop     %r10
    pop     %r9
    pop     %r8
    pop     %rdi
    pop     %rsi
    pop     %rdx
    pop     %rcx
    pop     %rax
    iretq
    .endm

    entry   breakpoint_entry, on_breakpoint
    entry   debug_entry, on_debug
    entry   fault_entry, on_fault, 1
    entry   call_entry, on_call
    entry   timer_entry, on_timer
