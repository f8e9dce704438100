import Foundation
import TestSupport

/// A guest that a client lets run from mark to mark, to compare how long that takes.
///
/// Only ratios of such times mean anything: the machine may be busy, so each is the shortest of some.
final class TimedGuest {
    let vm: VMUnderTest
    let client: RSPClient
    private let program: GuestProgram

    /// Starts the guest with 64-bit variables set, and stops at any of the marks from now on.
    init(
        _ name: String, cpus: Int = 1, variables: [String: UInt64] = [:], marks: [String] = [], options: [String] = []
    ) throws {
        program = try GuestProgram.named(name)
        vm = try VMUnderTest(.program(program), cpus: cpus, options: options)
        client = try RSPClient(vm.endpoint)
        try client.introduce()
        for (variable, value) in variables { try set(variable, value) }
        for mark in marks {
            _ = try client.ask("Z0,\(String(try program.symbol(mark), radix: 16)),4")
        }
    }

    /// Sets a variable of the guest's.
    func set(_ variable: String, _ value: UInt64) throws {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
        _ = try client.ask("M\(String(try program.symbol(variable), radix: 16)),8:\(RSPClient.hex(bytes))")
    }

    /// The value of a variable of the guest's, which is stopped.
    func value(_ variable: String, index: UInt64 = 0) throws -> UInt64 {
        let address = try program.symbol(variable) + 8 * index
        return RSPClient.number(hex: try client.ask("m\(String(address, radix: 16)),8"))
    }

    func address(_ symbol: String) throws -> String { String(try program.symbol(symbol), radix: 16) }

    /// Lets the guest run to its next mark, and returns how long that took, in seconds.
    func timeToMark(limit: Duration = .seconds(60)) throws -> Double {
        let start = ContinuousClock.now
        let reply = try client.ask("c", limit: limit)
        guard reply.hasPrefix("T05") else { throw ProcessError("the guest stopped with \(reply)") }
        return (ContinuousClock.now - start) / .seconds(1)
    }

    /// How long it takes after an interrupt until a stop is reported, in seconds.
    func timeToStop(limit: Duration) throws -> Double {
        let start = ContinuousClock.now
        try client.send(raw: [3])
        let reply = try client.reply(limit: limit)
        guard reply.hasPrefix("T02") else { throw ProcessError("the guest stopped with \(reply)") }
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
