/// A request that could not be carried out: the cause as a value, and a text for people.
///
/// The cause is independent of a protocol. The server of a client chooses how to report it.
public struct TargetError: Error, Equatable, Sendable {
    /// The kinds of failure that a caller can distinguish.
    public enum Cause: Equatable, Sendable, CaseIterable {
        /// Memory that is absent, or that no translation leads to.
        case memoryFault
        /// A request, or a value in it, that makes no sense for this target.
        case invalidRequest
        /// No slot or no room left.
        case noSpace
        /// A request for something that has to be stopped first.
        case running
        /// A vCPU or a process that does not exist.
        case noSuchThread
        /// A register that does not exist, asked for by a client that enumerates them.
        case noSuchRegister
        /// A document that does not exist.
        case noSuchDocument
        /// A client that has detached from the machine, or has killed it.
        case notAttached
        /// A request larger than the announced limit.
        case tooLarge
        /// A request for a capability that the target lacks.
        case unsupported
        /// A long request that was ended before it was done.
        case interrupted
    }

    /// The kind of failure.
    public var cause: Cause
    /// The failure and what to do about it, for clients that show text.
    public var text: String

    /// An error with its cause and its text.
    public init(_ cause: Cause, text: String) {
        self.cause = cause
        self.text = text
    }

    /// Memory that is absent, or that no translation leads to.
    public static func fault(_ text: String) -> TargetError { TargetError(.memoryFault, text: text) }
    /// A request, or a value in it, that makes no sense for this target.
    public static func invalid(_ text: String) -> TargetError { TargetError(.invalidRequest, text: text) }
    /// A request for a capability that the target lacks.
    public static var unsupported: TargetError { TargetError(.unsupported, text: "the target does not support this") }
    /// No slot or no room left.
    public static func noSpace(_ text: String) -> TargetError { TargetError(.noSpace, text: text) }
}
