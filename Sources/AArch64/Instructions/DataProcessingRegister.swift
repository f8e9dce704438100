/// The rows of data processing instructions with register operands.
///
/// Arm ARM, DDI 0487, C4.1, "Data Processing -- Register".
extension InstructionTable {
    static let dataProcessingRegister: [Row] = [
        // Logical (shifted register).
        Row("AND (shifted register)", "z0001010ss0mmmmmiiiiiinnnnnddddd", .andShiftedRegister, .shiftAmount),
        Row("BIC (shifted register)", "z0001010ss1mmmmmiiiiiinnnnnddddd", .bicShiftedRegister, .shiftAmount),
        Row("ORR (shifted register)", "z0101010ss0mmmmmiiiiiinnnnnddddd", .orrShiftedRegister, .shiftAmount),
        Row("ORN (shifted register)", "z0101010ss1mmmmmiiiiiinnnnnddddd", .ornShiftedRegister, .shiftAmount),
        Row("EOR (shifted register)", "z1001010ss0mmmmmiiiiiinnnnnddddd", .eorShiftedRegister, .shiftAmount),
        Row("EON (shifted register)", "z1001010ss1mmmmmiiiiiinnnnnddddd", .eonShiftedRegister, .shiftAmount),
        Row("ANDS (shifted register)", "z1101010ss0mmmmmiiiiiinnnnnddddd", .andsShiftedRegister, .shiftAmount),
        Row("BICS (shifted register)", "z1101010ss1mmmmmiiiiiinnnnnddddd", .bicsShiftedRegister, .shiftAmount),

        // Add/subtract (shifted register).
        Row("ADD (shifted register)", "z0001011ss0mmmmmiiiiiinnnnnddddd", .addShiftedRegister, .shiftAmountNotRotate),
        Row("ADDS (shifted register)", "z0101011ss0mmmmmiiiiiinnnnnddddd", .addsShiftedRegister, .shiftAmountNotRotate),
        Row("SUB (shifted register)", "z1001011ss0mmmmmiiiiiinnnnnddddd", .subShiftedRegister, .shiftAmountNotRotate),
        Row("SUBS (shifted register)", "z1101011ss0mmmmmiiiiiinnnnnddddd", .subsShiftedRegister, .shiftAmountNotRotate),

        // Add/subtract (extended register).
        Row("ADD (extended register)", "z0001011001mmmmmoooiiinnnnnddddd", .addExtendedRegister, .extendShift),
        Row("ADDS (extended register)", "z0101011001mmmmmoooiiinnnnnddddd", .addsExtendedRegister, .extendShift),
        Row("SUB (extended register)", "z1001011001mmmmmoooiiinnnnnddddd", .subExtendedRegister, .extendShift),
        Row("SUBS (extended register)", "z1101011001mmmmmoooiiinnnnnddddd", .subsExtendedRegister, .extendShift),

        // Add/subtract (with carry).
        Row("ADC", "z0011010000mmmmm000000nnnnnddddd", .adc),
        Row("ADCS", "z0111010000mmmmm000000nnnnnddddd", .adcs),
        Row("SBC", "z1011010000mmmmm000000nnnnnddddd", .sbc),
        Row("SBCS", "z1111010000mmmmm000000nnnnnddddd", .sbcs),

        // Conditional compare.
        Row("CCMN (register)", "z0111010010mmmmmcccc00nnnnn0ffff", .ccmnRegister),
        Row("CCMP (register)", "z1111010010mmmmmcccc00nnnnn0ffff", .ccmpRegister),
        Row("CCMN (immediate)", "z0111010010iiiiicccc10nnnnn0ffff", .ccmnImmediate),
        Row("CCMP (immediate)", "z1111010010iiiiicccc10nnnnn0ffff", .ccmpImmediate),

        // Conditional select.
        Row("CSEL", "z0011010100mmmmmcccc00nnnnnddddd", .csel),
        Row("CSINC", "z0011010100mmmmmcccc01nnnnnddddd", .csinc),
        Row("CSINV", "z1011010100mmmmmcccc00nnnnnddddd", .csinv),
        Row("CSNEG", "z1011010100mmmmmcccc01nnnnnddddd", .csneg),

        // Data processing (3 source).
        Row("MADD", "z0011011000mmmmm0aaaaannnnnddddd", .madd),
        Row("MSUB", "z0011011000mmmmm1aaaaannnnnddddd", .msub),
        Row("SMADDL", "10011011001mmmmm0aaaaannnnnddddd", .smaddl),
        Row("SMSUBL", "10011011001mmmmm1aaaaannnnnddddd", .smsubl),
        Row("SMULH", "10011011010mmmmm0-----nnnnnddddd", .smulh),
        Row("UMADDL", "10011011101mmmmm0aaaaannnnnddddd", .umaddl),
        Row("UMSUBL", "10011011101mmmmm1aaaaannnnnddddd", .umsubl),
        Row("UMULH", "10011011110mmmmm0-----nnnnnddddd", .umulh),

        // Data processing (2 source). CRC32X and CRC32CX take an X register; the other CRC32 instructions take a W
        // register.
        Row("UDIV", "z0011010110mmmmm000010nnnnnddddd", .udiv),
        Row("SDIV", "z0011010110mmmmm000011nnnnnddddd", .sdiv),
        Row("LSLV", "z0011010110mmmmm001000nnnnnddddd", .lslv),
        Row("LSRV", "z0011010110mmmmm001001nnnnnddddd", .lsrv),
        Row("ASRV", "z0011010110mmmmm001010nnnnnddddd", .asrv),
        Row("RORV", "z0011010110mmmmm001011nnnnnddddd", .rorv),
        Row("CRC32B, CRC32H", "00011010110mmmmm01000snnnnnddddd", .crc32, .crc32),
        Row("CRC32W", "00011010110mmmmm010010nnnnnddddd", .crc32, .crc32),
        Row("CRC32X", "10011010110mmmmm010011nnnnnddddd", .crc32, .crc32),
        Row("CRC32CB, CRC32CH", "00011010110mmmmm01010snnnnnddddd", .crc32c, .crc32),
        Row("CRC32CW", "00011010110mmmmm010110nnnnnddddd", .crc32c, .crc32),
        Row("CRC32CX", "10011010110mmmmm010111nnnnnddddd", .crc32c, .crc32),

        // Data processing (1 source).
        Row("RBIT", "z101101011000000000000nnnnnddddd", .rbit),
        Row("REV16", "z101101011000000000001nnnnnddddd", .rev16),
        Row("REV, 32-bit", "0101101011000000000010nnnnnddddd", .rev),
        Row("REV32", "1101101011000000000010nnnnnddddd", .rev32),
        Row("REV, 64-bit", "1101101011000000000011nnnnnddddd", .rev),
        Row("CLZ", "z101101011000000000100nnnnnddddd", .clz),
        Row("CLS", "z101101011000000000101nnnnnddddd", .cls),
    ]
}
