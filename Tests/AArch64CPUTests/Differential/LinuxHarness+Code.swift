extension LinuxHarness {
    /// The harness in assembly: its code, then what the code refers to.
    ///
    /// `_start` sets the alternate stack and the handler of four signals, and runs into the first. `handler` refuses a frame
    /// whose first record is no `fpsimd_context` with status 3, writes the dump (but not the first time), `load`s the next
    /// descriptor into the frame, and `finish` writes all dumps to the standard output.
    static let program = """
        _start:
            ldr x0, stack
            mov x1, #0
            mov x8, #132
            svc #0
            adr x19, signals
        next:
            ldr w0, [x19], #4
            cbz w0, refused
            adr x1, action
            mov x2, #0
            mov x3, #8
            mov x8, #134
            svc #0
            b next
        refused:
            udf #0
        handler:
            ldr x3, state
            ldp x4, x5, [x3]
            ldp x6, x7, [x3, #16]
            ldr x11, window
            ldr w8, [x2, #464]
            ldr w9, record
            cmp w8, w9
            b.ne badframe
            cbz x7, load
            str x0, [x5], #8
            add x8, x2, #176
            mov x9, #35
        save_registers:
            ldr x10, [x8], #8
            str x10, [x5], #8
            subs x9, x9, #1
            b.ne save_registers
            mrs x10, tpidr_el0
            str x10, [x5], #8
            add x8, x2, #472
            mov x9, #65
        save_vectors:
            ldr x10, [x8], #8
            str x10, [x5], #8
            subs x9, x9, #1
            b.ne save_vectors
            mov x8, x11
            mov x9, #64
        save_window:
            ldr x10, [x8], #8
            str x10, [x5], #8
            subs x9, x9, #1
            b.ne save_window
            str x5, [x3, #8]
            sub x6, x6, #1
        load:
            cbz x6, finish
            mov x7, #1
            stp x6, x7, [x3, #16]
            add x8, x2, #184
            mov x9, #34
        load_registers:
            ldr x10, [x4], #8
            str x10, [x8], #8
            subs x9, x9, #1
            b.ne load_registers
            ldr x10, [x4], #8
            msr tpidr_el0, x10
            add x8, x2, #472
            mov x9, #65
        load_vectors:
            ldr x10, [x4], #8
            str x10, [x8], #8
            subs x9, x9, #1
            b.ne load_vectors
            mov x8, x11
            mov x9, #64
        load_window:
            ldr x10, [x4], #8
            str x10, [x8], #8
            subs x9, x9, #1
            b.ne load_window
            str x4, [x3]
            ret
        finish:
            ldr x19, dumps
        write:
            subs x2, x5, x19
            b.eq exit
            mov x0, #1
            mov x1, x19
            mov x8, #64
            svc #0
            cmp x0, #0
            b.le exit
            add x19, x19, x0
            b write
        exit:
            mov x0, #0
            mov x8, #94
            svc #0
        badframe:
            mov x0, #3
            mov x8, #94
            svc #0
        record:
            .word \(vectorRecord)
        signals:  // SIGILL, SIGTRAP, SIGBUS, SIGSEGV
            .word 4, 5, 7, 11, 0
        action:   // struct sigaction, with SA_SIGINFO | SA_ONSTACK | SA_NODEFER
            .quad \(base) + handler - _start, 0x48000004, 0, 0
        stack:    // The stack_t lies after the handler's four variables.
            .quad \(state + 32)
        state:
            .quad \(state)
        window:
            .quad \(AddressSpace.window)
        dumps:
            .quad \(dumps)
        """
}
