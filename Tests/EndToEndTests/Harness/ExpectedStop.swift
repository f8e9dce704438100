import TestSupport
import Testing

/// An address in hex without a prefix, as packets have it.
func hex(_ address: UInt64) -> String { String(address, radix: 16) }

/// Resumes, and checks that a vCPU stops at `address`.
///
/// - Parameter register: the number of the program counter; PC of AArch64 by default.
func expectStop(
    _ client: RSPClient, at address: UInt64, _ what: Comment, after action: String = "vCont;c", pc register: Int = 32,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let stop = try client.ask(action)
    #expect(stop.hasPrefix("T05"), what, sourceLocation: sourceLocation)
    let pc = try client.register(register)
    #expect(pc == address, "\(what): stopped at \(hex(pc)), not \(hex(address))", sourceLocation: sourceLocation)
}
