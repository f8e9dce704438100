/// Why the target could not do what it was asked.
public struct TargetError: Error, Equatable, Sendable {
    /// The two hex digits of the `Exx` reply.
    ///
    /// GDB gives them no meaning; the customary ones are errno's.
    public var code: UInt8
    /// What went wrong and what to do, for clients that show text.
    public var text: String

    public init(code: UInt8, text: String) {
        self.code = code
        self.text = text
    }

    /// Memory that is not there, or not translated (`EFAULT`).
    public static func fault(_ text: String) -> TargetError { TargetError(code: 0x0e, text: text) }
    /// Something that can't be asked for (`EINVAL`).
    public static func invalid(_ text: String) -> TargetError { TargetError(code: 0x16, text: text) }
    /// No slot left (`ENOSPC`).
    public static func noSpace(_ text: String) -> TargetError { TargetError(code: 0x1c, text: text) }
}
