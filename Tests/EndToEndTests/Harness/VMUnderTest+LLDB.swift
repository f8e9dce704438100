import Foundation
import TestSupport
import Testing

extension VMUnderTest {
    /// Why none of LLDB's tests run on QEMU.
    static let noLLDB: Comment = "QEMU has few of the packets LLDB asks for"

    /// Runs an LLDB script, with the symbols of a guest, on a new connection to the machine.
    func lldb(
        _ guest: String, limit: Duration = .seconds(60), stopsAtError: Bool = true, _ script: String
    ) throws -> GDBLog {
        try LLDB.batch(
            elf: GuestProgram.named(guest).path, remote: endpoint, limit: limit, stopsAtError: stopsAtError, script)
    }

    /// Passes when the guest `forever` continues from here.
    func expectTicks() throws {
        func ticks() -> Int { serial.components(separatedBy: "tick ").count - 1 }
        let before = ticks()
        try waitForSerial("two more ticks after \(before)") { _ in ticks() >= before + 2 }
    }
}
