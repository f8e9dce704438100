/// An Exception level, from the least privileged.
public enum ExceptionLevel: UInt8, CaseIterable, Comparable, Sendable {
    case el0 = 0
    case el1 = 1
    case el2 = 2
    case el3 = 3

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
