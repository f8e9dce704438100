/// The kind of access that a debug register matches; the raw value is DR7.R/Wn (SDM volume 3B, 18.2.4).
public enum DebugAccess: UInt64, CaseIterable, Sendable {
    /// Instruction execution.
    case execute = 0b00
    /// Data writes.
    case write = 0b01
    /// I/O port accesses, if CR4.DE is set.
    case port = 0b10
    /// Data reads and writes, but not instruction fetches.
    case readWrite = 0b11
}

/// The reason why breakpoints and watchpoints cannot be encoded in debug registers.
public enum DebugRegisterError: Error, Equatable, Sendable {
    /// The watched range has no bytes.
    case emptyRange
    /// The watched range extends beyond the top of the address space.
    case rangeWraps
    /// More than the four debug registers are needed.
    case tooMany(needed: Int, available: Int)

    /// The error message for the user.
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

/// The contents of one of DR0 to DR3 and of its fields in DR7.
public struct DebugSlot: Hashable, Sendable {
    /// The linear address, a multiple of `length`.
    public var address: UInt64
    /// The number of bytes: 1, 2, 4 or 8.
    public var length: Int
    /// The kind of access.
    public var access: DebugAccess

    init(address: UInt64, length: Int, access: DebugAccess) {
        self.address = address
        self.length = length
        self.access = access
    }

    /// Returns the slot of a breakpoint: R/Wn is 0b00, with which LENn must be 0b00.
    public static func breakpoint(at address: UInt64) -> DebugSlot {
        DebugSlot(address: address, length: 1, access: .execute)
    }

    /// Returns the fewest slots that cover exactly the given bytes, in ascending order of address.
    ///
    /// `length` is in bytes. `access` must be `.write` or `.readWrite`, because the CPU cannot watch reads alone.
    /// Throws if the range is empty, extends beyond the top of the address space or has more than 32 bytes.
    public static func watchpoint(
        _ address: UInt64, length: UInt64, access: DebugAccess
    ) throws(DebugRegisterError) -> [DebugSlot] {
        guard length > 0 else { throw .emptyRange }
        let (last, wraps) = address.addingReportingOverflow(length - 1)
        guard !wraps else { throw .rangeWraps }
        // A slot covers at most 8 bytes, so the registers cannot cover a longer range.
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

    /// LENn: 0b00 to 0b11 stand for 1, 2, 8 and 4 bytes.
    var lengthCode: UInt64 {
        switch length {
        case 2: 0b01
        case 8: 0b10
        case 4: 0b11
        default: 0b00
        }
    }

    /// Returns the number of bytes that a value of LENn stands for.
    static func length(code: UInt64) -> Int { [1, 2, 8, 4][Int(code & 3)] }
}

/// The debug registers DR0 to DR3 and DR7, set up for all breakpoints and watchpoints of a debugger.
///
/// Breakpoints and watchpoints share the four address registers.
public struct DebugRegisters: Hashable, Sendable {
    /// The number of address registers.
    public static let count = 4

    /// The contents of the registers from DR0 on.
    public var slots: [DebugSlot]

    /// Creates registers with all slots disabled.
    public init() { slots = [] }

    /// Creates registers with the given slots; throws if there are more than four.
    public init(_ slots: [DebugSlot]) throws(DebugRegisterError) {
        guard slots.count <= Self.count else { throw .tooMany(needed: slots.count, available: Self.count) }
        self.slots = slots
    }

    /// The values of DR0 to DR3; a register without a slot is 0.
    public var addresses: [UInt64] {
        slots.map(\.address) + Array(repeating: 0, count: Self.count - slots.count)
    }

    /// The value of DR7.
    ///
    /// A slot is enabled by Gn, because a task switch clears Ln. GE and LE are set for CPUs that report exact data
    /// breakpoints only with these bits. Bit 10 reads as 1.
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

    /// Returns the slots that a guest has set up in its debug registers, by index, with nil for disabled slots.
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

/// The value of DR6 at a debug exception, which has its causes (SDM volume 3B, 18.2.3).
public struct DebugStatus: Hashable, Sendable {
    /// The value of the register.
    public var dr6: UInt64

    /// Creates a status from the value of the register.
    public init(dr6: UInt64) { self.dr6 = dr6 }

    /// The status at the end of a single step: BS alone.
    public static let step = DebugStatus(dr6: 1 << 14)

    /// BS and BD, which do not depend on the contents of the slots.
    public var apartFromSlots: UInt64 { dr6 & 0x6000 }

    /// BS: whether a single step has ended.
    public var isStep: Bool { dr6[bit: 14] }
    /// BD: whether the next instruction accesses a debug register while DR7.GD is set.
    public var isDebugRegisterAccess: Bool { dr6[bit: 13] }
    /// BT: whether a task switch caused the exception.
    public var isTaskSwitch: Bool { dr6[bit: 15] }

    /// Returns the indices of the slots that were hit, in ascending order.
    ///
    /// The CPU may set Bn for a register that DR7 disables, so only the slots in `registers` are included.
    public func hits(_ registers: DebugRegisters) -> [Int] {
        registers.slots.indices.filter { dr6[bit: $0] }
    }
}
