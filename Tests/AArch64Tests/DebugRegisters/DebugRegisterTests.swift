import AArch64
import Testing

/// Expected values: Arm ARM, "DBGBCR<n>_EL1" and "DBGWCR<n>_EL1".
@Suite("Debug registers")
struct DebugRegisterTests {
    /// Seed item 2.20: E 0, PMC 2:1, BAS 8:5, and nothing else.
    @Test("A breakpoint matches its word at EL0 and EL1")
    func breakpoint() throws {
        let pair = try DebugRegisterEncoding.breakpoint(at: 0xffff_8000_0801_0004)
        #expect(pair == DebugRegisterPair(value: 0xffff_8000_0801_0004, control: 0x1e7))
        #expect(throws: DebugRegisterError.misalignedBreakpoint) {
            _ = try DebugRegisterEncoding.breakpoint(at: 0x1002)
        }
    }

    struct Row: Sendable {
        var address: UInt64
        var length: UInt64
        var access: WatchedAccess
        var pairs: [DebugRegisterPair]

        init(_ address: UInt64, _ length: UInt64, _ access: WatchedAccess, _ pairs: [(UInt64, UInt64)]) {
            (self.address, self.length, self.access) = (address, length, access)
            self.pairs = pairs.map { DebugRegisterPair(value: $0.0, control: $0.1) }
        }
    }

    /// Seed item 2.21: E and PAC are 0x7, LSC bits 4:3, BAS 12:5, MASK 28:24.
    static let rows: [Row] = [
        Row(0x1000, 1, .write, [(0x1000, 0x7 | 2 << 3 | 0x01 << 5)]),
        Row(0x1003, 1, .read, [(0x1000, 0x7 | 1 << 3 | 0x08 << 5)]),
        Row(0x1004, 4, .readWrite, [(0x1000, 0x7 | 3 << 3 | 0xf0 << 5)]),
        Row(0x1000, 8, .write, [(0x1000, 0x1ff7)]),
        Row(0x1001, 6, .write, [(0x1000, 0x17 | 0x7e << 5)]),
        // Across a doubleword: one register each side.
        Row(0x1006, 4, .write, [(0x1000, 0x17 | 0xc0 << 5), (0x1008, 0x17 | 0x03 << 5)]),
        Row(0x1007, 2, .write, [(0x1000, 0x17 | 0x80 << 5), (0x1008, 0x17 | 0x01 << 5)]),
        // Aligned powers of two: MASK.
        Row(0x1000, 16, .write, [(0x1000, 0x1ff7 | 4 << 24)]),
        Row(0x1040, 64, .write, [(0x1040, 0x1ff7 | 6 << 24)]),
        Row(0x8000_0000, 0x8000_0000, .write, [(0x8000_0000, 0x1ff7 | 31 << 24)]),
        // 64 bytes that are not aligned to 64: 32 + 32.
        Row(0x1020, 64, .write, [(0x1020, 0x1ff7 | 5 << 24), (0x1040, 0x1ff7 | 5 << 24)]),
        Row(
            0x1008, 64, .write,
            [
                (0x1008, 0x1ff7), (0x1010, 0x1ff7 | 4 << 24), (0x1020, 0x1ff7 | 5 << 24), (0x1040, 0x1ff7),
            ]),
        Row(0x1000, 24, .write, [(0x1000, 0x1ff7 | 4 << 24), (0x1010, 0x1ff7)]),
        Row(0x1000, 12, .write, [(0x1000, 0x1ff7), (0x1008, 0x17 | 0x0f << 5)]),
        // Larger than 2 GiB: several.
        Row(0, 0x1_0000_0000, .write, [(0, 0x1ff7 | 31 << 24), (0x8000_0000, 0x1ff7 | 31 << 24)]),
        // The end of the address space.
        Row(0xffff_ffff_ffff_fff8, 8, .write, [(0xffff_ffff_ffff_fff8, 0x1ff7)]),
        Row(0xffff_ffff_ffff_ffff, 1, .write, [(0xffff_ffff_ffff_fff8, 0x17 | 0x80 << 5)]),
    ]

    @Test("A range becomes the registers that cover it", arguments: 0..<rows.count)
    func watchpoints(index: Int) throws {
        let row = Self.rows[index]
        let pairs = try DebugRegisterEncoding.watchpoints(row.address, length: row.length, access: row.access)
        #expect(pairs == row.pairs)
    }

    @Test("Impossible ranges are refused")
    func refused() {
        #expect(throws: DebugRegisterError.emptyRange) {
            _ = try DebugRegisterEncoding.watchpoints(0, length: 0, access: .write)
        }
        #expect(throws: DebugRegisterError.rangeWraps) {
            _ = try DebugRegisterEncoding.watchpoints(~0, length: 2, access: .write)
        }
        #expect(throws: DebugRegisterError.tooManyWatchpoints(needed: 65, available: 16)) {
            _ = try DebugRegisterEncoding.watchpoints(0, length: ~0, access: .write)
        }
    }

    @Test("Registers cover exactly the range, and none could do with one fewer")
    func exactCover() throws {
        for start in UInt64(0)..<24 {
            for length in UInt64(1)...80 {
                let pairs = try DebugRegisterEncoding.watchpoints(0x1000 + start, length: length, access: .read)
                var covered: Set<UInt64> = []
                for pair in pairs {
                    let bytes = try #require(DebugRegisterEncoding.watchedBytes(pair))
                    for byte in bytes { #expect(covered.insert(byte).inserted) }
                }
                #expect(covered == Set((0x1000 + start)..<(0x1000 + start + length)))
                #expect(pairs.count == Self.fewest(start, length))
            }
        }
    }

    /// The smallest number of representable pieces, found by trying all first pieces.
    static func fewest(_ start: UInt64, _ length: UInt64) -> Int {
        var best = [0] + Array(repeating: Int.max, count: Int(length))
        for done in 0..<length where best[Int(done)] != .max {
            let here = start + done
            var sizes = Array(1...(8 - here % 8))
            for bits in UInt64(4)...7 where here % (1 << bits) == 0 { sizes.append(1 << bits) }
            for size in sizes where done + size <= length {
                best[Int(done + size)] = min(best[Int(done + size)], best[Int(done)] + 1)
            }
        }
        return best[Int(length)]
    }

    @Test("A register that is off watches nothing")
    func off() {
        #expect(DebugRegisterEncoding.watchedBytes(.init(value: 0x1000, control: 0x1ff6)) == nil)
        #expect(DebugRegisterEncoding.watchedBytes(.init(value: 0x1000, control: 0x17)) == nil)
    }

    /// Seed item 2.22.
    @Test("Breakpoints and watchpoints are counted apart")
    func counts() throws {
        let counts = DebugRegisterCounts(breakpoints: 2, watchpoints: 3)
        let ranges = [
            WatchedRange(address: 0x1006, length: 4, access: .write),
            WatchedRange(address: 0x2000, length: 8, access: .read),
        ]
        let file = try DebugRegisterFile(breakpoints: [0x4000, 0x4004], watchpoints: ranges, counts: counts)
        #expect(file.breakpoints.count == 2 && file.owners == [0, 0, 1])
        #expect(throws: DebugRegisterError.tooManyBreakpoints(needed: 3, available: 2)) {
            _ = try DebugRegisterFile(breakpoints: [0, 4, 8], watchpoints: [], counts: counts)
        }
        #expect(throws: DebugRegisterError.tooManyWatchpoints(needed: 4, available: 3)) {
            _ = try DebugRegisterFile(breakpoints: [], watchpoints: [ranges[0], ranges[0]], counts: counts)
        }
        #expect(DebugRegisterCounts(idAA64DFR0: 0x10305106) == DebugRegisterCounts(breakpoints: 6, watchpoints: 4))
    }

    static let ranges = [
        WatchedRange(address: 0x1004, length: 4, access: .write),
        WatchedRange(address: 0x1010, length: 8, access: .read),
        WatchedRange(address: 0x1010, length: 8, access: .readWrite),
        WatchedRange(address: 0xffff_0000_0000_0010, length: 16, access: .write),
    ]

    /// Seed item 2.19: FAR, whether it was a write, then the range and the address to report.
    static let nearestRows: [(UInt64, Bool, Int, UInt64)] = [
        (0x1004, true, 0, 0x1004), (0x1006, true, 0, 0x1006),
        (0x1000, true, 0, 0x1004),  // DC ZVA or a wide store begins below
        (0x1008, true, 0, 0x1007),
        (0x1013, false, 1, 0x1013), (0x1013, true, 2, 0x1013),
        (0x1000, false, 1, 0x1010),  // reads don't hit the first
        (0xffff_0000_0000_0008, true, 3, 0xffff_0000_0000_0010),
        // A tag doesn't count.
        (0x5a00_0000_0000_1005, true, 0, 0x1005),
    ]

    @Test("FAR leads to the nearest range that watches such accesses", arguments: nearestRows)
    func nearest(far: UInt64, write: Bool, index: Int, address: UInt64) throws {
        let found = try #require(WatchedRange.nearest(to: far, write: write, in: Self.ranges))
        #expect(found.index == index && found.address == address)
    }

    @Test("No range, no answer")
    func nearestNone() {
        #expect(WatchedRange.nearest(to: 0, write: true, in: []) == nil)
        let bad = WatchedRange(address: ~0, length: 2, access: .write)
        #expect(WatchedRange.nearest(to: 0, write: true, in: [bad]) == nil)
        #expect(WatchedRange.nearest(to: 0, write: false, in: [Self.ranges[0]]) == nil)
    }
}
