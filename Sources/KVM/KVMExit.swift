import ByteOrder
import CLinuxKVM

/// Why KVM_RUN came back (KVM API, section 5, "The kvm_run structure").
package enum KVMExit: Equatable, Sendable {
    /// The guest accessed an address without memory: for a read, `KVMVCPU.completeRead` gives it the value.
    case deviceRead(address: UInt64, size: Int)
    case deviceWrite(address: UInt64, size: Int, value: UInt64)
    /// KVM_EXIT_DEBUG: the syndrome as in ESR_EL2, and FAR_EL2.
    case debug(syndrome: UInt32, faultAddress: UInt64)
    /// KVM_EXIT_IO: `count` values of `size` bytes for a port, one after the other; `KVMVCPU.completePortRead` gives
    /// them.
    case portRead(port: UInt16, size: Int, count: Int)
    /// Likewise; `KVMVCPU.portValue` has them.
    case portWrite(port: UInt16, size: Int, count: Int)
    /// KVM_EXIT_DEBUG on x86: the vector, RIP as a linear address, DR6 and DR7.
    case debugTrap(vector: UInt8, pc: UInt64, dr6: UInt64, dr7: UInt64)
    /// KVM_EXIT_HLT: without an interrupt controller inside KVM.
    case halted
    /// KVM_EXIT_SHUTDOWN: a fault while delivering a double fault.
    case tripleFault
    case poweredOff
    case resetRequested
    /// KVM_SYSTEM_EVENT_CRASH.
    case crashed
    /// KVM_EXIT_ARM_NISV: an access outside memory by an instruction whose syndrome doesn't say what it does.
    case undescribedAccess(isWrite: Bool)
    /// A signal, or `KVMVCPU.setImmediateExit`.
    case interrupted
    /// Anything else: the number, and what KVM says about it.
    case failed(String)
}

extension KVMExit {
    /// Reads it from the shared page.
    package init(_ shared: borrowing SharedPage) {
        switch Int32(shared.run.exit_reason) {
        case KVM_EXIT_MMIO: self = Self.deviceAccess(shared)
        case KVM_EXIT_DEBUG: self = shared.debugExit
        case KVM_EXIT_IO: self = Self.portAccess(shared)
        case KVM_EXIT_HLT: self = .halted
        case KVM_EXIT_SHUTDOWN: self = .tripleFault
        case KVM_EXIT_SYSTEM_EVENT:
            switch Int32(shared.run.system_event.type) {
            case KVM_SYSTEM_EVENT_SHUTDOWN: self = .poweredOff
            case KVM_SYSTEM_EVENT_RESET: self = .resetRequested
            case KVM_SYSTEM_EVENT_CRASH: self = .crashed
            default: self = .failed("system event \(shared.run.system_event.type)")
            }
        case KVM_EXIT_INTR: self = .interrupted
        case KVM_EXIT_ARM_NISV:
            // `esr_iss` is the ISS, with WnR in bit 6 (KVM API, section 5, `arm_nisv`).
            self = .undescribedAccess(isWrite: shared.run.arm_nisv.esr_iss & 1 << 6 != 0)
        case KVM_EXIT_FAIL_ENTRY:
            let reason = String(shared.run.fail_entry.hardware_entry_failure_reason, radix: 16)
            self = .failed("the processor refuses to enter the guest (reason 0x\(reason))")
        case KVM_EXIT_INTERNAL_ERROR: self = .failed("KVM's internal error \(shared.run.internal.suberror)")
        default: self = .failed("exit reason \(shared.run.exit_reason)")
        }
    }

    private static func portAccess(_ shared: borrowing SharedPage) -> Self {
        let access = shared.run.io
        let (size, count) = (Int(access.size), Int(access.count))
        guard size == 1 || size == 2 || size == 4 else { return .failed("a port access of \(size) bytes") }
        // KVM_EXIT_IO_IN is 0.
        return access.direction == 0
            ? .portRead(port: access.port, size: size, count: count)
            : .portWrite(port: access.port, size: size, count: count)
    }

    private static func deviceAccess(_ shared: borrowing SharedPage) -> Self {
        let access = shared.run.mmio
        let size = Int(access.len)
        guard (1...8).contains(size) else { return .failed("a device access of \(size) bytes") }
        guard access.is_write != 0 else { return .deviceRead(address: access.phys_addr, size: size) }
        let data = access.data
        let bytes = [data.0, data.1, data.2, data.3, data.4, data.5, data.6, data.7]
        let value = UInt64(littleEndianBytes: bytes.prefix(size))
        return .deviceWrite(address: access.phys_addr, size: size, value: value)
    }
}
