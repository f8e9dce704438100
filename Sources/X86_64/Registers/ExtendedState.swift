/// x87, SSE and AVX state in XSAVE's standard form.
///
/// SDM volume 1, 10.5.1 "FXSAVE Area" and table 10-2, 13.4 "XSAVE Area"; the upper halves of YMM are at 576, as
/// CPUID.(EAX=0DH,ECX=2):EBX says on every CPU that has them.
public struct ExtendedState: Hashable, Sendable {
    /// As the CPU stores it; at least 832 bytes.
    public private(set) var bytes: [UInt8]

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

    /// Bits of XSTATE_BV: which components are not in their initial state.
    private enum Component {
        static let x87: UInt64 = 1
        static let sse: UInt64 = 2
        static let avx: UInt64 = 4
    }

    /// Takes what the CPU stored; what is missing at its end is zero.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes + [UInt8](repeating: 0, count: max(0, 832 - bytes.count))
    }

    /// The bytes of a register of this kind; nil for other kinds.
    public subscript(_ register: DebuggerRegister) -> [UInt8]? {
        switch register {
        case .st(let index): Array(bytes[(Offset.st + 16 * index)...].prefix(10))
        case .xmm(let index): Array(bytes[(Offset.xmm + 16 * index)...].prefix(16))
        case .ymmHigh(let index): ymmHigh(index)
        case .mxcsr: Array(bytes[Offset.mxcsr...].prefix(4))
        case .x87(let control): little(UInt64(value(control)), 4)
        default: nil
        }
    }

    /// Puts a register's bytes in; false for other kinds, and for an MXCSR with reserved bits.
    public mutating func set(_ register: DebuggerRegister, _ new: [UInt8]) -> Bool {
        guard new.count == register.byteCount else { return false }
        switch register {
        case .st(let index):
            put(new, Offset.st + 16 * index, Component.x87)
        case .xmm(let index):
            put(new, Offset.xmm + 16 * index, Component.sse)
        case .ymmHigh(let index):
            // The others are zero now, which their bytes need not be.
            if components & Component.avx == 0 { put([UInt8](repeating: 0, count: 256), Offset.ymmHigh, Component.avx) }
            put(new, Offset.ymmHigh + 16 * index, Component.avx)
        case .mxcsr:
            // Loading reserved bits is a #GP: MXCSR_MASK, or 0xFFBF where it is 0 (SDM volume 1, 11.6.6).
            let mask = number(Offset.mxcsrMask, 4)
            guard value(new) & ~(mask == 0 ? 0xffbf : mask) == 0 else { return false }
            put(new, Offset.mxcsr, Component.sse)
        case .x87(let control): set(control, value(new))
        default: return false
        }
        return true
    }

    private func ymmHigh(_ index: Int) -> [UInt8] {
        guard components & Component.avx != 0 else { return [UInt8](repeating: 0, count: 16) }
        return Array(bytes[(Offset.ymmHigh + 16 * index)...].prefix(16))
    }

    // MARK: x87

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

    private mutating func set(_ register: X87Register, _ new: UInt64) {
        switch register {
        case .fctrl: put(little(new, 2), Offset.fcw, Component.x87)
        case .fstat: put(little(new, 2), Offset.fsw, Component.x87)
        case .ftag:
            var present: UInt64 = 0
            for index in 0..<8 where new >> UInt64(2 * index) & 3 != 3 { present |= 1 << UInt64(index) }
            put(little(present, 1), Offset.ftw, Component.x87)
        case .fop: put(little(new & 0x7ff, 2), Offset.fop, Component.x87)
        case .fioff: put(little(new, 4), Offset.fip, Component.x87)
        case .fiseg: put(little(new, 2), Offset.fip + 4, Component.x87)
        case .fooff: put(little(new, 4), Offset.fdp, Component.x87)
        case .foseg: put(little(new, 2), Offset.fdp + 4, Component.x87)
        }
    }

    /// The tag word as FNSTENV stores it: two bits for each physical register, of which XSAVE has only whether it is empty.
    ///
    /// SDM volume 1, 8.1.7: 0 valid, 1 zero, 2 special (NaN, infinity, denormal, unsupported), 3 empty.
    private var tagWord: UInt16 {
        let present = bytes[Offset.ftw]
        let top = Int(number(Offset.fsw, 2) >> 11 & 7)
        var word: UInt16 = 0
        for physical in 0..<8 {
            var tag: UInt16 = 3
            if present >> physical & 1 != 0 {
                // The registers lie in the order of the stack.
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

    private var components: UInt64 { number(Offset.stateComponents, 8) }

    private func number(_ offset: Int, _ count: Int) -> UInt64 { value(Array(bytes[offset..<(offset + count)])) }

    private func value(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    private func little(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    private mutating func put(_ new: [UInt8], _ offset: Int, _ component: UInt64) {
        bytes.replaceSubrange(offset..<(offset + new.count), with: new)
        let all = little(components | component, 8)
        bytes.replaceSubrange(Offset.stateComponents..<(Offset.stateComponents + 8), with: all)
    }
}
