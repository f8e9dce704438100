import Foundation
import TestSupport

/// The packets that a real GDB sends to a stub for a ``Workload``, which can be replayed without GDB.
struct Recording {
    /// The packets of each operation.
    let slices: [[[UInt8]]]
    /// The number of operations, such as hits of a breakpoint.
    let count: Int
    private let place: UInt64?

    init(_ workload: Workload, _ stub: Stub, _ bench: Bench, gdb: String? = nil) throws {
        let machine = try DebuggedMachine(stub, bench)
        let tap = try Tap(stub: machine.port)
        let log = try GDB.batch(
            program: gdb ?? bench.gdb, elf: bench.guest, remote: "127.0.0.1:\(tap.port)", limit: .seconds(900),
            workload.script(stub, seconds: nil))
        guard log.succeeded else { throw ProcessError("\(workload.name) on \(stub.rawValue): GDB failed:\n\(log)") }
        let parts = tap.packets().split(separator: Array(Workload.mark.utf8), omittingEmptySubsequences: false)
        // Separators come in pairs around each operation, so every other part is an operation.
        slices = parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { Array(parts[$0]) }
        count = log.values("count").reduce(0) { $0 + Int($1) }
        place = workload.place.map { bench.address($0) }
        guard slices.count == workload.recorded, count > 0 else {
            throw ProcessError("\(workload.name) on \(stub.rawValue): \(slices.count) operations recorded:\n\(log)")
        }
    }

    /// The number of packets with their replies for each operation, on average.
    var roundTrips: Double { Double(slices.map(\.count).reduce(0, +)) / Double(count) }

    /// Sends the packets again for some seconds, and returns the seconds for each operation.
    func replay(_ stub: Stub, _ bench: Bench) throws -> Double {
        let machine = try DebuggedMachine(stub, bench)
        let client = try machine.client(bench)
        var spent = Duration.zero
        var repetitions = 0
        repeat {
            for slice in slices {
                if let place { try client.run(to: place) }
                let start = ContinuousClock.now
                for packet in slice {
                    let reply = try client.ask(packet)
                    if packet.starts(with: "vCont;".utf8), reply.first != UInt8(ascii: "T") {
                        throw ProcessError(
                            "\(String(decoding: packet, as: UTF8.self)): \(String(decoding: reply, as: UTF8.self))")
                    }
                }
                spent += ContinuousClock.now - start
            }
            repetitions += count
        } while spent.seconds < bench.seconds
        return spent.seconds / Double(repetitions)
    }
}

extension Workload {
    /// Returns the seconds that one operation takes through a real GDB, and the part of them that is GDB's own
    /// processor time.
    func time(_ stub: Stub, _ bench: Bench, gdb: String? = nil) throws -> (whole: Double, gdb: Double) {
        let machine = try DebuggedMachine(stub, bench)
        let log = try GDB.batch(
            program: gdb ?? bench.gdb, elf: bench.guest, remote: "127.0.0.1:\(machine.port)", limit: .seconds(900),
            script(stub, seconds: bench.seconds))
        guard log.succeeded, let count = log.value("count"), let nanoseconds = log.value("nanoseconds"),
            let own = log.value("own"), count > 0
        else {
            throw ProcessError("\(name) on \(stub.rawValue): GDB failed:\n\(log)")
        }
        return (Double(nanoseconds) / 1e9 / Double(count), Double(own) / 1e9 / Double(count))
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
