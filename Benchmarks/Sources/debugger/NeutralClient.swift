import Foundation
import TestSupport

/// A client that favors neither stub: it sends the same packets to both, or the best that each supports.
enum NeutralClient {
    /// Reads memory that doesn't compress, and returns the seconds for each MiB.
    ///
    /// Reads with `x` if `binary` is true and the stub has `binary-upload`, otherwise with `m`. Each piece has half a
    /// packet's size, as with GDB.
    static func readMemory(_ stub: Stub, _ bench: Bench, binary: Bool) throws -> Double {
        let machine = try DebuggedMachine(stub, bench)
        let client = try machine.client(bench)
        let isBinary = binary && client.stubFeatures.contains("binary-upload+")
        let size = client.packetSize / 2
        let total = 16 << 20
        var spent = Duration.zero
        var read = 0
        var sum: UInt64 = 0
        repeat {
            let start = ContinuousClock.now
            var offset = 0
            while offset < total {
                let count = min(size, total - offset)
                let reply = try client.ask(
                    (isBinary ? "x" : "m") + String(bench.address("noise") + UInt64(offset), radix: 16) + ","
                        + String(count, radix: 16))
                let bytes = isBinary ? Array(reply.dropFirst()) : Hexadecimal.bytes(reply[...])
                guard !bytes.isEmpty, bytes.count <= count, !isBinary || reply.first == UInt8(ascii: "b") else {
                    throw ProcessError("reading memory: \(String(decoding: reply.prefix(40), as: UTF8.self))")
                }
                if offset == 0 { sum = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) } }
                offset += bytes.count
            }
            spent += ContinuousClock.now - start
            read += total
            // The first number that the generator of Programs/debugger.c makes.
            guard sum == firstNumber else { throw ProcessError("memory holds \(sum), not \(firstNumber)") }
        } while spent.seconds < bench.seconds
        return spent.seconds / Double(read >> 20)
    }

    private static let firstNumber: UInt64 = {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }()

    /// Returns the seconds for each hit of a breakpoint with a false condition, in the bytecode that GDB compiled.
    ///
    /// The guest counts the hits.
    static func falseCondition(_ breakpoint: [UInt8], _ bench: Bench) throws -> Double {
        let machine = try DebuggedMachine(.trapline, bench)
        let client = try machine.client(bench)
        // The visit at which the condition was recorded ends before the interrupt.
        try client.send("vCont;c")
        usleep(200_000)
        try client.interrupt()
        _ = try client.reply()
        guard try client.ask(breakpoint) == Array("OK".utf8) else { throw ProcessError("the condition is refused") }
        let before = try client.number(at: bench.address("visits"))
        let start = ContinuousClock.now
        try client.send("vCont;c")
        usleep(UInt32(1e6 * bench.seconds))
        try client.interrupt()
        let stop = try client.reply()
        let spent = ContinuousClock.now - start
        let hits = try client.number(at: bench.address("visits")) - before
        guard stop.starts(with: "T02".utf8), hits > 0 else {
            throw ProcessError("\(hits) hits, and then \(String(decoding: stop, as: UTF8.self))")
        }
        return spent.seconds / Double(hits)
    }

    /// Returns the seconds for one fixed dialogue: a stop at a breakpoint, reads of the registers and of 64 bytes of
    /// the stack, and a continue.
    static func stopCycle(_ stub: Stub, _ bench: Bench) throws -> Double {
        let machine = try DebuggedMachine(stub, bench)
        let client = try machine.client(bench)
        let place = bench.place("visit")
        try client.demand("Z0,\(place),4")
        _ = try client.ask("vCont;c")
        var cycles = 0
        let start = ContinuousClock.now
        repeat {
            let registers = try client.ask("g")
            // 16 digits each for x0 to x30, SP and PC, and 8 for CPSR.
            guard registers.count >= 33 * 16 + 8 else { throw ProcessError("g: \(registers.count) digits") }
            let stack = Hexadecimal.bytes(registers[496..<512]).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let bytes = try client.ask("m\(String(stack, radix: 16)),40")
            guard bytes.count == 128 else { throw ProcessError("m: \(String(decoding: bytes, as: UTF8.self))") }
            try client.demand("z0,\(place),4")
            _ = try client.ask("vCont;s:p1.1")
            try client.demand("Z0,\(place),4")
            let stop = try client.ask("vCont;c")
            guard stop.starts(with: "T05".utf8) else { throw ProcessError(String(decoding: stop, as: UTF8.self)) }
            cycles += 1
        } while (ContinuousClock.now - start).seconds < bench.seconds
        return (ContinuousClock.now - start).seconds / Double(cycles)
    }

    /// Returns the seconds from Ctrl-C to the stop reply, and until the client has read the PC, for each of 200 stops.
    ///
    /// If the stop reply does not contain the PC, the client reads all registers with `g`, as GDB does.
    ///
    /// The guest must run when Ctrl-C is sent: no reply may have arrived, and the guest must have called `visit` since
    /// the last stop. A busy host sometimes runs the vCPU too late for that; such a stop does not count.
    static func interrupts(_ stub: Stub, _ bench: Bench, count: Int = 200) throws -> [(stop: Double, pc: Double)] {
        let machine = try DebuggedMachine(stub, bench)
        let client = try machine.client(bench)
        var times: [(stop: Double, pc: Double)] = []
        var visits = try client.number(at: bench.address("visits"))
        for _ in 0..<(10 * count) where times.count < count {
            try client.send("vCont;c")
            usleep(.random(in: 1000...10_000))
            guard try !client.hasReply else { throw ProcessError("\(stub.rawValue) stopped before Ctrl-C") }
            let start = ContinuousClock.now
            try client.interrupt()
            let stop = try client.reply()
            let time = (ContinuousClock.now - start).seconds
            let text = String(decoding: stop, as: UTF8.self)
            guard text.hasPrefix("T02") else { throw ProcessError(text) }
            // The PC is register 32, 0x20.
            if !text.contains(";20:") { _ = try client.ask("g") }
            let timeOfPC = (ContinuousClock.now - start).seconds
            let now = try client.number(at: bench.address("visits"))
            if now > visits { times.append((time, timeOfPC)) }
            visits = now
        }
        guard times.count == count else { throw ProcessError("\(stub.rawValue) hardly runs the guest") }
        return times
    }
}
