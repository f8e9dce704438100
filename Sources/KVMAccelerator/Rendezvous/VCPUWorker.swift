import Platform
package import HostIO
import Synchronization

/// The thread of a vCPU: it carries out one order after the other and puts each one's report on the board.
package final class VCPUWorker: Sendable {
    private let index: Int
    private let orders = LockedValue<Orders>(Orders())
    private let thread = LockedValue<HostThread?>(nil)
    private let isStopRequested = Atomic<Bool>(false)

    private struct Orders {
        var next: VCPUOrder?
        var isOver = false
        /// The thread to signal; nil until it has started.
        var id: pthread_t?
    }

    package init(_ index: Int) {
        self.index = index
    }

    /// Starts the thread, which waits for orders.
    ///
    /// - Parameter perform: carries an order out; called on the thread.
    package func start(_ board: ReportQueue, perform: @escaping @Sendable (VCPUOrder) -> VCPUReport) throws(HostError) {
        VCPUKickSignal.install()
        let thread = try HostThread(named: "vcpu \(index)") { [self] in
            orders.withLock { $0.id = pthread_self() }
            while let order = nextOrder() { board.put(perform(order), vcpu: index) }
        }
        self.thread.withLock { $0 = thread }
        _ = orders.wait { $0.id }
    }

    /// Ends the thread; the vCPU must be held.
    package func end() {
        orders.withLock { $0.isOver = true }
        thread.withLock { thread in
            thread?.join()
            thread = nil
        }
    }

    /// Has the thread carry out an order; the vCPU must be held.
    package func give(_ order: VCPUOrder) {
        isStopRequested.store(false, ordering: .relaxed)
        orders.withLock { $0.next = order }
    }

    /// Asks for the end of a free run, which the thread sees when it looks at `mustStop`; any thread may call it.
    package func requestStop() { isStopRequested.store(true, ordering: .releasing) }

    /// Interrupts the thread's system call; any thread may call it.
    package func interrupt() {
        orders.withLock { orders in
            if let id = orders.id { pthread_kill(id, VCPUKickSignal.number) }
        }
    }

    /// Whether a kick asked for the end of the run.
    package var mustStop: Bool { isStopRequested.load(ordering: .acquiring) }

    private func nextOrder() -> VCPUOrder? {
        orders.wait { orders -> VCPUOrder?? in
            if orders.isOver { return .some(nil) }
            defer { orders.next = nil }
            return orders.next.map { .some($0) }
        }
    }
}

/// The signal that ends a vCPU's stay in the guest; it does nothing else.
enum VCPUKickSignal {
    static let number = SIGUSR1

    static func install() {
        signal(number) { _ in }
    }
}
