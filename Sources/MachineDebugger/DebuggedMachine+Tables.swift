import Acceleration
import Execution
package import GDBStub
import GuestAddresses
import GuestMemory
import Machine
import NumberText

// The tables of `info os` in GDB.
extension DebuggedMachine {
    /// The tables of `info os`: processes, cpus, exits, devices and memory.
    package var systemTables: [SystemTable] {
        [processTable, vcpuTable, exitTable, deviceTable, memoryTable]
    }

    /// The machine as the only process of the remote protocol; radare2 reads this table.
    private var processTable: SystemTable {
        SystemTable(
            name: "processes", help: "the machine, which is process 1", columns: ["pid", "user", "command", "cores"],
            rows: [
                [
                    "1", "guest", "machine \(machine.board.name)",
                    (0..<vcpuCount).map { String($0) }.joined(separator: ","),
                ]
            ])
    }

    private var vcpuTable: SystemTable {
        SystemTable(
            name: "cpus", help: "vCPUs and what they are doing", columns: ["CPU", "State", "PC"],
            rows: (0..<vcpuCount).map { vcpu in
                let pc = (try? vcpus.programCounter(vcpu: vcpu)).map { hexadecimal($0) } ?? ""
                return [String(vcpu), threadName(vcpu: vcpu), vcpus.activity(vcpu: vcpu) == .off ? "" : pc]
            })
    }

    private var exitTable: SystemTable {
        SystemTable(
            name: "exits", help: "exits of the vCPUs by cause",
            columns: ["Reason"] + (0..<vcpuCount).map { "CPU \($0)" },
            rows: (vcpus.exitCounts ?? []).map { [$0.reason] + $0.counts.map { String($0) } })
    }

    private var deviceTable: SystemTable {
        SystemTable(
            name: "devices", help: "devices, and how often they were accessed",
            columns: ["Device", "Start", "Size", "Reads", "Writes"],
            rows: machine.bus.mappings.map {
                [$0.device.name, hexadecimal($0.base), hexadecimal($0.size), String($0.reads), String($0.writes)]
            })
    }

    private var memoryTable: SystemTable {
        SystemTable(
            name: "memory", help: "what is at each physical address", columns: ["Start", "End", "What"],
            rows: physicalMap.pieces.filter { $0.place != .nothing }.map {
                [hexadecimal($0.first), hexadecimal($0.last), $0.place.text]
            })
    }
}
