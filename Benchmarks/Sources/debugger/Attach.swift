import Foundation
import TestSupport

/// What it takes GDB to attach to a machine that is held, up to its prompt.
struct Attach {
    let packets: [[UInt8]]
    var roundTrips: Double { Double(packets.count) }

    /// Records GDB's packets up to the first that a script has it send.
    init(_ stub: Stub, _ bench: Bench, gdb: String? = nil) throws {
        let machine = try DebuggedMachine(stub, bench)
        let tap = try Tap(stub: machine.port)
        let log = try GDB.batch(
            program: gdb ?? bench.gdb, elf: bench.guest, remote: "127.0.0.1:\(tap.port)",
            "maintenance packet \(Workload.mark)\ndisconnect")
        let all = tap.packets()
        guard log.succeeded, let mark = all.firstIndex(of: Array(Workload.mark.utf8)) else {
            throw ProcessError("attaching to \(stub.rawValue): GDB failed:\n\(log)")
        }
        packets = Array(all[..<mark])
    }

    /// How long a real GDB takes.
    static func time(_ stub: Stub, _ bench: Bench) throws -> Double {
        let machine = try DebuggedMachine(stub, bench)
        let log = try GDB.batch(
            program: bench.gdb, elf: bench.guest,
            """
            python
            import time
            start = time.time()
            gdb.execute('target remote 127.0.0.1:\(machine.port)', to_string=True)
            print('@nanoseconds=%d' % (1e9 * (time.time() - start)))
            end
            disconnect
            """)
        guard log.succeeded, let nanoseconds = log.value("nanoseconds") else {
            throw ProcessError("attaching to \(stub.rawValue): GDB failed:\n\(log)")
        }
        return Double(nanoseconds) / 1e9
    }
}
