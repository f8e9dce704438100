import GDBStub
import Machine

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

    private var exits: String {
        let devices = machine.bus.mappings.filter { $0.reads != 0 || $0.writes != 0 }.map {
            [$0.device.name, hexadecimal($0.base), String($0.reads), String($0.writes)]
        }
        let accesses = devices.isEmpty ? "" : columns([["device", "at", "reads", "writes"]] + devices)
        guard let counts = accelerator.exitCounts else {
            return "the accelerator \(accelerator.name) does not count exits\n" + accesses
        }
        let header = ["exit"] + (0..<vcpuCount).map { "CPU \($0)" }
        let rows = counts.filter { $0.counts.contains { $0 != 0 } }.map { [$0.reason] + $0.counts.map { String($0) } }
        return columns([header] + rows) + accesses
    }

    private func trace(_ words: [String]) throws(TargetError) -> String {
        guard words[0] == "mmio" else { throw .invalid("trace \(words[0]): only mmio can be traced") }
        switch words.dropFirst().first {
        case "on":
            if machine.bus.trace == nil { machine.bus.trace = BusTrace() }
            return "accesses to devices are noted; \"monitor trace mmio\" shows them\n"
        case "off":
            machine.bus.trace = nil
            return "accesses to devices are no longer noted\n"
        case nil:
            guard let trace = machine.bus.trace else {
                throw .invalid("trace mmio: nothing is noted; \"monitor trace mmio on\" begins it")
            }
            return Self.text(trace.take())
        case let word?:
            throw .invalid("trace mmio \(word): use on, off, or nothing to see what was noted")
        }
    }

    private static func text(_ noted: (accesses: [BusTrace.Access], lost: UInt64)) -> String {
        guard !noted.accesses.isEmpty else { return "no access since the last look\n" }
        let lost = noted.lost == 0 ? "" : "the first \(noted.lost) are no longer known\n"
        return lost
            + columns(
                noted.accesses.map { access in
                    [
                        "CPU \(access.vcpu)", access.direction.rawValue, "\(hexadecimal(access.address))",
                        sizeInWords(UInt64(access.size)), access.value.map { hexadecimal($0) } ?? "-",
                        access.device ?? "nothing there",
                    ]
                })
    }
}
