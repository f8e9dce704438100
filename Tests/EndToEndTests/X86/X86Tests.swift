import Foundation
import TestSupport
import Testing

/// All end-to-end tests with x86-64 guests, on the KVM of the emulated x86-64 host.
@Suite(
    .serialized, .timeLimit(.minutes(5 * Patience.factor)),
    .enabled(if: VMUnderTest.isX86KVM, "x86-64 guests need a KVM that runs them: make test-kvm-x86_64"))
struct EndToEndX86 {}

extension VMUnderTest {
    /// Starts a PC with a guest of `Tests/Guests/x86_64`.
    convenience init(pc guest: String, cpus: Int = 1, hold: Bool = true) throws {
        try self.init(.program(try .named(guest, .x86_64)), machine: "pc", cpus: cpus, hold: hold)
    }

    /// Runs a GDB script, with the symbols of a PC's guest, on a new connection to the machine.
    func gdb(pc guest: String, limit: Duration = .seconds(40), _ script: String) throws -> GDBLog {
        try GDB.batch(elf: GuestProgram.named(guest, .x86_64).path, remote: endpoint, limit: limit, script)
    }

    /// The number of the last whole line `NAME NUMBER`, which guests print in hexadecimal.
    func lastNumber(_ name: String) -> UInt64? {
        let lines = serial.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        return lines.last { $0.hasPrefix(name + " ") }.flatMap { UInt64($0.dropFirst(name.count + 1), radix: 16) }
    }

    /// Waits until the guest `forever` has printed another heartbeat.
    func expectBeats() throws {
        let before = serial.components(separatedBy: "beat ").count
        try waitForSerial("two more beats") { $0.components(separatedBy: "beat ").count >= before + 2 }
    }
}

/// x86-64's registers by GDB's numbers, for a raw client.
extension RSPClient {
    enum X86Register {
        static let rip = 16
        static let eflags = 17
        static let cs = 18
        static let tsc = 0x8019
    }

    func instructionPointer() throws -> UInt64 { try register(X86Register.rip) }
}
