/// A part of a machine whose guest-visible and resumable state is one value.
///
/// Snapshots copy the value out and put it back. Nothing in it refers to the host: no pointers, files or closures.
package protocol Stateful: AnyObject {
    associatedtype State: Equatable & Sendable

    /// The whole state.
    ///
    /// Reading it copies it, so the paths that a guest's accesses take use its members in place.
    var state: State { get }
    /// Continues from a state that an equal part had, and drives the outputs accordingly.
    func restore(_ state: State)
}

/// The state of a part that has none.
package struct NoState: Equatable, Sendable {}

extension Stateful where State == NoState {
    package var state: NoState { NoState() }
    package func restore(_ state: NoState) {}
}
