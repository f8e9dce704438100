import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Debian's unmodified Linux, from its first instruction to a shell, and what a debugger does to it there.
    ///
    /// One guest for each layout serves most of the tests: see ``LinuxGuest/shared(_:)``.
    @Suite(.serialized) struct Linux {}
}

/// Access to an AArch64 Linux for a raw client of the remote protocol.
extension RSPClient {
    /// Attaches, which stops the machine, and does without acknowledgements.
    static func attached(to guest: LinuxGuest) throws -> RSPClient {
        let client = try RSPClient(guest.vm.endpoint)
        try client.introduce()
        if try client.ask("QStartNoAckMode") == "OK" { client.acknowledges = false }
        guard try client.ask("?").hasPrefix("T") else { throw ProcessError("the machine did not stop for the client") }
        return client
    }

    /// The exception level the selected vCPU is at.
    func exceptionLevel() throws -> Int { Int(try register("cpsr") >> 2 & 3) }

    /// Lets the machine go and waits until it stops by itself.
    func resumeToStop(_ packet: String = "vCont;c", limit: Duration = .seconds(60)) throws -> String {
        try ask(packet, limit: limit)
    }

    /// Stops a running machine.
    func interrupt() throws -> String {
        try send(raw: [3])
        return try reply()
    }

    /// Detaches; the machine continues.
    func leave() throws {
        guard try ask("D") == "OK" else { throw ProcessError("the stub does not let go") }
        close()
    }

    /// The register in a stop reply, which saves asking for it: `20:` and the bytes of pc.
    static func programCounter(in stop: String) -> UInt64? {
        guard let value = stop.firstMatch(of: /[;0-9]20:([0-9a-f]{16});/) else { return nil }
        return number(hex: String(value.1))
    }
}
