import ByteOrder

/// The x87, SSE and AVX state in the standard format of the XSAVE area.
///
/// The upper halves of YMM are at offset 576, which CPUID.(EAX=0DH,ECX=2):EBX reports on every CPU that has them. SDM
/// volume 1, 10.5.1 "FXSAVE Area" and table 10-2, 13.4 "XSAVE Area".
public struct ExtendedState: Hashable, Sendable {
    /// The contents of the XSAVE area, at least 832 bytes.
    public private(set) var bytes: [UInt8]

    /// The offsets of the fields in the XSAVE area, in bytes.
    private enum Offset {
        static let fcw = 0
        static let fsw = 2
        static let ftw = 4
        static let fop = 6
        static let fip = 8
        static let fdp = 16
        static let mxcsr = 24
        static let mxcsrMask = 28
        static let st = 32
        static let xmm = 160
        static let stateComponents = 512
        static let ymmHigh = 576
    }

    /// The bits of XSTATE_BV, which are set for the state components that are not in their initial configuration.
    private enum Component {
        static let x87: UInt64 = 1
        static let sse: UInt64 = 2
        static let avx: UInt64 = 4
    }

    /// Creates a state from an XSAVE area, which is extended with zeros to 832 bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes + [UInt8](repeating: 0, count: max(0, 832 - bytes.count))
    }

    /// The value of an x87, SSE or AVX register in little-endian byte order; nil for any other register.
    public subscript(_ register: DebuggerRegister) -> [UInt8]? {
        switch register {
        case .st(let index): Array(bytes[(Offset.st + 16 * index)...].prefix(10))
        case .xmm(let index): Array(bytes[(Offset.xmm + 16 * index)...].prefix(16))
        case .ymmHigh(let index): ymmHigh(index)
        case .mxcsr: Array(bytes[Offset.mxcsr...].prefix(4))
        case .x87(let control): value(control).littleEndianBytes
        default: nil
        }
    }

    /// Sets an x87, SSE or AVX register to a value in little-endian byte order.
    ///
    /// Returns false, without a change, for any other register, for a value of the wrong size, and for an MXCSR value
    /// with reserved bits set.
    public mutating func set(_ register: DebuggerRegister, _ new: [UInt8]) -> Bool {
        guard new.count == register.byteCount else { return false }
        switch register {
        case .st(let index):
            put(new, Offset.st + 16 * index, Component.x87)
        case .xmm(let index):
            put(new, Offset.xmm + 16 * index, Component.sse)
        case .ymmHigh(let index):
            // All upper halves are zero while AVX is in its initial configuration, whatever bytes the area contains.
            if components & Component.avx == 0 { put([UInt8](repeating: 0, count: 256), Offset.ymmHigh, Component.avx) }
            put(new, Offset.ymmHigh + 16 * index, Component.avx)
        case .mxcsr:
            // To load reserved bits causes a #GP. The valid bits are those of MXCSR_MASK, or 0xFFBF if it is 0 (SDM
            // volume 1, 11.6.6).
            let mask = number(Offset.mxcsrMask, 4)
            guard UInt64(littleEndianBytes: new) & ~(mask == 0 ? 0xffbf : mask) == 0 else { return false }
            put(new, Offset.mxcsr, Component.sse)
        case .x87(let control): set(control, UInt64(littleEndianBytes: new))
        default: return false
        }
        return true
    }

    /// Returns the upper half of a YMM register, which is zero while AVX is in its initial configuration.
    private func ymmHigh(_ index: Int) -> [UInt8] {
        guard components & Component.avx != 0 else { return [UInt8](repeating: 0, count: 16) }
        return Array(bytes[(Offset.ymmHigh + 16 * index)...].prefix(16))
    }

    // MARK: x87

    /// Returns the value of an x87 control register in GDB's format.
    private func value(_ register: X87Register) -> UInt32 {
        let value: UInt64 =
            switch register {
            case .fctrl: number(Offset.fcw, 2)
            case .fstat: number(Offset.fsw, 2)
            case .ftag: UInt64(tagWord)
            case .fop: number(Offset.fop, 2) & 0x7ff
            case .fioff: number(Offset.fip, 4)
            case .fiseg: number(Offset.fip + 4, 2)
            case .fooff: number(Offset.fdp, 4)
            case .foseg: number(Offset.fdp + 4, 2)
            }
        return UInt32(truncatingIfNeeded: value)
    }

    /// Sets an x87 control register from a value in GDB's format.
    private mutating func set(_ register: X87Register, _ new: UInt64) {
        switch register {
        case .fctrl: put(new.littleEndianBytes(count: 2), Offset.fcw, Component.x87)
        case .fstat: put(new.littleEndianBytes(count: 2), Offset.fsw, Component.x87)
        case .ftag:
            var present: UInt64 = 0
            for index in 0..<8 where new >> UInt64(2 * index) & 3 != 3 { present |= 1 << UInt64(index) }
            put(present.littleEndianBytes(count: 1), Offset.ftw, Component.x87)
        case .fop: put((new & 0x7ff).littleEndianBytes(count: 2), Offset.fop, Component.x87)
        case .fioff: put(new.littleEndianBytes(count: 4), Offset.fip, Component.x87)
        case .fiseg: put(new.littleEndianBytes(count: 2), Offset.fip + 4, Component.x87)
        case .fooff: put(new.littleEndianBytes(count: 4), Offset.fdp, Component.x87)
        case .foseg: put(new.littleEndianBytes(count: 2), Offset.fdp + 4, Component.x87)
        }
    }

    /// The x87 tag word in the format of FNSTENV, with two bits for each physical register.
    ///
    /// The tags are 0 for valid, 1 for zero, 2 for special (NaN, infinity, denormal, unsupported) and 3 for empty (SDM
    /// volume 1, 8.1.7). The XSAVE area has only one bit for each register, which is clear if the register is empty, so
    /// the other tags are computed from the contents of the registers.
    private var tagWord: UInt16 {
        let present = bytes[Offset.ftw]
        let top = Int(number(Offset.fsw, 2) >> 11 & 7)
        var word: UInt16 = 0
        for physical in 0..<8 {
            var tag: UInt16 = 3
            if present >> physical & 1 != 0 {
                // The area has the registers in the order of the stack, from ST(0) on.
                let place = Offset.st + 16 * ((physical - top) & 7)
                let significand = number(place, 8)
                let exponent = number(place + 8, 2) & 0x7fff
                switch (exponent, significand) {
                case (0, 0): tag = 1
                case (0, _), (0x7fff, _): tag = 2
                default: tag = significand >> 63 != 0 ? 0 : 2
                }
            }
            word |= tag << UInt16(2 * physical)
        }
        return word
    }

    // MARK: Bytes

    /// XSTATE_BV.
    private var components: UInt64 { number(Offset.stateComponents, 8) }

    /// Returns the little-endian number of `count` bytes at an offset.
    private func number(_ offset: Int, _ count: Int) -> UInt64 {
        UInt64(littleEndianBytes: bytes[offset..<(offset + count)])
    }

    /// Writes bytes at an offset, and sets the bit of the state component in XSTATE_BV.
    private mutating func put(_ new: [UInt8], _ offset: Int, _ component: UInt64) {
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
        let all = (components | component).littleEndianBytes
        bytes.replaceSubrange(Offset.stateComponents..<(Offset.stateComponents + 8), with: all)
    }
}
