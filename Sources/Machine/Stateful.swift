/// A part of a machine whose resumable state is one value.
///
/// A snapshot copies the value, and a restore puts it back. Nothing in it refers to the host: no pointers, files or
/// closures.
package protocol Stateful: AnyObject {
    /// The type of the state.
    associatedtype State: Equatable & Sendable

    /// The state of the part.
    ///
    /// Reading it makes a copy, so code that serves the guest's accesses uses its members in place.
    var state: State { get }
    /// Replaces the state with one of an equal part, and drives the outputs to match.
    func restore(_ state: State)
}

/// The state of a part without state.
package struct NoState: Equatable, Sendable {}

extension Stateful where State == NoState {
    /// The empty state.
    package var state: NoState { NoState() }
    /// Does nothing.
    package func restore(_ state: NoState) {}
}
