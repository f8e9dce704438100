/// The values of a debug value register and its control register: DBGBVR and DBGBCR, or DBGWVR and DBGWCR.
public struct DebugRegisterPair: Hashable, Sendable {
    /// The value of DBGBVR<n>_EL1 or DBGWVR<n>_EL1.
    public var value: UInt64
    /// The value of DBGBCR<n>_EL1 or DBGWCR<n>_EL1.
    public var control: UInt64

    /// Creates a pair from the values of its two registers.
    @inlinable
    public init(value: UInt64, control: UInt64) {
        self.value = value
        self.control = control
    }
}

/// The kinds of access that a watchpoint matches.
///
/// The raw value is DBGWCR<n>_EL1.LSC.
public enum WatchedAccess: UInt8, CaseIterable, Sendable {
    /// Loads only.
    case read = 0b01
    /// Stores only.
    case write = 0b10
    /// Loads and stores.
    case readWrite = 0b11

    /// Returns whether a watchpoint of this kind matches a store (`write`) or a load.
    @inlinable
    public func includes(write: Bool) -> Bool { rawValue & (write ? 0b10 : 0b01) != 0 }
}

/// The reason why breakpoints and watchpoints cannot be encoded in debug registers.
public enum DebugRegisterError: Error, Equatable, Sendable {
    /// The address of a breakpoint is not a multiple of 4.
    case misalignedBreakpoint
    /// The watched range has no bytes.
    case emptyRange
    /// The watched range extends beyond the top of the address space.
    case rangeWraps
    /// The machine has fewer breakpoint register pairs than are needed.
    case tooManyBreakpoints(needed: Int, available: Int)
    /// The machine has fewer watchpoint register pairs than are needed.
    case tooManyWatchpoints(needed: Int, available: Int)

    /// The error message for the user.
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

/// Encodes breakpoints and watchpoints as debug register values, and decodes watchpoints.
public enum DebugRegisterEncoding {
    /// Returns the registers of an unlinked instruction address match at EL0 and EL1.
    ///
    /// The control value has E (bit 0) set, PMC (2:1) 0b11 with HMC (13) and SSC (15:14) 0, which selects EL1 and EL0,
    /// and BAS (8:5) 0b1111, which A64 requires. Throws if the address is not a multiple of 4. Arm ARM, "DBGBCR<n>_EL1"
    /// and the table "Summary of breakpoint HMC, SSC, and PMC encodings".
    public static func breakpoint(at address: UInt64) throws(DebugRegisterError) -> DebugRegisterPair {
        guard address & 3 == 0 else { throw .misalignedBreakpoint }
        return DebugRegisterPair(value: address, control: 0x1e7)
    }

    /// Returns the fewest watchpoint register pairs that cover exactly the given bytes, in ascending order of address.
    ///
    /// A pair covers consecutive bytes within one doubleword (BAS), or an aligned block of 2^n bytes with n from 3 to
    /// 31 (MASK). Each end of the range that is not a whole doubleword therefore takes one pair, and the doublewords in
    /// between take one pair for each aligned power-of-two block. `length` is in bytes. Throws if the range is empty,
    /// extends beyond the top of the address space or needs more than 64 pairs.
    public static func watchpoints(
        _ address: UInt64, length: UInt64, access: WatchedAccess
    ) throws(DebugRegisterError) -> [DebugRegisterPair] {
        guard length > 0 else { throw .emptyRange }
        guard address.addingReportingOverflow(length - 1).overflow == false else { throw .rangeWraps }
        var pairs: [DebugRegisterPair] = []
        var start = address
        // The number of bytes left, minus one, because the size of the whole address space does not fit in 64 bits.
        var rest = length - 1
        while true {
            let covered: UInt64
            if start & 7 != 0 || rest < 7 {
                covered = min(8 - (start & 7), rest + 1)
                pairs.append(bytes(start, count: covered, access: access))
            } else {
                // The largest block that both the alignment and the remaining length allow.
                let alignment = start == 0 ? 64 : start.trailingZeroBitCount
                let fitting = rest == ~0 ? 64 : 63 - (rest + 1).leadingZeroBitCount
                let bits = min(alignment, fitting, 31)
                covered = 1 << UInt64(bits)
                pairs.append(block(start, bits: bits, access: access))
                // Stops early, because a range of terabytes would need thousands of pairs and no machine has more than
                // 16.
                if pairs.count > 64 { throw .tooManyWatchpoints(needed: pairs.count, available: 16) }
            }
            guard rest >= covered else { return pairs }
            rest -= covered
            start += covered
        }
    }

    /// Returns the pair that watches up to eight bytes of one doubleword, selected by BAS (12:5).
    private static func bytes(_ start: UInt64, count: UInt64, access: WatchedAccess) -> DebugRegisterPair {
        let selected = UInt64.mask(Int(count)) << (start & 7)
        return DebugRegisterPair(value: start & ~7, control: control(access) | selected << 5)
    }

    /// Returns the pair that watches an aligned block of 2^`bits` bytes.
    ///
    /// MASK (28:24) selects the size, with all bits of BAS set. A block of 8 bytes needs BAS alone and has MASK 0.
    private static func block(_ start: UInt64, bits: Int, access: WatchedAccess) -> DebugRegisterPair {
        let mask: UInt64 = bits == 3 ? 0 : UInt64(bits)
        return DebugRegisterPair(value: start, control: control(access) | 0xff << 5 | mask << 24)
    }

    /// Returns a control value without BAS and MASK: E set, PAC (2:1) 0b11 with HMC and SSC 0 (EL1 and EL0), LSC (4:3).
    ///
    /// Arm ARM, "DBGWCR<n>_EL1".
    private static func control(_ access: WatchedAccess) -> UInt64 {
        0b111 | UInt64(access.rawValue) << 3
    }

    /// Returns the first and the last byte that a watchpoint watches, or nil if it is disabled or selects no bytes.
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
