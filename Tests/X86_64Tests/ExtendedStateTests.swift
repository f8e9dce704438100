import Testing
import X86_64

@Suite("x86-64 extended state")
struct ExtendedStateTests {
    static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    @Test("Each register keeps what is put into it and touches no other")
    func roundTrip() throws {
        let all =
            (0..<8).map { DebuggerRegister.st($0) } + (0..<16).flatMap { [.xmm($0), .ymmHigh($0)] } + [.mxcsr]
            + X87Register.allCases.filter { $0 != .ftag && $0 != .fop }.map { .x87($0) }
        var state = ExtendedState([])
        var wanted: [DebuggerRegister: [UInt8]] = [:]
        for (index, register) in all.enumerated() {
            var new = [UInt8](repeating: UInt8(index + 1), count: register.byteCount)
            // FCW, FSW and the selectors have 16 bits, MXCSR none above 15 and not bit 6 here.
            if case .x87(let control) = register, control != .fioff, control != .fooff { new[2] = 0; new[3] = 0 }
            if register == .mxcsr { new = [0x80, 0x1f, 0, 0] }
            let isTaken = state.set(register, new)
            #expect(isTaken)
            wanted[register] = new
        }
        for register in all { #expect(state[register] == wanted[register], "\(register)") }
    }

    /// SDM volume 1, table 10-2.
    @Test("Registers lie where FXSAVE and XSAVE put them")
    func layout() {
        var raw = [UInt8](repeating: 0, count: 4096)
        (raw[0], raw[1], raw[24], raw[25]) = (0x7f, 0x03, 0x80, 0x1f)
        raw[32 + 16 * 3] = 0x33
        raw[160 + 16 * 15] = 0x5f
        raw[576 + 16 * 2] = 0x22
        let off = ExtendedState(raw)
        #expect(off[.x87(.fctrl)] == [0x7f, 0x03, 0, 0] && off[.mxcsr] == [0x80, 0x1f, 0, 0])
        #expect(off[.st(3)]?.first == 0x33 && off[.xmm(15)]?.first == 0x5f)
        // XSTATE_BV says that AVX is in its initial state, whatever the bytes are.
        #expect(off[.ymmHigh(2)] == [UInt8](repeating: 0, count: 16))
        raw[512] = 4
        #expect(ExtendedState(raw)[.ymmHigh(2)]?.first == 0x22)
        // Writing one of them makes the others the zeroes that they are.
        raw[512] = 0
        var written = ExtendedState(raw)
        let isTaken = written.set(.ymmHigh(1), [UInt8](repeating: 7, count: 16))
        #expect(isTaken)
        #expect(written[.ymmHigh(2)] == [UInt8](repeating: 0, count: 16) && written.bytes[512] == 4)
    }

    @Test("The tag word has valid, zero, special and empty by physical register")
    func tags() {
        var state = ExtendedState([])
        #expect(state[.x87(.ftag)] == [0xff, 0xff, 0, 0])
        // TOP is 6: st0 is physical 6, st1 is 7, st2 is 0 and st3 is 1.
        let values: [(DebuggerRegister, [UInt8])] = [
            (.x87(.fstat), Self.bytes(6 << 11, 4)), (.x87(.ftag), Self.bytes(0x0ff0, 4)),
            (.st(0), [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f]),  // 1.0
            (.st(1), [UInt8](repeating: 0, count: 10)),
            (.st(2), [0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x7f]),  // Infinity.
            (.st(3), [0, 0, 0, 0, 0, 0, 0, 0x40, 0xff, 0x3f]),  // Not normalized.
        ]
        for (register, new) in values {
            let isTaken = state.set(register, new)
            #expect(isTaken)
        }
        let expected: UInt64 = 0 << 12 | 1 << 14 | 2 << 0 | 2 << 2 | 0x0ff0
        #expect(state[.x87(.ftag)] == Self.bytes(expected, 4))
    }

    @Test("What can't be loaded is refused and changes nothing")
    func refusals() {
        var state = ExtendedState([])
        let before = state
        let refused: [(DebuggerRegister, [UInt8])] = [
            (.mxcsr, [0, 0, 1, 0]), (.mxcsr, [0x40, 0, 0, 0]), (.xmm(0), [1]), (.rip, Self.bytes(0, 8)),
        ]
        for (register, new) in refused {
            let isTaken = state.set(register, new)
            #expect(!isTaken)
        }
        #expect(state == before && state[.rip] == nil && state[.general(.rax)] == nil)
        // With MXCSR_MASK, DAZ is there.
        var raw = [UInt8](repeating: 0, count: 832)
        (raw[28], raw[29]) = (0xff, 0xff)
        var masked = ExtendedState(raw)
        let isTaken = masked.set(.mxcsr, [0x40, 0, 0, 0])
        #expect(isTaken && masked[.mxcsr] == [0x40, 0, 0, 0])
    }
}
