import GDBStub

// What the vCPUs left the guest for.
extension MachineTarget {
    static var traceRows: [MonitorRow] {
        [
            MonitorRow(
                "exits", count: 0...0, help: "count what the vCPUs came back for, and accesses to each device",
                { target, _, _ throws(TargetError) in target.exits }),
            MonitorRow(
                "trace", "mmio [on|off]", count: 1...2,
                help: "note accesses to devices from now on, or no longer; without a word, show what was noted",
                { target, words, _ throws(TargetError) in try target.trace(words) }),
        ]
    }
}
