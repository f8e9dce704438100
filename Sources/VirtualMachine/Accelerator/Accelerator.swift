package import AArch64
package import GDBStub
package import Machine

/// What runs the vCPUs: KVM, or Trapline's own software CPU.
///
/// The contract is KVM's own model, because it is the one real hardware has: registers by id, guest debug set as a
/// whole, a run that ends for a reason, and a kick from outside. All calls but `requestStop` and `kick` come while no
/// vCPU runs.
package protocol Accelerator: AnyObject {
    /// `kvm` or `software`.
    var name: String { get }
    var vcpuCount: Int { get }
    /// The architecture's features that the guest has.
    var features: ArchitectureFeatures { get }
    /// The system registers a debugger can read.
    var systemRegisters: [SystemRegister] { get }
    /// The size of a physical address, ID_AA64MMFR0_EL1.PARange in bits.
    var physicalAddressBits: Int { get }

    /// Runs the vCPUs as planned until there is something to report; when it returns, none runs any more.
    ///
    /// A vCPU with something to pass executes its first instruction although that would stop it again. Interrupts are
    /// held off meanwhile. A vCPU that steps has done so before another one's breakpoint is reported. Ranges don't get
    /// here: they are stepped through from outside.
    func run(_ plan: ResumePlan, passing: [PassedStop]) -> RunOutcome

    /// Names who decides about breakpoints; false if `run` reports all of them, and its caller is to ask.
    func setStopFilter(_ filter: any StopFilter) -> Bool

    /// Makes `run` return `.requested` soon, also a `run` that has yet to begin. Any thread may call it.
    func requestStop()
    /// Takes back a `requestStop` that came too late to stop anything.
    func clearStopRequest()
    /// Wakes idle vCPUs, because something outside changed: console input. Any thread may call it.
    func kick()

    /// Puts every vCPU into the state in which the machine starts: vCPU 0 as `boot` says, the others off.
    func reset(_ boot: BootState)

    func read(_ register: GuestRegister, vcpu: Int) throws(TargetError) -> UInt64
    func write(_ register: GuestRegister, _ value: UInt64, vcpu: Int) throws(TargetError)
    func readVector(_ index: Int, vcpu: Int) throws(TargetError) -> VectorValue
    func writeVector(_ index: Int, _ value: VectorValue, vcpu: Int) throws(TargetError)

    /// Replaces all breakpoints and watchpoints. When it throws, the earlier ones are still set.
    func setGuestDebug(_ debug: GuestDebug) throws(TargetError)

    /// Tells that guest memory was written from outside the vCPUs.
    func memoryChanged(_ range: Range<UInt64>)

    func activity(vcpu: Int) -> VCPUActivity

    /// What TTBR1_EL1 held before it got its current table, as far as that is known: `KernelTableSearch` says what for.
    func earlierTTBR1(vcpu: Int) -> UInt64?

    // What follows is optional.

    /// The vector lengths of a guest with SVE; nil for one without.
    var vectorLengths: VectorLengths? { get }
    /// A register of SVE's, least significant byte first, with as many bytes as the largest vector length gives it.
    func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8]
    func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError)
    /// The exceptions of the guest's own that it can stop at.
    var catchableExceptions: [ExceptionCatches.Class] { get }
    /// The exception that a vCPU stopped at last.
    func caughtException(vcpu: Int) -> CaughtException?
    /// When it can hold interrupts off.
    var interruptHoldings: [InterruptHolding] { get }
    /// Whether it can stop when a vCPU is turned on or off.
    var canReportPower: Bool { get }
    /// How many watchpoints there can be; nil if that can't be said.
    var watchpointCount: Int? { get }
    /// A row for each reason for which vCPUs come back.
    var exitCounts: [ExitCount]? { get }
    /// Every interrupt by INTID, as the vCPU has it, where the interrupt controller is the accelerator's.
    func interrupts(vcpu: Int) -> [InterruptState]?
}

extension Accelerator {
    package func setStopFilter(_ filter: any StopFilter) -> Bool { false }
}

