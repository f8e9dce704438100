import Acceleration
import Execution
import GuestAddresses
import KVM
import GuestMemory
import KVMAccelerator
import Testing
import X86_64

// SDM volume 3B, 18.2: four address registers for breakpoints and watchpoints together. LENn is 1, 2, 4 or 8 bytes at
// a multiple of that; R/Wn is 0b00 for execution, 0b01 for writes and 0b11 for reads and writes.
@Suite("The place of KVM's stop points on x86-64: registers first, then memory")
struct KVMX86_64DebugPlanTests {
    private typealias Plan = KVMDebugPlan<KVMX86_64DebugRegisters>

    struct Row {
        var software: Set<UInt64> = []
        var hardware: Set<UInt64> = []
        /// Address and length.
        var watched: [(UInt64, UInt64)] = []
        /// The addresses that are RAM.
        var mapped: Set<UInt64> = []
        var prefersPatches = false
        /// How many breakpoints have a register; nil: refused.
        var inRegisters: Int?
    }

    static let five: Set<UInt64> = [1, 2, 3, 5, 8]

    static let rows: [Row] = [
        Row(inRegisters: 0),
        // x86 instructions begin at any address.
        Row(software: [1, 2, 3, 5], inRegisters: 4),
        Row(software: five, mapped: five, inRegisters: 4),
        Row(software: five, mapped: [8], inRegisters: 4),
        Row(software: five, inRegisters: nil),
        // Hardware breakpoints come first, and are never in memory.
        Row(software: [1, 2], hardware: [3, 5, 8], mapped: [1, 2], inRegisters: 4),
        Row(software: [1, 2], hardware: [3, 5, 8], inRegisters: nil),
        Row(hardware: five, mapped: five, inRegisters: nil),
        Row(software: five, hardware: [1], mapped: five, inRegisters: 4),
        // Watchpoints have registers alone: one for 8 aligned bytes, three for 7 bytes from an odd address.
        Row(software: five, watched: [(0x1000, 8)], mapped: five, inRegisters: 3),
        Row(software: five, watched: [(0x1001, 7)], mapped: five, inRegisters: 1),
        Row(software: five, watched: [(0x1000, 32)], mapped: five, inRegisters: 0),
        Row(software: five, watched: [(0x1000, 32)], mapped: [1, 2, 3, 5], inRegisters: nil),
        Row(hardware: [1, 2], watched: [(0x1001, 7)], inRegisters: nil),
        Row(hardware: [1], watched: [(0x1001, 7)], inRegisters: 1),
        // With patches preferred, registers are left for what cannot be patched.
        Row(software: [1, 2], mapped: [1, 2], prefersPatches: true, inRegisters: 0),
        Row(software: [1, 2], mapped: [1], prefersPatches: true, inRegisters: 1),
        Row(software: [1, 2], hardware: [1], mapped: [1, 2], prefersPatches: true, inRegisters: 1),
        Row(software: five, mapped: [], prefersPatches: true, inRegisters: nil),
    ]

    private static func plan(
        _ row: Row, isPatchable: ((VirtualAddress) -> Bool)? = nil
    ) throws(TargetError) -> Plan {
        var debug = GuestDebug()
        debug.softwareBreakpoints = row.software
        debug.hardwareBreakpoints = row.hardware
        debug.watchpoints = row.watched.map { StopPoint(kind: .writeWatchpoint, address: $0.0, length: $0.1) }
        return try Plan(
            debug, prefersPatches: row.prefersPatches, isPatchable: isPatchable ?? { row.mapped.contains($0.rawValue) })
    }

    @Test("Each set of stop points is placed, or refused", arguments: rows.indices)
    func placement(index: Int) throws {
        let row = Self.rows[index]
        guard let inRegisters = row.inRegisters else {
            #expect(throws: TargetError.self) { try Self.plan(row) }
            return
        }
        let plan = try Self.plan(row)
        #expect(plan.placed.count == inRegisters)
        #expect(plan.placed.union(plan.patched) == row.software.union(row.hardware))
        #expect(plan.placed.isSuperset(of: row.hardware) && plan.placed.isDisjoint(with: plan.patched))
        #expect(plan.patched.isSubset(of: row.mapped))
        let slots = plan.registers.registers.slots
        #expect(Set(slots.filter { $0.access == .execute }.map(\.address)) == plan.placed)
        #expect(slots.allSatisfy { $0.address % UInt64($0.length) == 0 && [1, 2, 4, 8].contains($0.length) })
    }

    @Test("No translation table is walked while there are registers for all")
    func walks() throws {
        var asked: [VirtualAddress] = []
        _ = try Self.plan(Row(software: [1, 2, 3, 5])) { address in
            asked.append(address)
            return true
        }
        #expect(asked.isEmpty)
    }

