import CLinuxKVM
import HostIO
import SystemPackage

/// A vCPU of the host's KVM, with the page it shares with the kernel.
///
/// One thread at a time may use it, but for `setImmediateExit`, which any may call while the vCPU lives.
package struct KVMVCPU: ~Copyable {
    let descriptor: OwnedDescriptor
    let shared: SharedPage

    init(descriptor: consuming OwnedDescriptor, mapSize: Int) throws(KVMError) {
        shared = try SharedPage(descriptor.borrowed.rawValue, size: mapSize)
        self.descriptor = descriptor
    }

    /// Runs the guest until there is something to do (KVM API, 4.10).
    ///
    /// A device access or firmware call that the last exit was for is completed first.
    package func run() -> KVMExit {
        let result = trapline_ioctl(descriptor.borrowed.rawValue, KVMRequest.run.number, 0)
        guard result < 0 else { return KVMExit(shared) }
        let error = Errno.last
        if error == .interrupted || error == .resourceTemporarilyUnavailable { return .interrupted }
        return .failed("KVM_RUN: \(error)")
    }

    /// Completes what the last exit left half done, and executes nothing.
    package func complete() {
        let wanted = shared.immediateExit
        shared.immediateExit = true
        _ = trapline_ioctl(descriptor.borrowed.rawValue, KVMRequest.run.number, 0)
        shared.immediateExit = wanted
    }

    /// Gives the value for a `deviceRead`; the next `run` puts it into the register.
    package func completeRead(_ value: UInt64) {
        func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
        shared.run.mmio.data = (byte(0), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7))
    }

    /// Has the next `run` come back at once (KVM API, section 5, `immediate_exit`); a signal ends one that is under
    /// way.
    package func setImmediateExit(_ wanted: Bool) {
        shared.immediateExit = wanted
    }

    /// `KVM_MP_STATE_STOPPED`: off by PSCI (KVM API, 4.38).
    package func isStopped() throws(KVMError) -> Bool {
        var state = kvm_mp_state()
        try descriptor.request(.getMPState, &state)
        return state.mp_state == UInt32(KVM_MP_STATE_STOPPED)
    }

    // MARK: Registers

    /// Reads a register of up to 64 bits (KVM API, 4.69).
    package func read(_ id: UInt64) throws(KVMError) -> UInt64 {
        var value: UInt64 = 0
        try access(.getOneRegister, id, &value)
        return value
    }

    /// Writes a register of up to 64 bits (KVM API, 4.68).
    package func write(_ id: UInt64, _ value: UInt64) throws(KVMError) {
        var value = value
        try access(.setOneRegister, id, &value)
    }

    /// Reads a register into `value`, which is as large as the register or larger, or writes it from there.
    private func access<Value: BitwiseCopyable>(
        _ request: RegisterAccess, _ id: UInt64, _ value: inout Value
    ) throws(KVMError) {
        precondition(MemoryLayout<Value>.size >= Self.byteCount(of: id))
        // SAFETY: the kernel reads or writes as many bytes as the id says, during the call, and the value has them.
        if let error = unsafe withUnsafeMutablePointer(to: &value, { unsafe failure(request, id, at: $0) }) {
            throw error
        }
    }

    /// Reads a register of any size: as many bytes as its id says.
    package func readBytes(_ id: UInt64) throws(KVMError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: Self.byteCount(of: id))
        // SAFETY: the kernel writes as many bytes as the id says, during the call, and the array has them.
        if let error = unsafe bytes.withUnsafeMutableBytes({ unsafe failure(.getOneRegister, id, at: $0.baseAddress) })
        {
            throw error
        }
        return bytes
    }

    /// Writes a register of any size; what the value lacks is zero.
    package func writeBytes(_ id: UInt64, _ value: [UInt8]) throws(KVMError) {
        let count = Self.byteCount(of: id)
        var bytes = value.prefix(count) + [UInt8](repeating: 0, count: max(0, count - value.count))
        // SAFETY: the kernel reads as many bytes as the id says, during the call, and the array has them.
        if let error = unsafe bytes.withUnsafeMutableBytes({ unsafe failure(.setOneRegister, id, at: $0.baseAddress) })
        {
            throw error
        }
    }

    /// KVM_REG_SIZE_MASK: the size's logarithm.
    private static func byteCount(of id: UInt64) -> Int { 1 << Int(id >> 52 & 0xf) }

    /// Reads a register to where the pointer says, or writes it from there; what went wrong, if something did.
    private func failure(
        _ request: RegisterAccess, _ id: UInt64, at pointer: UnsafeMutableRawPointer?
    ) -> KVMError? {
        var argument = kvm_one_reg(id: id, addr: UInt64(UInt(bitPattern: pointer)))
        do throws(KVMError) {
            try descriptor.request(request.request, &argument)
            return nil
        } catch {
            return KVMError(operation: "\(error.operation) of \(String(id, radix: 16))", errno: error.errno)
        }
    }

    private enum RegisterAccess {
        case getOneRegister
        case setOneRegister

        var request: KVMRequest { self == .getOneRegister ? .getOneRegister : .setOneRegister }
    }

    /// The ids of all registers that this vCPU has (KVM API, 4.84).
    package func registerList() throws(KVMError) -> [UInt64] {
        var count: UInt64 = 0
        do throws(KVMError) {
            try descriptor.request(.getRegisterList, &count)
        } catch  where error.errno == .argListTooLong {
            // The count says now how many there are.
        }
        var list = [UInt64](repeating: 0, count: Int(count) + 1)
        list[0] = count
        try descriptor.request(.getRegisterList, words: &list)
        return Array(list.dropFirst().prefix(Int(list[0])))
    }

    // MARK: arm64

    /// Makes the vCPU the given processor, in the state of a reset (KVM API, 4.82).
    package func initialize(_ target: ArmVCPUTarget) throws(KVMError) {
        var target = target
        try descriptor.request(.armVCPUInit, &target)
    }

    /// Ends the set-up of SVE, with all vector lengths that the host gives guests (KVM API, 4.119).
    ///
    /// Until then the vCPU neither runs nor lists its registers.
    package func finalizeSVE() throws(KVMError) {
        var feature = Int32(ArmVCPUTarget.Feature.sve.rawValue)
        try descriptor.request(.armVCPUFinalize, &feature)
    }

    /// Says what the vCPU stops for (KVM API, 4.87).
    package func setGuestDebug(_ debug: ArmGuestDebug) throws(KVMError) {
        var words = debug.words
        try descriptor.request(.setGuestDebug, words: &words)
    }
}
