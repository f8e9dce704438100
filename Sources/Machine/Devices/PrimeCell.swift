/// The identification registers at the end of every Arm PrimeCell's register frame.
enum PrimeCell {
    /// Returns PeriphID0 to 3 and PCellID0 to 3, at 0xFE0 of a 4 KiB frame; zero at other offsets.
    ///
    /// - Parameters:
    ///   - part: The part number, three BCD digits, as in PL011.
    ///   - revision: The value of the revision field, which drivers check.
    static func identification(_ offset: UInt64, part: UInt32, revision: UInt32) -> UInt32 {
        guard offset >= 0xFE0, offset <= 0xFFC, offset % 4 == 0 else { return 0 }
        // Part number, designer (0x41, Arm) and revision are spread over the PeriphID bytes.
        let values: [UInt32] = [
            part & 0xFF, part >> 8 & 0xF | 0x10, 0x04 | revision << 4, 0, 0x0D, 0xF0, 0x05, 0xB1,
        ]
        return values[Int((offset - 0xFE0) / 4)]
    }
}
