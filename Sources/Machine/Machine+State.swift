extension Machine: Stateful {
    /// The state of a machine without its memory: flash control, interrupt controller and devices.
    ///
    /// The content of flash and disks, and the host side of devices, are not part of it.
    package struct State: Equatable, Sendable {
        /// The state of each part, in the order of ``Machine/statefulParts``.
        fileprivate var parts: [PartState]
    }

    /// A copy of the current state.
    package var state: State {
        State(parts: statefulParts.map { PartState($0) })
    }

    /// Replaces the state.
    ///
    /// - Precondition: The state comes from a machine with the same configuration.
    package func restore(_ state: State) {
        let parts = statefulParts
        precondition(parts.count == state.parts.count, "a state of \(state.parts.count) parts, not \(parts.count)")
        for (part, state) in zip(parts, state.parts) { state.restore(part) }
    }
}

/// The state of one part, with its type erased.
private struct PartState: Equatable, Sendable {
    private let value: any Equatable & Sendable

    init(_ part: some Stateful) { value = part.state }

    static func == (left: PartState, right: PartState) -> Bool { isEqual(left.value, to: right.value) }

    private static func isEqual<Value: Equatable>(_ value: Value, to other: any Equatable) -> Bool {
        value == other as? Value
    }

    func restore<Part: Stateful>(_ part: Part) {
        guard let value = value as? Part.State else { preconditionFailure("no state of a \(Part.self)") }
        part.restore(value)
    }
}
