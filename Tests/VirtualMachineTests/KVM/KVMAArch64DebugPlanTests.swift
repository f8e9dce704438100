import AArch64
import Acceleration
import Execution
import GDBStub
import GuestAddresses
import KVM
import KVMAccelerator
import Testing
import VirtualMachine

@Suite("Where KVM's stop points go: registers first, then memory")
struct KVMAArch64DebugPlanTests {
    private typealias Plan = KVMDebugPlan<KVMAArch64DebugRegisters>

    struct Row {
        var software: Set<UInt64> = []
        var hardware: Set<UInt64> = []
        /// The addresses that are RAM.
        var mapped: Set<UInt64> = []
        var prefersPatches = false
        /// nil: refused.
        var placed: Set<UInt64>?
        var patched: Set<UInt64> = []
    }

    static let counts = DebugRegisterCounts(breakpoints: 2, watchpoints: 2)

    static let rows: [Row] = [
        Row(placed: []),
        Row(software: [4, 8], placed: [4, 8]),
        // One too many: a mapped one goes to memory, an unmapped one never.
        Row(software: [4, 8, 12], mapped: [4, 8, 12], placed: [8, 12], patched: [4]),
        Row(software: [4, 8, 12], mapped: [12], placed: [4, 8], patched: [12]),
        Row(software: [4, 8, 12], placed: nil),
        // The debugger's hardware breakpoints come first.
        Row(software: [4], hardware: [8, 12], mapped: [4], placed: [8, 12], patched: [4]),
        Row(software: [4], hardware: [8, 12], placed: nil),
        Row(hardware: [4, 8, 12], mapped: [4, 8, 12], placed: nil),
        // Both kinds at one address need one register.
        Row(software: [4], hardware: [4, 8], placed: [4, 8]),
        Row(software: [4, 8], mapped: [4], prefersPatches: true, placed: [8], patched: [4]),
        Row(software: [4, 8], hardware: [4], mapped: [4, 8], prefersPatches: true, placed: [4], patched: [8]),
    ]

    @Test("Each set of stop points is placed, or refused", arguments: rows.indices)
    func placement(index: Int) throws {
        let row = Self.rows[index]
        var debug = GuestDebug()
        debug.softwareBreakpoints = row.software
        debug.hardwareBreakpoints = row.hardware
        func plan() throws -> Plan {
            try Plan(debug, counts: Self.counts, prefersPatches: row.prefersPatches) {
                row.mapped.contains($0.rawValue)
            }
        }
        guard let placed = row.placed else {
            #expect(throws: TargetError.self) { _ = try plan() }
            return
        }
        let made = try plan()
        #expect(made.placed == placed && made.patched == row.patched)
        #expect(made.freeRun.breakpoints.map(\.value) == placed.sorted())
    }

    @Test("Nothing to stop for turns debugging off")
    func off() throws {
        #expect(Plan().freeRun.control == [])
        var debug = GuestDebug()
        debug.exceptionCatches.insert(.brk)
        let plan = try Plan(debug, counts: Self.counts, prefersPatches: false) { _ in false }
        #expect(plan.freeRun.control == [.enable, .softwareBreakpoints])
    }

    @Test("A step has no breakpoints, and watchpoints unless they have been reported")
    func stepping() throws {
        var debug = GuestDebug()
        debug.softwareBreakpoints = [4]
        debug.watchpoints = [StopPoint(kind: .writeWatchpoint, address: 0x1000, length: 8)]
        let plan = try Plan(debug, counts: Self.counts, prefersPatches: false) { _ in false }
        let step = plan.step(ignoringWatchpoints: false)
        #expect(step.breakpoints.isEmpty && step.watchpoints.count == 1)
        #expect(step.control == [.enable, .singleStep, .softwareBreakpoints, .hardware])
        #expect(plan.step(ignoringWatchpoints: true).watchpoints.isEmpty)
    }

    @Test("Watchpoints that don't fit are refused with how many there are")
    func watchpoints() {
        var debug = GuestDebug()
        debug.watchpoints = (0..<3).map { StopPoint(kind: .writeWatchpoint, address: 0x1000 + 64 * $0, length: 8) }
        do {
            _ = try Plan(debug, counts: Self.counts, prefersPatches: false) { _ in false }
            Issue.record("three in two registers")
        } catch {
            #expect("\(error)".contains("2"))
        }
    }
}
