import Acceleration
import Glibc
import GuestMemory
import HostIO
import KVM
import Machine
import Synchronization

/// A vCPU of KVM's with the thread that runs it.
///
/// Either it moves under an order, and its thread alone touches it, or it is held, and the machine's owner does.
///
/// What its exits mean, and how it steps, is the architecture's: see the subclasses.
class KVMProcessor: @unchecked Sendable {
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
    /// Whether the last exit was a kick, which may have ended a sleep in WFI.
    private(set) var wasInterrupted = false
    private(set) var exits = KVMExitCounter()

    /// What the thread is to do next.
    enum Order: Equatable {
        case run
        /// One instruction, or one exclusive sequence, with interrupts held off.
        case step(passing: ReportedStops)
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
        wasInterrupted = false
        forget()
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
        try arm()
        while true {
            let exit = enterGuest()
            if exit == .interrupted {
                guard mustStop else { continue }
                wasInterrupted = true
                return .interrupted
            }
            if let report = try handle(exit) { return report }
        }
    }

    /// KVM_RUN, counted.
    func enterGuest() -> KVMExit {
        let exit = withVCPU { $0.run() }
        exits.count(exit)
        return exit
    }

    // MARK: The architecture's

    private func missing(_ name: String = #function) -> Never {
        preconditionFailure("KVMProcessor.\(name) is the architecture's")
    }

    /// The address of the next instruction.
    func programCounter() throws(KVMError) -> UInt64 { missing() }

    /// Has KVM stop the vCPU for what `debug` says.
    func arm() throws(KVMError) { missing() }

    /// Deals with an exit of a freely running vCPU; nil if the guest may go on.
    func handle(_ exit: KVMExit) throws(KVMError) -> KVMReport? { missing() }

    /// Executes one instruction, or what must be executed as one, with interrupts held off.
    func step(_ passing: ReportedStops) throws(KVMError) -> KVMReport { missing() }

    /// Forgets what was known of the vCPU that there was before.
    func forget() { missing() }

    /// Remembers what helps to find a kernel that is unmapped later.
    func noteKernelTable() {}

    /// Whether it executes nothing until another one turns it on.
    var isOff: Bool { missing() }

    /// Whether it was asleep, waiting for an interrupt, when it was made to stop.
    var isAfterWait: Bool { missing() }

    /// Whether the patches in guest memory include its next instruction.
    func isAtPatch(_ patched: Set<PhysicalAddress>) -> Bool { missing() }
}

/// The signal that ends a vCPU's stay in the guest; it does nothing else.
enum KVMKickSignal {
    static let number = SIGUSR1

    static func install() {
        signal(number) { _ in }
    }
}
