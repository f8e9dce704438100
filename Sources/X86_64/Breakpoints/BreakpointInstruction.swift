/// INT3, the breakpoint that is put into memory (SDM volume 2A, "INT n/INTO/INT3/INT1").
///
/// One byte, so that it fits any instruction and never covers a branch target behind it.
public enum BreakpointInstruction {
    public static let opcode: UInt8 = 0xcc
    public static let length = 1

    /// What PC a debugger is to see at a hit.
    ///
    /// #BP is a trap: the saved RIP is behind the INT3. With `swbreak` the target takes it back (GDB manual, "Stop Reply
    /// Packets"). KVM's debug exit has it on the INT3 already.
    public static func reportedPC(savedRIP: UInt64) -> UInt64 { savedRIP &- UInt64(length) }
}
