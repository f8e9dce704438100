import Foundation
import TestSupport

/// The time that GDB takes to attach to a held machine, up to its prompt.
struct Attach {
    let packets: [[UInt8]]
    var roundTrips: Double { Double(packets.count) }

    /// Records GDB's packets up to the separator that its script sends after the attach.
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

    /// Returns the time that a real GDB takes to attach, in seconds.
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

/// The time of an attach by a client that asks only for what it needs, in pieces as large as the stub accepts.
struct NeutralAttach {
    let roundTrips: Double
    let seconds: Double

    init(_ stub: Stub, _ bench: Bench) throws {
        let machine = try DebuggedMachine(stub, bench)
        // The client's own work on the description is not timed.
        var spent = Duration.zero
        func timed<Result>(_ work: () throws -> Result) rethrows -> Result {
            let start = ContinuousClock.now
            defer { spent += ContinuousClock.now - start }
            return try work()
        }
        let client = try timed { try Connection(port: machine.port) }
        var registers = 0
        var names = ["target.xml"]
        while let name = names.popLast() {
            let text = try timed { try client.document(name) }
            registers += text.components(separatedBy: "<reg ").count - 1
            // The file of an inclusion is read next.
            names += text.components(separatedBy: "<xi:include href=\"").dropFirst().compactMap {
                $0.split(separator: "\"").first.map { String($0) }
            }
        }
        guard registers >= 34 else { throw ProcessError("\(stub.rawValue) describes \(registers) registers") }
        try timed {
            let stop = try client.ask("?")
            guard stop.first == UInt8(ascii: "T") else { throw ProcessError(String(decoding: stop, as: UTF8.self)) }
            if client.stubFeatures.contains("qXfer:threads:read+") {
                _ = try client.document("", of: "threads")
            } else {
                var reply = try client.ask("qfThreadInfo")
                while reply.first == UInt8(ascii: "m") { reply = try client.ask("qsThreadInfo") }
            }
            _ = try client.ask("g")
        }
        seconds = spent.seconds
        roundTrips = Double(client.roundTrips)
    }
}

extension Connection {
    /// Reads a whole document with `qXfer`, in pieces.
    fileprivate func document(_ name: String, of object: String = "features") throws -> String {
        var text: [UInt8] = []
        // The size of a packet without `$`, `m` and `#xx`.
        let size = packetSize - 5
        while true {
            let reply = try ask(
                "qXfer:\(object):read:\(name):\(String(text.count, radix: 16)),\(String(size, radix: 16))")
            guard let kind = reply.first, kind == UInt8(ascii: "m") || kind == UInt8(ascii: "l") else {
                throw ProcessError("\(object) \(name): \(String(decoding: reply, as: UTF8.self))")
            }
            text += reply.dropFirst()
            if kind == UInt8(ascii: "l") { return String(decoding: text, as: UTF8.self) }
        }
    }
}
