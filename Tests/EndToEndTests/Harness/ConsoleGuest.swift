import TestSupport

/// Guests of a few instructions that print on the PL011 of `virt`, run as firmware from address 0.
enum ConsoleGuest {
    /// Prints `x` without end.
    static let endless: [UInt32] = [
        0xD2A1_2001,  // movz x1, #0x900, lsl #16
        0x5280_0F02,  // movz w2, #'x'
        0x3900_0022,  // strb w2, [x1]
        0x17FF_FFFF,  // b to the strb
    ]
    /// The address of `endless`'s store.
    static let store: UInt64 = 8

    /// Prints that many times 65,536 bytes, no line end among them, and powers off (PSCI, SYSTEM_OFF).
    static func printing(blocks: UInt16) -> [UInt32] {
        [
            0xD2A1_2001,  // movz x1, #0x900, lsl #16
            0x5280_0F02,  // movz w2, #'x'
            0xD2A0_0003 | UInt32(blocks) << 5,  // movz x3, #blocks, lsl #16
            0x3900_0022,  // strb w2, [x1]
            0xF100_0463,  // subs x3, x3, #1
            0x54FF_FFC1,  // b.ne to the strb
            0x52B0_8000,  // movz w0, #0x8400, lsl #16
            0x1100_2000,  // add w0, w0, #8
            0xD400_0002,  // hvc #0
            0x1400_0000,  // b .
        ]
    }

    /// Writes a guest to a firmware file.
    static func firmware(_ words: [UInt32], in folder: TemporaryFolder) throws -> String {
        try folder.write(
            words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }, to: "firmware")
    }
}
