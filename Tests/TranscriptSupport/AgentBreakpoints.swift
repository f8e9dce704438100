import Execution
import GDBStub

/// The breakpoints that a recording agent needs in the real target, besides those of the session.
///
/// The real target inserts breakpoints for its own agent only.
final class AgentBreakpoints {
    private(set) var addresses: Set<UInt64> = []
    private let real: any DebugTarget
    /// The stop points of the session.
    private var sessionPoints: Set<StopPoint> = []

    init(_ real: any DebugTarget) { self.real = real }

    /// Takes the report that the session has inserted a stop point.
    func inserted(_ point: StopPoint) { sessionPoints.insert(point) }

    /// Takes the report that the session has removed a stop point, and inserts the agent's there again.
    func removed(_ point: StopPoint) throws(TargetError) {
        sessionPoints.remove(point)
        if addresses.contains(point.address) { try insertAll() }
    }

    /// Takes the report that every stop point has been removed, and inserts the agent's again.
    func removedAll() {
        sessionPoints = []
        try? insertAll()
    }

    /// Removes the breakpoints that the agent no longer needs, and inserts the new ones.
    func move(to newAddresses: Set<UInt64>) throws(TargetError) {
        for address in addresses.subtracting(newAddresses)
        where !sessionPoints.contains(where: { $0.address == address }) {
            try real.remove(Self.breakpoint(address), vcpu: 0)
        }
        addresses = newAddresses
        try insertAll()
    }

    private func insertAll() throws(TargetError) {
        for address in addresses.sorted() { try real.insert(Self.breakpoint(address), vcpu: 0) }
    }

    private static func breakpoint(_ address: UInt64) -> StopPoint {
        StopPoint(kind: .softwareBreakpoint, address: address, length: 4)
    }
}
