package import Execution
package import X86_64

/// An accelerator for x86-64 guests.
package protocol X86_64Accelerator: Accelerator {
    /// Whether the guest has AVX.
    var hasAVX: Bool { get }

    /// Reads a register, least significant byte first.
    func read(_ register: DebuggerRegister, vcpu: Int) throws(TargetError) -> [UInt8]
    /// Writes several registers, all or none: if it throws because of an invalid value, none has changed.
    func write(_ values: [(register: DebuggerRegister, bytes: [UInt8])], vcpu: Int) throws(TargetError)

    /// Returns the translation of linear addresses by a vCPU's current registers.
    func paging(vcpu: Int) throws(TargetError) -> X86Paging
    /// Returns the code size and privilege level of a vCPU, for `monitor info cpus`.
    func mode(vcpu: Int) throws(TargetError) -> X86Mode
}

/// A vCPU's paging, and its LSTAR, by which the tables of an unmapped kernel are found.
package struct X86Paging: Sendable {
    /// The paging.
    package var paging: Paging
    /// IA32_LSTAR: the target address of SYSCALL.
    package var lstar: UInt64

    /// The paging with the value of IA32_LSTAR.
    package init(paging: Paging, lstar: UInt64) {
        self.paging = paging
        self.lstar = lstar
    }
}

/// The execution mode of a vCPU.
package struct X86Mode: Sendable {
    /// The default operand and address size of the current code segment.
    package var codeSize: CodeSize
    /// The current privilege level, 0 to 3.
    package var privilegeLevel: Int

    /// A mode with these properties.
    package init(codeSize: CodeSize, privilegeLevel: Int) {
        self.codeSize = codeSize
        self.privilegeLevel = privilegeLevel
    }

    /// The mode for display, such as `64-bit, ring 0`.
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
    /// #BP, as the bit of its vector number.
    package static let int3 = GuestExceptions(rawValue: 1 << UInt32(ExceptionVector.breakpoint))
}
