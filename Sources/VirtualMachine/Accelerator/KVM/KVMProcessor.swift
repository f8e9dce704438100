import AArch64
import Glibc
import KVM
import Machine
import Synchronization

/// A vCPU of KVM's with the thread that runs it.
///
/// Either it moves under an order, and its thread alone touches it, or it is held, and the machine's owner does.
final class KVMProcessor: @unchecked Sendable {
    // SAFETY: all state but `isStopRequested` is the vCPU thread's while an order is under way and the owner's otherwise;
    // `orders` and `board` hand it over.
    let index: Int
    let machine: KVMGuest
    private var owner: Owner?
    private let orders = Monitor<Orders>(Orders())
    private let thread = Monitor<HostThread?>(nil)
    private let isStopRequested = Atomic<Bool>(false)

    /// What the debugger wants this vCPU to stop for while it runs freely.
    var debug = KVMDebugPlan()
    /// What KVM was last told, to spare it what it knows.
    private var toldDebug: ArmGuestDebug?
    /// Whether the last exit was a kick, which may have ended a sleep in WFI.
    private(set) var wasInterrupted = false
    /// The table of a kernel in TTBR1_EL1, as it was seen last.
    private(set) var kernelTable: UInt64?
    private var deviceExits = 0
    private(set) var exits = KVMExitCounter()
    /// The exception of the guest's own that it stopped at last.
    var caught: CaughtException?

    /// What the thread is to do next.
    enum Order: Equatable {
        case run
        /// One instruction, or one exclusive sequence, with interrupts held off.
        case step(passing: PassedStop)
        case quit
    }

    private struct Orders {
        var next: Order?
        /// The thread to signal; nil until it has started.
        var id: pthread_t?
    }

    /// A class around what can't be copied, so that a reset can exchange it.
    private final class Owner {
        let vcpu: KVMVCPU

        init(_ vcpu: consuming KVMVCPU) {
            self.vcpu = vcpu
        }
    }

    init(_ index: Int, machine: KVMGuest) {
        self.index = index
        self.machine = machine
    }

    /// Takes a fresh vCPU in place of the one before.
    func install(_ vcpu: consuming KVMVCPU) {
        owner = Owner(vcpu)
        toldDebug = nil
        kernelTable = nil
        wasInterrupted = false
        caught = nil
    }

    /// The vCPU itself.
    func withVCPU<Result, Failure: Error>(
        _ body: (borrowing KVMVCPU) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let owner else { preconditionFailure("a vCPU is used before it was made") }
        return try body(owner.vcpu)
    }

    // MARK: The thread

    /// Starts the thread, which waits for orders.
    func start(_ board: KVMBoard) throws(HostError) {
        KVMKickSignal.install()
        let thread = try HostThread(named: "vcpu \(index)") { [self] in
            orders.withLock { $0.id = pthread_self() }
            while let order = nextOrder() {
                let report = perform(order)
                board.put(report, vcpu: index)
            }
        }
        self.thread.withLock { $0 = thread }
        _ = orders.wait { $0.id }
    }

