/// The failure of a request: its cause as a value, and a text for the user.
///
/// The cause is independent of any protocol; each server chooses how to report it.
public struct TargetError: Error, Equatable, Sendable {
    /// The kinds of failure that a caller can distinguish.
    public enum Cause: Equatable, Sendable, CaseIterable {
        /// Memory that is absent, or an address without a translation.
        case memoryFault
        /// A request or a value that is invalid for this target.
        case invalidRequest
        /// No free slot, or not enough room.
        case noSpace
        /// A request that needs the machine or vCPU stopped, while it runs.
        case running
        /// A vCPU or a process that does not exist.
        case noSuchThread
        /// A register that does not exist, in a request that enumerates registers.
        case noSuchRegister
        /// A document that does not exist.
        case noSuchDocument
        /// A request that needs a process, from a client that has detached or killed it.
        case notAttached
        /// A request larger than the announced limit.
        case tooLarge
        /// A request for a capability that the target lacks.
        case unsupported
        /// A long request that was abandoned.
        case interrupted
    }

    /// The kind of failure.
    public var cause: Cause
    /// The failure and its remedy, for clients that show text.
    public var text: String

    /// An error with its cause and its text.
    public init(_ cause: Cause, text: String) {
        self.cause = cause
        self.text = text
    }

    /// Memory that is absent, or an address without a translation.
    public static func fault(_ text: String) -> TargetError { TargetError(.memoryFault, text: text) }
    /// A request or a value that is invalid for this target.
    public static func invalid(_ text: String) -> TargetError { TargetError(.invalidRequest, text: text) }
    /// A request for a capability that the target lacks.
    public static var unsupported: TargetError { TargetError(.unsupported, text: "the target does not support this") }
    /// No free slot, or not enough room.
    public static func noSpace(_ text: String) -> TargetError { TargetError(.noSpace, text: text) }
}
