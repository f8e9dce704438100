import Testing

/// Why a test is left out where guests run on KVM, in the emulated arm64 host.
///
/// The cases are the whole list: a test that none of them describes runs on KVM as well.
enum KVMExclusion: String {
    // Abilities that KVM does not offer a debugger (Documentation/limits.md, "Accelerators").

    case powerEvents = "KVM answers PSCI's calls itself and reports no power event"
    case exceptionCatches = "KVM reports no exception of the guest but BRK"
    case heldInterrupts = "KVM cannot hold interrupts off while the guest runs"
    case semihosting = "--semihosting is refused: KVM delivers HLT to the guest"
    case processorModel = "--cpu is refused: the guest's processor is the host's"
    case debugRegisters = "the test sets more breakpoints or watchpoints than a processor has registers"

    // Properties of the software CPU, which executes the guest's instructions itself.

    case softwareCPUSpeed = "the test measures how the software CPU executes these instructions"
    case guestTime = "the test measures guest time, which on KVM passes as the host's does"
    case turnOrder = "which vCPU is first depends on the software CPU's turns"

    // Tests that do not depend on the accelerator, and need the process to be on this host.

    case commandLine = "the command line is read before there is an accelerator"
    case terminal = "the process in the emulated host has no terminal"
    case hostProcess = "the process in the emulated host has no entry in this host's /proc"
    case hostFiles = "sockets and FIFOs of this host do not reach the emulated host"
    case connectionOrigin = "clients reach the emulated host's port from outside, as no user of that host"
    case passt = "the emulated host has no passt"

    // Tests that take too long where the host's instructions are emulated and each exit goes through an emulated EL2.

    case deviceSpeed = "the emulated host takes longer for a piece of such a device request than the test allows"
    case exitCount = "as many exits of the guest as the test needs take minutes in the emulated host"
}

/// Why a test is left out on the software CPU, while it runs on KVM.
enum SoftwareCPUExclusion: String {
    case guestDebug = "the software CPU keeps the guest's debug registers, but raises no exception for them"
    case scalableVectors = "the software CPU has no SVE"
    case debugRegisters = "the software CPU has no debug registers that could run out"
}

extension Trait where Self == ConditionTrait {
    /// A test of what QEMU lacks or does in another way; the reason is printed when the test is left out.
    static func traplineOnly(_ reason: Comment) -> Self {
        .enabled(if: VMUnderTest.isTrapline, reason)
    }

    /// A test that is left out on KVM in the emulated arm64 host; the reason is printed then.
    static func notOnKVM(_ reason: KVMExclusion) -> Self {
        .disabled(if: VMUnderTest.isKVM, Comment(rawValue: reason.rawValue))
    }

    /// A test that runs on KVM in the emulated arm64 host alone; the reason is printed where the test is left out.
    static func kvmOnly(_ reason: SoftwareCPUExclusion) -> Self {
        .enabled(if: VMUnderTest.isKVM, Comment(rawValue: reason.rawValue))
    }
}
