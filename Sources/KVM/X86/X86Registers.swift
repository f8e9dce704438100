/// `struct kvm_regs` (KVM API, 4.11).
package struct X86Registers: BitwiseCopyable, Equatable, Sendable {
    package var rax: UInt64 = 0
    package var rbx: UInt64 = 0
    package var rcx: UInt64 = 0
    package var rdx: UInt64 = 0
    package var rsi: UInt64 = 0
    package var rdi: UInt64 = 0
    package var rsp: UInt64 = 0
    package var rbp: UInt64 = 0
    package var r8: UInt64 = 0
    package var r9: UInt64 = 0
    package var r10: UInt64 = 0
    package var r11: UInt64 = 0
    package var r12: UInt64 = 0
    package var r13: UInt64 = 0
    package var r14: UInt64 = 0
    package var r15: UInt64 = 0
    package var rip: UInt64 = 0
    /// Bit 1 is always set.
    package var rflags: UInt64 = 2

    package init() {}
}

/// `struct kvm_segment`: a segment register with its descriptor.
package struct X86Segment: BitwiseCopyable, Equatable, Sendable {
    package var base: UInt64 = 0
    /// In bytes, whatever G says.
    package var limit: UInt32 = 0
    package var selector: UInt16 = 0
    package var type: UInt8 = 0
    package var present: UInt8 = 0
    package var dpl: UInt8 = 0
    package var db: UInt8 = 0
    package var s: UInt8 = 0
    package var l: UInt8 = 0
    package var g: UInt8 = 0
    package var avl: UInt8 = 0
    package var unusable: UInt8 = 0
    private var padding: UInt8 = 0

    package init() {}
}

/// `struct kvm_dtable`: GDTR or IDTR.
package struct X86DescriptorTable: BitwiseCopyable, Equatable, Sendable {
    package var base: UInt64 = 0
    package var limit: UInt16 = 0
    private var padding: (UInt16, UInt16, UInt16) = (0, 0, 0)

    package init() {}

    package static func == (first: Self, second: Self) -> Bool {
        first.base == second.base && first.limit == second.limit
    }
}

/// `struct kvm_sregs` (KVM API, 4.13).
package struct X86SystemRegisters: BitwiseCopyable, Equatable, Sendable {
    package var cs = X86Segment()
    package var ds = X86Segment()
    package var es = X86Segment()
    package var fs = X86Segment()
    package var gs = X86Segment()
    package var ss = X86Segment()
    package var tr = X86Segment()
    package var ldt = X86Segment()
    package var gdt = X86DescriptorTable()
    package var idt = X86DescriptorTable()
    package var cr0: UInt64 = 0
    package var cr2: UInt64 = 0
    package var cr3: UInt64 = 0
    package var cr4: UInt64 = 0
    package var cr8: UInt64 = 0
    package var efer: UInt64 = 0
    package var apicBase: UInt64 = 0
    /// A bit for the external interrupt that waits to be taken.
    private var interruptBitmap: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    package init() {}

    package static func == (first: Self, second: Self) -> Bool {
        first.cs == second.cs && first.ds == second.ds && first.es == second.es && first.fs == second.fs
            && first.gs == second.gs && first.ss == second.ss && first.tr == second.tr && first.ldt == second.ldt
            && first.gdt == second.gdt && first.idt == second.idt && first.cr0 == second.cr0 && first.cr2 == second.cr2
            && first.cr3 == second.cr3 && first.cr4 == second.cr4 && first.cr8 == second.cr8
            && first.efer == second.efer && first.apicBase == second.apicBase
            && first.interruptBitmap == second.interruptBitmap
    }
}

/// `struct kvm_debugregs` (KVM API, 4.33): the guest's own.
package struct X86DebugRegisters: BitwiseCopyable, Sendable {
    package var addresses: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    package var dr6: UInt64 = 0
    package var dr7: UInt64 = 0
    private var flags: UInt64 = 0
    private var reserved: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
        0, 0, 0, 0, 0, 0, 0, 0, 0
    )

    package init() {}
}

/// `struct kvm_cpuid_entry2` (KVM API, 4.20).
package struct CPUIDEntry: BitwiseCopyable, Equatable, Sendable {
    package var function: UInt32 = 0
    package var index: UInt32 = 0
    package var flags: UInt32 = 0
    package var eax: UInt32 = 0
    package var ebx: UInt32 = 0
    package var ecx: UInt32 = 0
    package var edx: UInt32 = 0

    package init() {}

    /// Makes the value from its 40 bytes, as 64-bit words.
    init(words: ArraySlice<UInt64>) {
        let words = Array(words)
        func half(_ index: Int) -> UInt32 { UInt32(truncatingIfNeeded: words[index / 2] >> (index % 2 == 0 ? 0 : 32)) }
        (function, index, flags) = (half(0), half(1), half(2))
        (eax, ebx, ecx, edx) = (half(3), half(4), half(5), half(6))
    }

    var words: [UInt64] {
        func pair(_ low: UInt32, _ high: UInt32) -> UInt64 { UInt64(low) | UInt64(high) << 32 }
        return [pair(function, index), pair(flags, eax), pair(ebx, ecx), pair(edx, 0), 0]
    }

    static let wordCount = 5
}
