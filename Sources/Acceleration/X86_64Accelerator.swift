package import Execution
package import X86_64

/// An accelerator that runs the vCPUs of an x86-64 guest.
package protocol X86_64Accelerator: Accelerator {
    /// Whether the guest has AVX.
    var hasAVX: Bool { get }

    /// A register's bytes, least significant first.
    func read(_ register: DebuggerRegister, vcpu: Int) throws(TargetError) -> [UInt8]
    /// Writes several registers as one: when it throws for a value that can't be, none has changed.
    func write(_ values: [(register: DebuggerRegister, bytes: [UInt8])], vcpu: Int) throws(TargetError)

    /// The translation of linear addresses by a vCPU's current registers.
    func paging(vcpu: Int) throws(TargetError) -> X86Paging
    /// The code size and privilege level of a vCPU, as `monitor info cpus` shows them.
    func mode(vcpu: Int) throws(TargetError) -> X86Mode
}

/// A vCPU's paging, and where SYSCALL goes, by which a kernel is found that is unmapped.
package struct X86Paging: Sendable {
    package var paging: Paging
    package var lstar: UInt64

    package init(paging: Paging, lstar: UInt64) {
        self.paging = paging
        self.lstar = lstar
    }
}

/// The mode that a vCPU is in.
package struct X86Mode: Sendable {
    package var codeSize: CodeSize
    package var privilegeLevel: Int

    package init(codeSize: CodeSize, privilegeLevel: Int) {
        self.codeSize = codeSize
        self.privilegeLevel = privilegeLevel
    }

    /// Such as `64-bit, ring 0`.
    package var text: String {
        let bits =
            switch codeSize {
            case .bits16: 16
            case .bits32: 32
            case .bits64: 64
            }
        return "\(bits)-bit, ring \(privilegeLevel)"
    }
}

extension GuestExceptions {
    /// #BP, by the bit of its vector.
    package static let int3 = GuestExceptions(rawValue: 1 << UInt32(ExceptionVector.breakpoint))
}
