import Foundation
import TestSupport

/// The activity of a machine's threads while its guest runs and an attached client sends nothing.
enum Idle {
    struct Thread {
        var name: String
        /// Processor time, in seconds.
        var time: Double
        /// The number of voluntary context switches.
        var waits: Int
    }

    /// Returns the use of each thread during `seconds`; nil if the machine's threads belong to another host.
    static func threads(_ stub: Stub, _ bench: Bench, seconds: UInt32 = 10) throws -> [Thread]? {
        let machine = try DebuggedMachine(stub, bench)
        let client = try machine.client(bench)
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(machine.process.pid)/exe")
        guard program.contains(stub == .qemu ? "qemu" : "trapline") else { return nil }
        try client.send("vCont;c")
        usleep(500_000)
        let before = all(machine.process.pid)
        sleep(seconds)
        let after = all(machine.process.pid)
        try client.interrupt()
        guard try client.reply().starts(with: "T02".utf8) else { throw ProcessError("the guest did not run on") }
        return after.sorted { $0.key < $1.key }.map { id, thread in
            Thread(
                name: thread.name, time: thread.time - (before[id]?.time ?? 0),
                waits: thread.waits - (before[id]?.waits ?? 0))
        }
    }

    /// Reads each thread of a process.
    ///
    /// The sources are in proc(5): comm, the first field of schedstat (nanoseconds), and voluntary_ctxt_switches of
    /// status.
    private static func all(_ process: Int32) -> [Int: Thread] {
        let tasks = "/proc/\(process)/task"
        func text(_ path: String) -> String { (try? String(contentsOfFile: "\(tasks)/\(path)", encoding: .utf8)) ?? "" }
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        return Dictionary(
            uniqueKeysWithValues: ids.compactMap { Int($0) }.map { id in
                let nanoseconds = text("\(id)/schedstat").split(separator: " ").first.flatMap { Double($0) } ?? 0
                let waits = text("\(id)/status").firstMatch(of: /\nvoluntary_ctxt_switches:\s*(\d+)/).flatMap {
                    Int($0.1)
                }
                let name = text("\(id)/comm").trimmingCharacters(in: .whitespacesAndNewlines)
                let role = id == Int(process) ? "\(name) (main, the stub's)" : name
                return (id, Thread(name: role, time: nanoseconds / 1e9, waits: waits ?? 0))
            })
    }
}
