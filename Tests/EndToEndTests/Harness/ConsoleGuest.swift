/// Guests of a few instructions that print on the PL011 of `virt`, run as firmware from address 0.
enum ConsoleGuest {
    /// Prints `x` without end.
    static let endless = """
            movz x1, #0x900, lsl #16
            mov w2, #'x'
        print:
            strb w2, [x1]
            b print
        """
    /// The address of `endless`'s store.
    static let store: UInt64 = 8

    /// Prints that many times 65,536 bytes, no line end among them, and powers off (PSCI, SYSTEM_OFF).
    static func printing(blocks: UInt16) -> String {
        """
            movz x1, #0x900, lsl #16
            mov w2, #'x'
            movz x3, #\(blocks), lsl #16
        print:
            strb w2, [x1]
            subs x3, x3, #1
            b.ne print
            mov w0, #0x84000000
            add w0, w0, #8
            hvc #0
            b .
        """
    }
}
