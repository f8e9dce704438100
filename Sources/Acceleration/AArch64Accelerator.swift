package import AArch64
package import Execution
package import Machine

/// The state of held vCPUs that determines the translation of virtual addresses.
package protocol AArch64TranslationState: AnyObject {
    /// The number of vCPUs.
    var vcpuCount: Int { get }
    /// The architecture features that the guest has.
    var features: ArchitectureFeatures { get }
    /// The size of a physical address in bits, from ID_AA64MMFR0_EL1.PARange.
    var physicalAddressBits: Int { get }

    /// Returns the current activity of a vCPU.
    func activity(vcpu: Int) -> VCPUActivity
    /// Reads a register of a held vCPU.
    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64

    /// Returns the value of TTBR1_EL1 before its current table; nil if unknown. Used by `KernelTableSearch`.
    func earlierTTBR1(vcpu: Int) -> UInt64?
}

/// An accelerator for AArch64 guests.
package protocol AArch64Accelerator: Accelerator, AArch64TranslationState {
    /// The system registers that a debugger can read.
    var systemRegisters: [SystemRegister] { get }

    /// Writes a register of a held vCPU.
    func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError)
    /// Reads V`index`, 0 to 31.
    func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue
    /// Writes V`index`, 0 to 31.
    func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError)

    // Optional requirements: an extension has the defaults.

    /// The classes of guest exceptions that the accelerator can catch.
    var catchableExceptions: [ExceptionCatches.Class] { get }
    /// Returns the exception that a vCPU stopped at last; nil if unknown.
    func caughtException(vcpu: Int) -> CaughtException?
    /// The supported times for masking interrupts.
    var interruptHoldings: [InterruptHolding] { get }
    /// Returns the state of every interrupt of a vCPU, by INTID; nil unless the accelerator has the interrupt
    /// controller.
    func interrupts(vcpu: Int) -> [InterruptState]?
    /// The vector lengths of a guest with SVE; nil without SVE.
    var vectorLengths: VectorLengths? { get }
    /// Reads an SVE register, least significant byte first, in the size of the largest vector length.
    func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8]
    /// Writes an SVE register, in the form that `readBytes` returns.
    func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError)
}

extension AArch64Accelerator {
    /// Returns the PC.
    package func programCounter(vcpu: Int) throws(TargetError) -> UInt64 { try read(.pc, vcpu: vcpu) }

    /// Only BRK can be caught.
    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    /// Interrupts can be masked only during steps.
    package var interruptHoldings: [InterruptHolding] { [.whileStepping] }
    /// Returns nil: the exception is unknown.
    package func caughtException(vcpu: Int) -> CaughtException? { nil }
    /// Returns nil: the accelerator has no interrupt controller.
    package func interrupts(vcpu: Int) -> [InterruptState]? { nil }
    /// No SVE.
    package var vectorLengths: VectorLengths? { nil }
    /// Throws, because the guest has no SVE.
    package func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        throw .invalid("the guest has no SVE")
    }
    /// Throws, because the guest has no SVE.
    package func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        throw .invalid("the guest has no SVE")
    }
}

/// A register of one vCPU.
package enum GuestRegister: Hashable, Sendable {
    /// x0 to x30.
    case x(Int)
    /// SP_EL0, used at EL0 and at EL1 with PSTATE.SP = 0.
    case spEL0
    /// SP_EL1, used at EL1 with PSTATE.SP = 1.
    case spEL1
    /// The program counter.
    case pc
    /// All 64 bits of PSTATE, in the layout of SPSR_EL1.
    case pstate
    /// FPCR, the floating-point control register.
    case fpcr
    /// FPSR, the floating-point status register.
    case fpsr
    /// A system register.
    case system(SystemRegisterEncoding)
}

/// The 128 bits of a SIMD and floating-point register.
package struct VectorValue: Equatable, Sendable {
    /// Bits 63 to 0.
    package var low: UInt64
    /// Bits 127 to 64.
    package var high: UInt64

    /// A value from its two halves.
    package init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }
}

extension GuestDebug {
    /// The caught exceptions, as AArch64 exception classes.
    package var exceptionCatches: ExceptionCatches {
        get { ExceptionCatches(rawValue: catches.rawValue) }
        set { catches = GuestExceptions(rawValue: newValue.rawValue) }
    }

    /// The address space in which a breakpoint at the address stops; nil for all.
    package func binding(at address: UInt64) -> AddressSpaceBinding? {
        bindings[address].map { AddressSpaceBinding($0) }
    }
}

extension AddressSpaceBinding {
    /// The binding to a tagged address space.
    package init(_ tag: AddressSpaceTag) {
        self.init(table: tag.table, asid: tag.identifier)
    }

    /// The address space as a tag.
    package var tag: AddressSpaceTag { AddressSpaceTag(table: table, identifier: asid) }
}
