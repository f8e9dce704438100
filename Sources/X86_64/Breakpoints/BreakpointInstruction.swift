/// INT3, the instruction of a breakpoint in memory (SDM volume 2A, "INT n/INTO/INT3/INT1").
///
/// The instruction has one byte, so it fits in place of any instruction and never overwrites the instruction after it.
public enum BreakpointInstruction {
    /// The opcode byte.
    public static let opcode: UInt8 = 0xcc
    /// The length in bytes.
    public static let length = 1

    /// Returns the PC to report to the debugger for a breakpoint hit.
    ///
    /// #BP is a trap, so the saved RIP is the address after the INT3. With `swbreak`, the stub must report the address
    /// of the INT3 (GDB manual, "Stop Reply Packets"). The debug exit of KVM already has that address.
    public static func reportedPC(savedRIP: UInt64) -> UInt64 { savedRIP &- UInt64(length) }
}
