import Machine
import Testing

/// One call of vCPU 0 and its outcome.
struct PSCIRow: Sendable, CustomStringConvertible {
    var name: String
    var call: PSCI.Call
    var states: [PSCI.PowerState]
    var result: Int64?
    var action: PSCI.Action

    init(
        _ name: String, _ function: UInt32, _ arguments: [UInt64] = [], states: [PSCI.PowerState] = [.on, .off],
        result: Int64?, _ action: PSCI.Action = .proceed
    ) {
        self.name = name
        let padded = arguments + [0, 0, 0]
        call = PSCI.Call(function: function, padded[0], padded[1], padded[2])
        self.states = states
        self.result = result
        self.action = action
    }

    var description: String { name }
}

@Suite struct PSCITests {
    private static let rows = [
        PSCIRow("PSCI_VERSION", 0x8400_0000, result: 0x10001),
        PSCIRow("SMCCC_VERSION", 0x8000_0000, result: 0x10001),
        PSCIRow("SMCCC_ARCH_FEATURES of SMCCC_VERSION", 0x8000_0001, [0x8000_0000], result: 0),
        PSCIRow("SMCCC_ARCH_FEATURES of a workaround", 0x8000_0001, [0x8000_8000], result: -1),
        PSCIRow("CPU_SUSPEND", 0x8400_0001, [0, 0x4000_0000], result: 0, .standby),
        PSCIRow("CPU_SUSPEND, 64-bit, power-down", 0xC400_0001, [0x10000, 0x4000_0000], result: 0, .standby),
        PSCIRow("CPU_OFF", 0x8400_0002, result: nil, .powerOff),
        PSCIRow("CPU_OFF has no 64-bit form", 0xC400_0002, result: -1),
        PSCIRow(
            "CPU_ON", 0xC400_0003, [1, 0x1_4008_0000, 42], result: 0, .start(vcpu: 1, entry: 0x1_4008_0000, context: 42)
        ),
        PSCIRow(
            "CPU_ON, 32-bit, takes 32 bits of each argument", 0x8400_0003,
            [0xFFFF_FFFF_0000_0001, 0xFFFF_FFFF_4008_0000, 0xFFFF_FFFF_8000_0000], result: 0,
            .start(vcpu: 1, entry: 0x4008_0000, context: 0x8000_0000)),
        PSCIRow("CPU_ON of itself", 0xC400_0003, [0, 0x4000_0000], result: -4),
        PSCIRow("CPU_ON of one that is on", 0xC400_0003, [1, 0x4000_0000], states: [.on, .on], result: -4),
        PSCIRow(
            "CPU_ON of one that is starting", 0xC400_0003, [1, 0x4000_0000], states: [.on, .onPending], result: -5),
        PSCIRow("CPU_ON of nobody", 0xC400_0003, [2, 0x4000_0000], result: -2),
        PSCIRow("CPU_ON with bits outside the affinity", 0xC400_0003, [0x8000_0001, 0x4000_0000], result: -2),
        PSCIRow("CPU_ON at an address no instruction has", 0xC400_0003, [1, 0x4000_0002], result: -9),
        PSCIRow("AFFINITY_INFO: on", 0xC400_0004, [0, 0], result: 0),
        PSCIRow("AFFINITY_INFO: off", 0x8400_0004, [1, 0], result: 1),
        PSCIRow("AFFINITY_INFO: starting", 0xC400_0004, [1, 0], states: [.on, .onPending], result: 2),
        PSCIRow("AFFINITY_INFO of a cluster with one that is on", 0xC400_0004, [0xFF, 1], result: 0),
        PSCIRow("AFFINITY_INFO of a cluster that is off", 0xC400_0004, [0, 1], states: [.off, .off], result: 1),
        PSCIRow(
            "AFFINITY_INFO of a cluster in which one is starting", 0xC400_0004, [0, 2], states: [.off, .onPending],
            result: 2),
        PSCIRow("AFFINITY_INFO of nobody", 0xC400_0004, [2, 0], result: -2),
        PSCIRow("AFFINITY_INFO of an empty cluster", 0xC400_0004, [0x100, 1], result: -2),
        PSCIRow("AFFINITY_INFO at a level that does not exist", 0xC400_0004, [0, 4], result: -2),
        PSCIRow("AFFINITY_INFO at the largest level", 0xC400_0004, [0, ~0], result: -2),
        PSCIRow("AFFINITY_INFO with bits outside the affinity", 0xC400_0004, [0x8000_0000, 0], result: -2),
        PSCIRow("MIGRATE", 0x8400_0005, result: -1),
        PSCIRow("MIGRATE_INFO_TYPE", 0x8400_0006, result: 2),
        PSCIRow("MIGRATE_INFO_UP_CPU", 0x8400_0007, result: -1),
        PSCIRow("SYSTEM_OFF", 0x8400_0008, result: nil, .systemOff),
        PSCIRow("SYSTEM_RESET", 0x8400_0009, result: nil, .systemReset),
        PSCIRow("SYSTEM_RESET2, warm", 0xC400_0012, [0, 7], result: nil, .systemReset),
        PSCIRow("SYSTEM_RESET2, 32-bit", 0x8400_0012, [0], result: nil, .systemReset),
        PSCIRow("SYSTEM_RESET2, a vendor's", 0xC400_0012, [0x8000_0000], result: -2),
        PSCIRow("PSCI_FEATURES of CPU_ON", 0x8400_000A, [0xC400_0003], result: 0),
        PSCIRow(
            "PSCI_FEATURES of CPU_SUSPEND: original format, no OS-initiated mode", 0x8400_000A, [0xC400_0001], result: 0
        ),
        PSCIRow("PSCI_FEATURES of SMCCC_VERSION", 0x8400_000A, [0x8000_0000], result: 0),
        PSCIRow("PSCI_FEATURES of the 64-bit SYSTEM_OFF", 0x8400_000A, [0xC400_0008], result: -1),
        PSCIRow("PSCI_FEATURES of SYSTEM_SUSPEND", 0x8400_000A, [0xC400_000E], result: -1),
        PSCIRow("PSCI_FEATURES has no 64-bit form", 0xC400_000A, [0x8400_0000], result: -1),
        PSCIRow("a number of another service", 0x8600_FF01, result: -1),
        PSCIRow("zero", 0, result: -1),
        PSCIRow("all ones", 0xFFFF_FFFF, result: -1),
    ]

    @Test(arguments: rows) func callsAreAnsweredAsTheSpecificationSays(_ row: PSCIRow) {
        let outcome = PSCI.answer(row.call, affinities: [0, 1], states: row.states)
        #expect(outcome.result == row.result.map { UInt64(bitPattern: $0) })
        #expect(outcome.action == row.action)
    }

    @Test func vCPUsOfOtherClustersAreNamedByTheirAffinity() {
        let affinities = (0..<20).map(AArch64Board.affinity(vcpu:))
        let states = [PSCI.PowerState.on] + Array(repeating: .off, count: 19)
        let outcome = PSCI.answer(
            PSCI.Call(function: 0xC400_0003, 0x103, 0x4000_0000, 1), affinities: affinities, states: states)
        #expect(outcome.action == .start(vcpu: 19, entry: 0x4000_0000, context: 1))
        let info = PSCI.answer(PSCI.Call(function: 0xC400_0004, 0x100, 1), affinities: affinities, states: states)
        #expect(info.result == 1)
    }

    @Test func missingStatesAreNobody() {
        let outcome = PSCI.answer(PSCI.Call(function: 0xC400_0003, 1), affinities: [0, 1], states: [.on])
        #expect(outcome.result == UInt64(bitPattern: -2))
    }
}
