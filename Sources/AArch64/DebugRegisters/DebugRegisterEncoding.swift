/// A value register and its control register: DBGBVR and DBGBCR, or DBGWVR and DBGWCR.
public struct DebugRegisterPair: Hashable, Sendable {
    public var value: UInt64
    public var control: UInt64

    @inlinable
    public init(value: UInt64, control: UInt64) {
        self.value = value
        self.control = control
    }
}

/// Which accesses a watchpoint stops; the raw value is WCR.LSC.
public enum WatchedAccess: UInt8, CaseIterable, Sendable {
    case read = 0b01
    case write = 0b10
    case readWrite = 0b11

    /// Whether a watchpoint of this kind stops such an access.
    @inlinable
    public func includes(write: Bool) -> Bool { rawValue & (write ? 0b10 : 0b01) != 0 }
}

/// Why a stop point can't be put into debug registers.
public enum DebugRegisterError: Error, Equatable, Sendable {
    case misalignedBreakpoint
    case emptyRange
    /// The range goes beyond the top of the address space.
    case rangeWraps
    case tooManyBreakpoints(needed: Int, available: Int)
    case tooManyWatchpoints(needed: Int, available: Int)

    /// What is wrong, in words for the user.
    public var text: String {
        switch self {
        case .misalignedBreakpoint: "a breakpoint's address must be a multiple of 4"
        case .emptyRange: "a watchpoint needs at least one byte"
        case .rangeWraps: "the watched range goes beyond the end of the address space"
        case .tooManyBreakpoints(let needed, let available):
            "needs \(needed) hardware breakpoints, \(available) are there: remove some"
        case .tooManyWatchpoints(let needed, let available):
            "needs \(needed) watchpoint registers, \(available) are there: watch fewer or better aligned bytes"
        }
    }
}

/// The values for the debug registers.
public enum DebugRegisterEncoding {
    /// An unlinked instruction address match at EL0 and EL1.
    ///
    /// E is bit 0, PMC 2:1 = 0b11 with HMC (13) and SSC (15:14) 0 selects EL1 and EL0, BAS 8:5 is 0b1111 for A64.
    /// Arm ARM, "DBGBCR<n>_EL1" and the table "Summary of breakpoint HMC, SSC, and PMC encodings".
    public static func breakpoint(at address: UInt64) throws(DebugRegisterError) -> DebugRegisterPair {
        guard address & 3 == 0 else { throw .misalignedBreakpoint }
        return DebugRegisterPair(value: address, control: 0x1e7)
    }

    /// The fewest watchpoint registers that cover exactly these bytes, in the order of their addresses.
    ///
    /// A register covers a run of bytes of one doubleword (BAS), or an aligned 2^n bytes with n from 3 to 31 (MASK);
    /// so the ends of a range that are not doublewords take one each, and what is between takes one for each aligned
    /// power of two.
    public static func watchpoints(
        _ address: UInt64, length: UInt64, access: WatchedAccess
    ) throws(DebugRegisterError) -> [DebugRegisterPair] {
        guard length > 0 else { throw .emptyRange }
        guard address.addingReportingOverflow(length - 1).overflow == false else { throw .rangeWraps }
        var pairs: [DebugRegisterPair] = []
        var start = address
        // One less than what is left: the whole address space has no representable size.
        var rest = length - 1
        while true {
            let covered: UInt64
            if start & 7 != 0 || rest < 7 {
                covered = min(8 - (start & 7), rest + 1)
                pairs.append(bytes(start, count: covered, access: access))
            } else {
                // The largest block that both the alignment and the length allow.
                let alignment = start == 0 ? 64 : start.trailingZeroBitCount
                let fitting = rest == ~0 ? 64 : 63 - (rest + 1).leadingZeroBitCount
                let bits = min(alignment, fitting, 31)
                covered = 1 << UInt64(bits)
                pairs.append(block(start, bits: bits, access: access))
                // Terabytes would take thousands: no machine has more than sixteen.
                if pairs.count > 64 { throw .tooManyWatchpoints(needed: pairs.count, available: 16) }
            }
            guard rest >= covered else { return pairs }
            rest -= covered
            start += covered
        }
    }

    /// Up to eight bytes of one doubleword, by BAS (12:5).
    private static func bytes(_ start: UInt64, count: UInt64, access: WatchedAccess) -> DebugRegisterPair {
        let selected = UInt64.mask(Int(count)) << (start & 7)
        return DebugRegisterPair(value: start & ~7, control: control(access) | selected << 5)
    }

    /// An aligned power of two, by MASK (28:24); BAS must be all ones then, and for 8 bytes BAS alone does it.
    private static func block(_ start: UInt64, bits: Int, access: WatchedAccess) -> DebugRegisterPair {
        let mask: UInt64 = bits == 3 ? 0 : UInt64(bits)
        return DebugRegisterPair(value: start, control: control(access) | 0xff << 5 | mask << 24)
    }

    /// E, PAC 2:1 = 0b11 with HMC and SSC 0 (EL1 and EL0), LSC 4:3 (Arm ARM, "DBGWCR<n>_EL1").
    private static func control(_ access: WatchedAccess) -> UInt64 {
        0b111 | UInt64(access.rawValue) << 3
    }

    /// The bytes that a watchpoint's registers watch: first and last; nil if it is off or selects none.
    public static func watchedBytes(_ pair: DebugRegisterPair) -> ClosedRange<UInt64>? {
        guard pair.control[bit: 0] else { return nil }
        let mask = Int(pair.control[bits: 24...28])
        if mask >= 3 {
            let inside = UInt64.mask(mask)
            return (pair.value & ~inside)...(pair.value | inside)
        }
        let selected = pair.control[bits: 5...12]
        guard selected != 0 else { return nil }
        let first = (pair.value & ~7) + UInt64(selected.trailingZeroBitCount)
        let last = (pair.value & ~7) + UInt64(63 - selected.leadingZeroBitCount)
        return first...last
    }
}