    /// Ends the thread; the vCPU must be held.
    func end() {
        orders.withLock { $0.next = .quit }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// Has the thread carry out an order, whose report comes to the board.
    func give(_ order: Order) {
        isStopRequested.store(false, ordering: .relaxed)
        withVCPU { $0.setImmediateExit(false) }
        orders.withLock { $0.next = order }
    }

    /// Makes a free run end soon, or a step that sleeps look around.
    ///
    /// The vCPU must be under way: any thread may call it then.
    func kick(stopping: Bool) {
        if stopping {
            isStopRequested.store(true, ordering: .releasing)
            withVCPU { $0.setImmediateExit(true) }
        }
        orders.withLock { orders in
            if let id = orders.id { pthread_kill(id, KVMKickSignal.number) }
        }
    }

    /// Whether a kick asked for the end of the run.
    var mustStop: Bool { isStopRequested.load(ordering: .acquiring) }

    private func nextOrder() -> Order? {
        let order = orders.wait { orders in
            defer { orders.next = nil }
            return orders.next
        }
        return order == .quit ? nil : order
    }

    private func perform(_ order: Order) -> KVMReport {
        wasInterrupted = false
        do throws(KVMError) {
            switch order {
            case .run: return try run()
            case .step(let passing): return try step(passing)
            case .quit: return .interrupted
            }
        } catch {
            let reason = error.errno == 0 ? "" : ": \(HostError.text(error.errno))"
            return .failed("vCPU \(index): \(error.operation)\(reason)")
        }
    }

    // MARK: Running

    /// Runs freely until there is something to report.
    private func run() throws(KVMError) -> KVMReport {
        try tell(debug.armed)
        while true {
            switch enterGuest() {
            case .interrupted:
                if mustStop {
                    wasInterrupted = true
                    return .interrupted
                }
            case .debug(let syndrome, let faultAddress):
                if let report = try debugExit(syndrome, faultAddress) { return report }
            case let exit:
                if let report = try serve(exit) { return report }
            }
        }
    }

    /// KVM_RUN, counted.
    func enterGuest() -> KVMExit {
        let exit = withVCPU { $0.run() }
        exits.count(exit)
        return exit
    }

    /// Deals with an exit that has nothing to do with debugging; nil if the guest may go on.
    func serve(_ exit: KVMExit) throws(KVMError) -> KVMReport? {
        switch exit {
        case .interrupted, .debug: break
        case .deviceRead(let address, let size):
            noteKernelTableAtTimes()
            guard let value = machine.read(address, size: size, vcpu: index) else {
                try abortAccess(write: false)
                break
            }
            withVCPU { $0.completeRead(value) }
        case .deviceWrite(let address, let size, let value):
            noteKernelTableAtTimes()
            if !machine.write(address, size: size, value: value, vcpu: index) {
                try abortAccess(write: true)
            }
        case .undescribedAccess(let isWrite):
            try takeExternalAbort(at: try read(KVMRegisterID.pc), write: isWrite)
        case .poweredOff: return .poweredOff
        case .resetRequested: return .resetRequested
        case .crashed: return .failed("the guest's firmware reports a crash")
        case .failed(let text): return .failed("vCPU \(index): \(text)")
        }
        return nil
    }

    /// Device accesses are mostly the kernel's: the first shows its table, and one in many whether it still is that one.
    private func noteKernelTableAtTimes() {
        if deviceExits & 0xFF == 0 || kernelTable == nil { noteKernelTable() }
        deviceExits &+= 1
    }

    /// Remembers TTBR1_EL1 if it is a kernel's own.
    func noteKernelTable() {
        guard let value = try? system(.ttbr1), let control = try? system(.sctlr), SCTLR(rawValue: control).m,
            KernelTableSearch.isKernels(value)
        else { return }
        kernelTable = value
    }

    /// Tells KVM what to stop for, if that is news.
    func tell(_ wanted: ArmGuestDebug) throws(KVMError) {
        guard wanted != toldDebug else { return }
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.setGuestDebug(wanted) }
        toldDebug = wanted
    }

    // MARK: Registers

    func read(_ id: UInt64) throws(KVMError) -> UInt64 {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.read(id) }
    }

    func write(_ id: UInt64, _ value: UInt64) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.write(id, value) }
    }

    func readBytes(_ id: UInt64) throws(KVMError) -> [UInt8] {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.readBytes(id) }
    }

    func writeBytes(_ id: UInt64, _ bytes: [UInt8]) throws(KVMError) {
        try withVCPU { (vcpu) throws(KVMError) in try vcpu.writeBytes(id, bytes) }
    }

    /// Those of a vCPU with SVE.
    func vectorLengths() throws(KVMError) -> VectorLengths? {
        let bytes = try readBytes(KVMRegisterID.vectorLengths)
        return VectorLengths(rawValue: UInt16(bytes[0]) | UInt16(bytes[1]) << 8)
    }

    func pstate() throws(KVMError) -> PSTATE { PSTATE(rawValue: try read(KVMRegisterID.pstate)) }

    func system(_ encoding: SystemRegisterEncoding) throws(KVMError) -> UInt64 {
        guard let id = KVMRegisterID.systemRegister(encoding) else { return 0 }
        return try read(id)
    }

    /// Off until PSCI's CPU_ON, or since CPU_OFF.
    var isOff: Bool {
        do throws(KVMError) {
            return try withVCPU { (vcpu) throws(KVMError) in try vcpu.isStopped() }
        } catch {
            return false
        }
    }
}

/// The signal that ends a vCPU's stay in the guest; it does nothing else.
enum KVMKickSignal {
    static let number = SIGUSR1

    static func install() {
        signal(number) { _ in }
    }
}
