// Where a processor begins that another one starts: real mode, at the page whose number came with SIPI.
    .data
    .balign 16
    .global trampoline
    .global trampoline_end
    .code16
trampoline:
    cli
    mov     %cs, %ax
    mov     %ax, %ds
    // The first processor's GDT and page tables.
    lgdtl   trampoline_gdt - trampoline
    mov     %cr4, %eax
    or      $0x620, %eax                // PAE, OSFXSR, OSXMMEXCPT
    mov     %eax, %cr4
    mov     trampoline_cr3 - trampoline, %eax
    mov     %eax, %cr3
    mov     $0xc0000080, %ecx           // IA32_EFER
    rdmsr
    or      $0x100, %eax                // LME
    wrmsr
    mov     %cr0, %eax
    and     $0x9fffffff, %eax           // not CD, not NW
    or      $0x80000001, %eax           // PG and PE
    mov     %eax, %cr0
    ljmpl   $0x10, $second_start
    .balign 8
    .global trampoline_gdt
trampoline_gdt: .skip 10
    .balign 8
    .global trampoline_cr3
trampoline_cr3: .skip 8
trampoline_end:

    .text
    .code64
second_start:
    mov     $0x18, %eax
    mov     %eax, %ss
    mov     %eax, %ds
    mov     %eax, %es
    lea     second_stack_top(%rip), %rsp
    call    second_main
1:  hlt
    jmp     1b

    .bss
    .balign 16
    .skip 0x4000
second_stack_top:
