// The instructions a debugger's step most easily gets wrong, each followed by what the guest itself sees of RFLAGS.
    .text
    .macro see
    pushfq
    popq    (%rbx)
    add     $8, %rbx
    .endm

    .global steps_body
    .type steps_body, %function
// steps_body(results): stores views of RFLAGS; called with interrupts open.
steps_body:
    push    %rbx
    push    %r15
    mov     %rdi, %rbx
    .global steps_begin
steps_begin:
    see                             // 0
    cli
    see                             // 1
    sti
    see                             // 2
    pushfq
    cli
    popfq
    see                             // 3: POPF opens interrupts
    pushfw
    cli
    popfw
    see                             // 4
    mov     %ss, %eax
    mov     %eax, %ss
    nop
    see                             // 5
    .global steps_call
steps_call:
    int     $0x80                   // 6: the handler stores the flags of its frame and its own
    .global steps_after_call
steps_after_call:
    see
    .global steps_own_breakpoint
steps_own_breakpoint:
    int3                            // the same
    see
    .global steps_fault
steps_fault:
    movb    $1, (%r15)              // the handler makes R15 right
    see
    // IRET opens interrupts: the frame says so, whatever RFLAGS says.
    cli
    mov     %rsp, %rax
    push    $0x18
    push    %rax
    push    $0x202
    push    $0x10
    lea     1f(%rip), %rax
    push    %rax
    .global steps_iret
steps_iret:
    iretq
1:  see
    // IRET closes them.
    mov     %rsp, %rax
    push    $0x18
    push    %rax
    push    $2
    push    $0x10
    lea     1f(%rip), %rax
    push    %rax
    iretq
1:  see
    sti
    // SYSCALL puts RFLAGS into R11; IA32_FMASK has IF.
    .global steps_syscall
steps_syscall:
    syscall
    .global steps_after_syscall
steps_after_syscall:
    mov     %r11, (%rbx)
    add     $8, %rbx
    see
    sti
    // A device: instructions that leave the vCPU.
    mov     $0x3fd, %dx
    in      %dx, %al
    mov     $0x3f8, %dx
    mov     $'.', %al
    out     %al, %dx
    see
    mov     $3, %ecx
    lea     scratch(%rip), %rdi
    rep     stosb
    see
    .global steps_halt
steps_halt:
    hlt                             // a step passes it, the guest alone waits for the timer
    see
    .global steps_end
steps_end:
    pop     %r15
    pop     %rbx
    ret

    .global syscall_entry
syscall_entry:
    jmp     *%rcx

    .bss
    .balign 8
    .global scratch
scratch: .skip 16
