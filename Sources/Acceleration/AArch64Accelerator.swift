package import AArch64
package import Execution
package import Machine

/// The state of held vCPUs by which virtual addresses are translated.
package protocol AArch64TranslationState: AnyObject {
    var vcpuCount: Int { get }
    /// The architecture's features that the guest has.
    var features: ArchitectureFeatures { get }
    /// The size of a physical address, ID_AA64MMFR0_EL1.PARange in bits.
    var physicalAddressBits: Int { get }

    func activity(vcpu: Int) -> VCPUActivity
    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64

    /// The value of TTBR1_EL1 before it got its current table, or nil if unknown. `KernelTableSearch` uses it.
    func earlierTTBR1(vcpu: Int) -> UInt64?
}

/// An accelerator for AArch64 guests.
package protocol AArch64Accelerator: Accelerator, AArch64TranslationState {
    /// The system registers a debugger can read.
    var systemRegisters: [SystemRegister] { get }

    func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError)
    func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue
    func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError)

    // Optional requirements: an extension has the defaults.

    /// The exceptions of the guest's own that it can stop at.
    var catchableExceptions: [ExceptionCatches.Class] { get }
    /// The exception that a vCPU stopped at last.
    func caughtException(vcpu: Int) -> CaughtException?
    /// When it can hold interrupts off.
    var interruptHoldings: [InterruptHolding] { get }
    /// Every interrupt by INTID, as the vCPU has it, where the interrupt controller is the accelerator's.
    func interrupts(vcpu: Int) -> [InterruptState]?
    /// The vector lengths of a guest with SVE; nil for one without.
    var vectorLengths: VectorLengths? { get }
    /// A register of SVE's, least significant byte first, with as many bytes as the largest vector length gives it.
    func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8]
    func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError)
}

extension AArch64Accelerator {
    package func programCounter(vcpu: Int) throws(TargetError) -> UInt64 { try read(.pc, vcpu: vcpu) }

    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    package var interruptHoldings: [InterruptHolding] { [.whileStepping] }
    package func caughtException(vcpu: Int) -> CaughtException? { nil }
    package func interrupts(vcpu: Int) -> [InterruptState]? { nil }
    package var vectorLengths: VectorLengths? { nil }
    package func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        throw .invalid("the guest has no SVE")
    }
    package func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        throw .invalid("the guest has no SVE")
    }
}

/// A register of one vCPU.
package enum GuestRegister: Hashable, Sendable {
    /// x0 to x30.
    case x(Int)
    /// The stack pointer that EL0 uses, and EL1 with PSTATE.SP = 0.
    case spEL0
    /// The stack pointer of EL1 with PSTATE.SP = 1.
    case spEL1
    case pc
    /// All 64 bits, in the layout of SPSR_EL1.
    case pstate
    case fpcr
    case fpsr
    case system(SystemRegisterEncoding)
}

/// The 128 bits of a SIMD and floating-point register.
package struct VectorValue: Equatable, Sendable {
    package var low: UInt64
    package var high: UInt64

    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}

extension GuestDebug {
    /// `catches` as AArch64 has them.
    package var exceptionCatches: ExceptionCatches {
        get { ExceptionCatches(rawValue: catches.rawValue) }
        set { catches = GuestExceptions(rawValue: newValue.rawValue) }
    }

    /// The address space in which a breakpoint at the address counts; nil: in each.
    package func binding(at address: UInt64) -> AddressSpaceBinding? {
        bindings[address].map { AddressSpaceBinding($0) }
    }
}

extension AddressSpaceBinding {
    package init(_ tag: AddressSpaceTag) {
        self.init(table: tag.table, asid: tag.identifier)
    }

    package var tag: AddressSpaceTag { AddressSpaceTag(table: table, identifier: asid) }
}
