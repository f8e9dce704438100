/// What a debug register stops; the raw value is DR7.R/Wn (SDM volume 3B, 18.2.4).
public enum DebugAccess: UInt64, CaseIterable, Sendable {
    case execute = 0b00
    case write = 0b01
    /// An I/O port, with CR4.DE.
    case port = 0b10
    case readWrite = 0b11
}

/// Why stop points can't be put into debug registers.
public enum DebugRegisterError: Error, Equatable, Sendable {
    case emptyRange
    /// The range goes beyond the top of the address space.
    case rangeWraps
    case tooMany(needed: Int, available: Int)

    /// What is wrong, in words for the user.
    public var text: String {
        switch self {
        case .emptyRange: "a watchpoint needs at least one byte"
        case .rangeWraps: "the watched range goes beyond the end of the address space"
        case .tooMany(let needed, let available):
            "needs \(needed) debug registers, \(available) are there for breakpoints and watchpoints together: remove "
                + "some, or watch fewer or better aligned bytes"
        }
    }
}

/// One of DR0 to DR3 with its part of DR7: an address, 1, 2, 4 or 8 bytes at a multiple of that, and an access.
public struct DebugSlot: Hashable, Sendable {
    public var address: UInt64
    public var length: Int
    public var access: DebugAccess

    init(address: UInt64, length: Int, access: DebugAccess) {
        self.address = address
        self.length = length
        self.access = access
    }

    /// A breakpoint: R/Wn 0b00, for which LENn must be 0b00.
    public static func breakpoint(at address: UInt64) -> DebugSlot {
        DebugSlot(address: address, length: 1, access: .execute)
    }

    /// The fewest slots that cover exactly these bytes, in the order of their addresses.
    ///
    /// There is no slot that stops at reads alone; `access` is `.write` or `.readWrite`.
    public static func watchpoint(
        _ address: UInt64, length: UInt64, access: DebugAccess
    ) throws(DebugRegisterError) -> [DebugSlot] {
        guard length > 0 else { throw .emptyRange }
        let (last, wraps) = address.addingReportingOverflow(length - 1)
        guard !wraps else { throw .rangeWraps }
        // A range of n bytes takes at least n / 8: no machine has registers for a longer one.
        guard length <= 8 * UInt64(DebugRegisters.count) else {
            let needed = last / 8 - address / 8 + 1
            throw .tooMany(needed: Int(clamping: needed), available: DebugRegisters.count)
        }
        var slots: [DebugSlot] = []
        var start = address
        var rest = Int(length)
        while rest > 0 {
            let aligned = start & 7 == 0 ? 8 : 1 << start.trailingZeroBitCount
            var size = min(aligned, 8)
            while size > rest { size /= 2 }
            slots.append(DebugSlot(address: start, length: size, access: access))
            start &+= UInt64(size)
            rest -= size
        }
        return slots
    }

    /// LENn: 1, 2, 8 and 4 bytes are 0b00 to 0b11.
    var lengthCode: UInt64 {
        switch length {
        case 2: 0b01
        case 8: 0b10
        case 4: 0b11
        default: 0b00
        }
    }

    static func length(code: UInt64) -> Int { [1, 2, 8, 4][Int(code & 3)] }
}

/// DR0 to DR3 and DR7 with everything a debugger asked for in them.
///
/// Breakpoints and watchpoints share the four.
public struct DebugRegisters: Hashable, Sendable {
    public static let count = 4

    public var slots: [DebugSlot]

    /// No stop points.
    public init() { slots = [] }

    public init(_ slots: [DebugSlot]) throws(DebugRegisterError) {
        guard slots.count <= Self.count else { throw .tooMany(needed: slots.count, available: Self.count) }
        self.slots = slots
    }

    /// The registers' values, those without a slot zero.
    public var addresses: [UInt64] {
        slots.map(\.address) + Array(repeating: 0, count: Self.count - slots.count)
    }

    /// DR7: Gn, since a task switch clears Ln; GE and LE for CPUs that are exact only when asked; bit 10 reads as 1.
    public var dr7: UInt64 {
        guard !slots.isEmpty else { return 1 << 10 }
        var value: UInt64 = 1 << 10 | 0b11 << 8
        for (index, slot) in slots.enumerated() {
            value[bit: 2 * index + 1] = true
            value[bits: (16 + 4 * index)...(17 + 4 * index)] = slot.access.rawValue
            value[bits: (18 + 4 * index)...(19 + 4 * index)] = slot.lengthCode
        }
        return value
    }

    /// What a guest's own registers say, by index; nil for those that are off.
    public static func decode(addresses: [UInt64], dr7: UInt64) -> [DebugSlot?] {
        addresses.prefix(count).enumerated().map { index, address in
            guard dr7[bits: (2 * index)...(2 * index + 1)] != 0,
                let access = DebugAccess(rawValue: dr7[bits: (16 + 4 * index)...(17 + 4 * index)])
            else { return nil }
            let length = DebugSlot.length(code: dr7[bits: (18 + 4 * index)...(19 + 4 * index)])
            return DebugSlot(address: address & ~UInt64(length - 1), length: length, access: access)
        }
    }
}

/// DR6 at a debug exception: what it was for (SDM volume 3B, 18.2.3).
public struct DebugStatus: Hashable, Sendable {
    public var dr6: UInt64

    public init(dr6: UInt64) { self.dr6 = dr6 }

    /// The end of a single step: BS alone.
    public static let step = DebugStatus(dr6: 1 << 14)

    /// BS and BD: what the guest did itself, whoever has the debug registers.
    public var apartFromSlots: UInt64 { dr6 & 0x6000 }

    /// BS: the end of a single step.
    public var isStep: Bool { dr6[bit: 14] }
    /// BD: an access to a debug register while DR7.GD is set.
    public var isDebugRegisterAccess: Bool { dr6[bit: 13] }
    /// BT: a task switch.
    public var isTaskSwitch: Bool { dr6[bit: 15] }

    /// The slots that were hit, lowest first.
    ///
    /// Bn may be set for a register that DR7 has off, so those don't count.
    public func hits(_ registers: DebugRegisters) -> [Int] {
        registers.slots.indices.filter { dr6[bit: $0] }
    }
}