    @Test("Each slot names its watchpoint, and DR7 has its access and length")
    func slots() throws {
        var debug = GuestDebug()
        debug.hardwareBreakpoints = [0x7003]
        debug.watchpoints = [
            StopPoint(kind: .writeWatchpoint, address: 0x1000, length: 8),
            // Reads alone cannot be watched; two bytes at an odd address are two slots.
            StopPoint(kind: .readWatchpoint, address: 0x2001, length: 2),
        ]
        let plan = try Plan(debug, prefersPatches: false) { _ in false }
        let x86 = plan.registers
        #expect(x86.owners == [0, 1, 1, nil])
        #expect(x86.registers.slots.map(\.access) == [.write, .readWrite, .readWrite, .execute])
        #expect(x86.registers.slots.map(\.length) == [8, 1, 1, 1])
        // Figure 18-1: LEN0 0b10 and R/W0 0b01, R/W1 and R/W2 0b11, the rest 0; G3 to G0, GE and LE, bit 10.
        #expect(plan.freeRun.dr7 == 0x0339_07aa)
        #expect(plan.freeRun.addresses == [0x1000, 0x2001, 0x2002, 0x7003])
    }

    @Test("An access watchpoint stops reads and writes")
    func access() throws {
        let point = StopPoint(kind: .accessWatchpoint, address: 0x1004, length: 4)
        let plan = try KVMX86_64DebugRegisters(placed: [], watchpoints: [point])
        #expect(plan.registers.dr7 == 0x000f_0702)
    }

    /// Section 18.2.3: Bn of DR6 is the slot's hit; BS, bit 14, is a step.
    static let hits: [(dr6: UInt64, index: Int?, address: UInt64)] = [
        (0xffff_0ff1, 0, 0x1000), (0xffff_0ff2, 1, 0x2001), (0xffff_0ff4, 1, 0x2002), (0xffff_0ff8, nil, 0),
        (0xffff_0ff9, 0, 0x1000), (0xffff_0ffc, 1, 0x2002), (0xffff_4ff0, nil, 0), (0xffff_4ff2, 1, 0x2001),
    ]

    @Test("DR6 names the watchpoint and the byte", arguments: hits)
    func hit(dr6: UInt64, index: Int?, address: UInt64) throws {
        let plan = try KVMX86_64DebugRegisters(
            placed: [0x7003],
            watchpoints: [
                StopPoint(kind: .writeWatchpoint, address: 0x1000, length: 8),
                StopPoint(kind: .writeWatchpoint, address: 0x2001, length: 2),
            ])
        let hit = plan.watchpoint(DebugStatus(dr6: dr6))
        #expect(hit?.index == index && (hit?.address ?? 0) == address)
    }

    static let refused: [(watched: [(UInt64, UInt64)], text: String)] = [
        ([(0x1000, 0)], "a watchpoint needs at least one byte"),
        ([(.max, 2)], "the watched range goes beyond the end of the address space"),
        ([(0x1000, 33)], "needs 5 debug registers, 4 are there"),
        ([(0x1004, 32)], "needs 5 debug registers, 4 are there"),
        ([(0x1001, 7), (0x2001, 2)], "needs 5 debug registers, 4 are there"),
        ([(0, .max)], "4 are there for breakpoints and watchpoints together"),
    ]

    @Test("Watchpoints that x86 cannot have are refused with the reason", arguments: refused.indices)
    func refusals(index: Int) {
        let row = Self.refused[index]
        do throws(TargetError) {
            _ = try Self.plan(Row(watched: row.watched))
            Issue.record("it was taken")
        } catch {
            #expect(error.text.contains(row.text), "\(error.text)")
        }
    }

    @Test("Breakpoints have the registers that watchpoints leave")
    func leftRegisters() {
        func left(_ watched: (UInt64, UInt64)...) -> Int {
            KVMX86_64DebugRegisters.breakpointCount(
                besides: watched.map { StopPoint(kind: .writeWatchpoint, address: $0.0, length: $0.1) })
        }
        #expect(left() == 4)
        #expect(left((0x1000, 1)) == 3)
        #expect(left((0x1001, 7)) == 1)
        #expect(left((0x1001, 7), (0x2000, 8)) == 0)
        #expect(left((0x1001, 7), (0x2001, 7)) == 0)
        #expect(left((0x1000, 33)) == 0)
    }

    /// Linux, Documentation/virt/kvm/api.rst, 4.87: ENABLE is 1, USE_SW_BP 0x10000, USE_HW_BP 0x20000.
    @Test("KVM is asked for what the plan needs")
    func control() throws {
        #expect(try Self.plan(Row()).freeRun == X86GuestDebug())
        var plan = try Self.plan(Row(software: [1]))
        #expect(plan.freeRun.control.rawValue == 0x2_0001)
        plan.patchedMemory = [0x5000]
        #expect(plan.freeRun.control.rawValue == 0x3_0001)
        var patched = try Self.plan(Row(software: [1], mapped: [1], prefersPatches: true))
        #expect(patched.freeRun.control.rawValue == 0)
        patched.patchedMemory = [0x5000]
        #expect(patched.freeRun.control.rawValue == 0x1_0001)
        var catching = try Self.plan(Row())
        catching.debug.catches = .int3
        #expect(catching.freeRun.control.rawValue == 0x1_0001)
    }
}
