package import AArch64

/// The reason why a debugger's access to a system register is refused.
package enum SystemRegisterAccessError: Error, Equatable, Sendable {
    /// The CPU has no register with this encoding.
    case notImplemented
    /// A write of a read-only register.
    case readOnly
    /// A read of a write-only register.
    case writeOnly
    /// The access would change the interrupt controller's state, as acknowledging an interrupt does.
    case hasSideEffects

    /// The reason as text for the user.
    package var text: String {
        switch self {
        case .notImplemented: "no such system register on this CPU"
        case .readOnly: "the system register is read-only"
        case .writeOnly: "the system register is write-only"
        case .hasSideEffects: "an access to this register would act on the interrupt controller"
        }
    }
}

/// A debugger's access to the system registers: with the permissions of EL1, but without traps and side effects of
/// reads.
///
/// ``VCPU/pstate`` and the stack pointers have their own accessors.
extension VCPU {
    /// Reads the register without any effect that the guest could detect.
    package func debuggerRead(_ encoding: SystemRegisterEncoding) throws(SystemRegisterAccessError) -> UInt64 {
        if encoding == .spEL1 { return bankedSP(1) }
        if ImplementedRegisters.isInterruptController(encoding) {
            guard !InterruptControllerEffects.ofReading.contains(encoding) else { throw .hasSideEffects }
            guard let value = cluster.environment.readSystemRegister(encoding.rawValue, vcpu: index) else {
                throw SystemRegisterTable.register(encoding)?.access == .writeOnly ? .writeOnly : .notImplemented
            }
            return value
        }
        guard let row = cluster.registers.row(for: encoding) else { throw .notImplemented }
        guard row.pointee.access.canRead else { throw .writeOnly }
        // MRS of these reports the timers' outputs and rounds the cycle counter, which the guest could detect.
        if encoding == .isr { return system.pendingInterrupts.rawValue }
        let cycles = system.cycles
        defer { system.cycles = cycles }
        return read(row)
    }

    /// Writes the register's writable bits as MSR at EL1 does, with all effects of the write.
    package func debuggerWrite(
        _ encoding: SystemRegisterEncoding, _ value: UInt64
    ) throws(SystemRegisterAccessError) {
        if encoding == .spEL1 { return setBankedSP(1, value) }
        if ImplementedRegisters.isInterruptController(encoding) {
            guard !InterruptControllerEffects.ofWriting.contains(encoding) else { throw .hasSideEffects }
            guard cluster.environment.writeSystemRegister(encoding.rawValue, value: value, vcpu: index) else {
                throw SystemRegisterTable.register(encoding)?.access == .readOnly ? .readOnly : .notImplemented
            }
            return
        }
        guard let row = cluster.registers.row(for: encoding) else { throw .notImplemented }
        guard row.pointee.access.canWrite else { throw .readOnly }
        write(row, value)
    }

    /// Sets PSTATE from a debugger's `cpsr`; if the value is refused, nothing changes.
    package func debuggerWritePSTATE(_ cpsr: UInt32) throws(PSTATEError) {
        let new = try PSTATE(rawValue: pstate).validated(writing: cpsr, features: cluster.features)
        pstate = new.rawValue
    }
}

/// The GIC CPU interface registers whose reads or writes have side effects.
private enum InterruptControllerEffects {
    /// ICC_IAR0_EL1 and ICC_IAR1_EL1, whose reads acknowledge an interrupt.
    static let ofReading: Set<SystemRegisterEncoding> = [
        SystemRegisterEncoding(3, 0, 12, 8, 0), SystemRegisterEncoding(3, 0, 12, 12, 0),
    ]
    /// ICC_EOIR0_EL1, ICC_EOIR1_EL1, ICC_DIR_EL1, ICC_SGI1R_EL1, ICC_ASGI1R_EL1 and ICC_SGI0R_EL1.
    static let ofWriting: Set<SystemRegisterEncoding> = [
        SystemRegisterEncoding(3, 0, 12, 8, 1), SystemRegisterEncoding(3, 0, 12, 12, 1),
        SystemRegisterEncoding(3, 0, 12, 11, 1), SystemRegisterEncoding(3, 0, 12, 11, 5),
        SystemRegisterEncoding(3, 0, 12, 11, 6), SystemRegisterEncoding(3, 0, 12, 11, 7),
    ]
}
