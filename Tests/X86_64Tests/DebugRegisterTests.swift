import Testing
import X86_64

@Suite("x86-64 debug registers")
struct DebugRegisterTests {
    /// SDM volume 3B, figure 18-1: Gn at 2n + 1, GE and LE at 9:8, R/Wn at 17+4n:16+4n, LENn at 19+4n:18+4n.
    @Test("DR7 has a slot's bits where the SDM's figure has them")
    func dr7() throws {
        #expect(DebugRegisters().dr7 == 0x400)
        #expect(try DebugRegisters([.breakpoint(at: 0x1234)]).dr7 == 0x702)
        let write8 = try #require(try DebugSlot.watchpoint(0x1000, length: 8, access: .write).first)
        #expect(try DebugRegisters([write8]).dr7 == 0x0009_0702)
        let access4 = try #require(try DebugSlot.watchpoint(0x1004, length: 4, access: .readWrite).first)
        let access2 = try #require(try DebugSlot.watchpoint(0x1002, length: 2, access: .readWrite).first)
        let write1 = try #require(try DebugSlot.watchpoint(0x1003, length: 1, access: .write).first)
        let all = try DebugRegisters([.breakpoint(at: 0x99), access4, access2, write1])
        #expect(all.dr7 == 0x17f0_07aa)
        #expect(all.addresses == [0x99, 0x1004, 0x1002, 0x1003])
        #expect(try DebugRegisters([write8]).addresses == [0x1000, 0, 0, 0])
    }

    static let ranges: [(address: UInt64, length: UInt64, slots: [(UInt64, Int)])] = [
        (0x1000, 1, [(0x1000, 1)]), (0x1001, 1, [(0x1001, 1)]), (0x1000, 2, [(0x1000, 2)]),
        (0x1001, 2, [(0x1001, 1), (0x1002, 1)]), (0x1000, 4, [(0x1000, 4)]), (0x1000, 8, [(0x1000, 8)]),
        (0x1004, 8, [(0x1004, 4), (0x1008, 4)]), (0x1001, 7, [(0x1001, 1), (0x1002, 2), (0x1004, 4)]),
        (0x1000, 3, [(0x1000, 2), (0x1002, 1)]), (0x1000, 32, [(0x1000, 8), (0x1008, 8), (0x1010, 8), (0x1018, 8)]),
        (0xffff_ffff_ffff_fff8, 8, [(0xffff_ffff_ffff_fff8, 8)]), (0, 4, [(0, 4)]),
        (0xffff_ffff_ffff_ffff, 1, [(0xffff_ffff_ffff_ffff, 1)]),
    ]

    @Test("A range takes the fewest slots, and exactly its bytes", arguments: ranges.indices)
    func watchpoints(index: Int) throws {
        let row = Self.ranges[index]
        let slots = try DebugSlot.watchpoint(row.address, length: row.length, access: .write)
        #expect(slots.map(\.address) == row.slots.map(\.0) && slots.map(\.length) == row.slots.map(\.1))
        #expect(slots.allSatisfy { $0.address % UInt64($0.length) == 0 && $0.access == .write })
    }

    @Test("What can't be watched is refused with a reason")
    func refusals() {
        #expect(throws: DebugRegisterError.emptyRange) { try DebugSlot.watchpoint(0, length: 0, access: .write) }
        #expect(throws: DebugRegisterError.rangeWraps) { try DebugSlot.watchpoint(~0, length: 2, access: .write) }
        #expect(throws: DebugRegisterError.tooMany(needed: 5, available: 4)) {
            try DebugSlot.watchpoint(0x1000, length: 40, access: .write)
        }
        for length: UInt64 in [1 << 40, .max] {
            #expect(throws: DebugRegisterError.self) { try DebugSlot.watchpoint(0, length: length, access: .write) }
        }
        #expect(throws: DebugRegisterError.tooMany(needed: 5, available: 4)) {
            try DebugRegisters((0..<5).map { .breakpoint(at: $0) })
        }
    }

    @Test("A guest's own registers decode to what they stop")
    func decode() throws {
        let access4 = try #require(try DebugSlot.watchpoint(0x1004, length: 4, access: .readWrite).first)
        let registers = try DebugRegisters([.breakpoint(at: 0x99), access4])
        #expect(
            DebugRegisters.decode(addresses: registers.addresses, dr7: registers.dr7)
                == [DebugSlot.breakpoint(at: 0x99), access4, nil, nil])
        // Linux uses Gn, others Ln; the low bits of an address are ignored below its length.
        let local = DebugRegisters.decode(addresses: [0x1007, 0, 0, 0], dr7: 0x000d_0001)
        #expect(local[0]?.address == 0x1004 && local[0]?.length == 4 && local[0]?.access == .write)
    }

    @Test("DR6 distinguishes steps from hits, and disabled slots don't count")
    func status() throws {
        let two = try DebugRegisters([.breakpoint(at: 1), .breakpoint(at: 2)])
        #expect(DebugStatus(dr6: 0xffff_0ff0).hits(two).isEmpty)
        #expect(DebugStatus(dr6: 0xffff_0ff3).hits(two) == [0, 1])
        #expect(DebugStatus(dr6: 0xffff_0ffc).hits(two).isEmpty)
        #expect(DebugStatus(dr6: 0xffff_4ff1).isStep && DebugStatus(dr6: 0xffff_4ff1).hits(two) == [0])
        #expect(DebugStatus(dr6: 0x2000).isDebugRegisterAccess && DebugStatus(dr6: 0x8000).isTaskSwitch)
        #expect(!DebugStatus(dr6: 0xffff_0ff1).isStep)
        #expect(DebugStatus.step.isStep && DebugStatus.step.hits(two).isEmpty)
        #expect(DebugStatus(dr6: 0xffff_6ff3).apartFromSlots == 0x6000 && DebugStatus(dr6: 0xf).apartFromSlots == 0)
    }

    @Test("The exceptions with an error code are those of the manual's table")
    func errorCodes() {
        #expect((0..<32).filter { ExceptionVector.pushesErrorCode($0) } == [8, 10, 11, 12, 13, 14, 17, 21])
    }

    @Test("INT3 is one byte, and a hit is reported on it")
    func int3() {
        #expect(BreakpointInstruction.opcode == 0xcc && BreakpointInstruction.length == 1)
        #expect(BreakpointInstruction.reportedPC(savedRIP: 0x1001) == 0x1000)
        #expect(BreakpointInstruction.reportedPC(savedRIP: 0) == ~0)
    }
}