/// Why the vCPUs came to a halt.
package enum RunOutcome: Equatable, Sendable {
    /// A stop for the debugger.
    case stopped(StopEvent)
    /// `requestStop` was called.
    case requested
    /// The guest turned the machine off.
    case poweredOff(status: UInt8)
    /// The guest asked for a reset.
    case resetRequested
    /// The machine can't go on: what happened, for people.
    case failed(String)
}

/// What has been reported of a vCPU at its PC, and so does not stop it again there.
package enum PassedStop: Equatable, Sendable {
    case nothing
    case breakpoint
    case watchpoint
    /// An exception of the guest's own: this time the guest has it.
    case guestTrap

    /// What a vCPU passes that goes on from where the event was reported.
    init(_ reason: StopEvent.Reason) {
        switch reason {
        case .softwareBreakpoint, .hardwareBreakpoint, .stepped: self = .breakpoint
        case .watchpoint: self = .watchpoint
        case .guestTrap: self = .guestTrap
        case .paused, .turnedOn, .turnedOff, .poweredOff, .failed: self = .nothing
        }
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

/// What a vCPU is doing, for people.
package enum VCPUActivity: Equatable, Sendable {
    case running
    /// In WFI: waits for an interrupt.
    case waiting
    /// Turned off, or never turned on (PSCI).
    case off
}

/// The debugger's breakpoints and watchpoints, for all vCPUs.
package struct GuestDebug: Equatable, Sendable {
    package var softwareBreakpoints: Set<UInt64> = []
    package var hardwareBreakpoints: Set<UInt64> = []
    package var watchpoints: [StopPoint] = []
    /// Addresses whose breakpoints stop only in one address space; a vCPU in another passes them unnoticed.
    ///
    /// By address, whether there is a breakpoint or not: clients take breakpoints out at each stop.
    package var bindings: [UInt64: AddressSpaceBinding] = [:]
    /// Exceptions of the guest's own that stop instead of being taken; only those of `catchableExceptions`.
    package var catches = ExceptionCatches()
    /// When interrupts are held off; only one of `interruptHoldings`.
    package var interrupts = InterruptHolding.whileStepping
    /// Stop when a vCPU is turned on or off, where `canReportPower` says so.
    package var reportsPower = false

    package init() {}

    /// Stop when the guest executes a BRK of its own, instead of letting it have its exception.
    package var catchesGuestBreakpoints: Bool {
        catches.contains(.brk, from: .el0) || catches.contains(.brk, from: .el1)
    }
}

/// When the guest gets no interrupts because of the debugger.
package enum InterruptHolding: String, CaseIterable, Sendable {
    // The raw values are the words of `monitor mask-irq`.
    case always = "on"
    case never = "off"
    case whileStepping = "step"
}

/// How often the vCPUs came back to the accelerator for a reason.
package struct ExitCount: Equatable, Sendable {
    package var reason: String
    /// For each vCPU.
    package var counts: [UInt64]

    package init(reason: String, counts: [UInt64]) {
        self.reason = reason
        self.counts = counts
    }
}

// What an accelerator need not have: the debugger then says that there is none.
extension Accelerator {
    package var vectorLengths: VectorLengths? { nil }
    package func readBytes(of register: ScalableRegister, vcpu: Int) throws(TargetError) -> [UInt8] {
        throw .invalid("the guest has no SVE")
    }
    package func writeBytes(of register: ScalableRegister, _ bytes: [UInt8], vcpu: Int) throws(TargetError) {
        throw .invalid("the guest has no SVE")
    }
    package var catchableExceptions: [ExceptionCatches.Class] { [.brk] }
    package var interruptHoldings: [InterruptHolding] { [.whileStepping] }
    package var canReportPower: Bool { false }
    package var watchpointCount: Int? { nil }
    package var exitCounts: [ExitCount]? { nil }
    package func caughtException(vcpu: Int) -> CaughtException? { nil }
    package func interrupts(vcpu: Int) -> [InterruptState]? { nil }
}
