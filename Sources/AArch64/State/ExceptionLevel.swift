/// An Exception level; the order is from least to most privileged.
public enum ExceptionLevel: UInt8, CaseIterable, Comparable, Sendable {
    /// EL0: applications.
    case el0 = 0
    /// EL1: the operating system.
    case el1 = 1
    /// EL2: the hypervisor.
    case el2 = 2
    /// EL3: the secure monitor.
    case el3 = 3

    /// Returns whether `left` is less privileged than `right`.
    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
