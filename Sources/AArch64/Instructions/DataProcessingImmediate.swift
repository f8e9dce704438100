/// The rows of data processing instructions with an immediate.
///
/// Arm ARM, DDI 0487, C4.1, "Data Processing -- Immediate".
extension InstructionTable {
    static let dataProcessingImmediate: [Row] = [
        // PC-relative addressing.
        Row("ADR", "0ii10000iiiiiiiiiiiiiiiiiiiddddd", .adr),
        Row("ADRP", "1ii10000iiiiiiiiiiiiiiiiiiiddddd", .adrp),

        // Add/subtract (immediate).
        Row("ADD (immediate)", "z00100010siiiiiiiiiiiinnnnnddddd", .addImmediate),
        Row("ADDS (immediate)", "z01100010siiiiiiiiiiiinnnnnddddd", .addsImmediate),
        Row("SUB (immediate)", "z10100010siiiiiiiiiiiinnnnnddddd", .subImmediate),
        Row("SUBS (immediate)", "z11100010siiiiiiiiiiiinnnnnddddd", .subsImmediate),

        // Logical (immediate).
        Row("AND (immediate)", "z00100100Nrrrrrrssssssnnnnnddddd", .andImmediate, .bitmaskImmediate),
        Row("ORR (immediate)", "z01100100Nrrrrrrssssssnnnnnddddd", .orrImmediate, .bitmaskImmediate),
        Row("EOR (immediate)", "z10100100Nrrrrrrssssssnnnnnddddd", .eorImmediate, .bitmaskImmediate),
        Row("ANDS (immediate)", "z11100100Nrrrrrrssssssnnnnnddddd", .andsImmediate, .bitmaskImmediate),

        // Move wide (immediate).
        Row("MOVN", "z00100101hhiiiiiiiiiiiiiiiiddddd", .movn, .moveWide),
        Row("MOVZ", "z10100101hhiiiiiiiiiiiiiiiiddddd", .movz, .moveWide),
        Row("MOVK", "z11100101hhiiiiiiiiiiiiiiiiddddd", .movk, .moveWide),

        // Bitfield.
        Row("SBFM", "z00100110Nrrrrrrssssssnnnnnddddd", .sbfm, .bitfield),
        Row("BFM", "z01100110Nrrrrrrssssssnnnnnddddd", .bfm, .bitfield),
        Row("UBFM", "z10100110Nrrrrrrssssssnnnnnddddd", .ubfm, .bitfield),

        // Extract.
        Row("EXTR", "z00100111N0mmmmmssssssnnnnnddddd", .extr, .extract),
    ]
}
