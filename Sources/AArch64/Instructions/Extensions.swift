/// The rows of extensions to the integer instructions after Armv8.1, and of the SVE and SME encoding spaces.
///
/// Arm ARM, DDI 0487, A2 for the features, C6 for the encodings.
extension InstructionTable {
    static let extensions: [Row] = [
        // FEAT_FlagM and FEAT_FlagM2.
        Row("CFINV", "11010101000000000100----00011111", .cfinv, .flagM),
        Row("RMIF", "10111010000iiiiii00001nnnnn0mmmm", .rmif, .flagM),
        Row("SETF8", "0011101000000000000010nnnnn01101", .setf8, .flagM),
        Row("SETF16", "0011101000000000010010nnnnn01101", .setf16, .flagM),
        Row("XAFLAG", "11010101000000000100----00111111", .xaflag, .flagM2),
        Row("AXFLAG", "11010101000000000100----01011111", .axflag, .flagM2),

        // FEAT_WFxT, FEAT_XS and FEAT_HBC.
        Row("WFET", "110101010000001100010000000ttttt", .wfet, .wfxt),
        Row("WFIT", "110101010000001100010000001ttttt", .wfit, .wfxt),
        Row("DSB (nXS)", "11010101000000110011ii1000111111", .dsbNXS, .xs),
        Row("BC.cond", "01010100iiiiiiiiiiiiiiiiiii1cccc", .bcCond, .hbc),

        // FEAT_LRCPC and FEAT_LRCPC2.
        Row("LDAPR, LDAPRB, LDAPRH", "ss111000101-----110000nnnnnttttt", .ldapr, .lrcpc),
        Row("STLUR, STLURB, STLURH", "ss011001000iiiiiiiii00nnnnnttttt", .stlur, .lrcpc2),
        Row("LDAPUR, LDAPURB, LDAPURH", "ss011001010iiiiiiiii00nnnnnttttt", .ldapur, .lrcpc2),
        Row("LDAPURSB", "000110011w0iiiiiiiii00nnnnnttttt", .ldapursb, .lrcpc2),
        Row("LDAPURSH", "010110011w0iiiiiiiii00nnnnnttttt", .ldapursh, .lrcpc2),
        Row("LDAPURSW", "10011001100iiiiiiiii00nnnnnttttt", .ldapursw, .lrcpc2),

        // FEAT_LSE128.
        Row("LDCLRP", "00011001al1TTTTT000100nnnnnttttt", .ldclrp, .pairNotZero, .lse128),
        Row("LDSETP", "00011001al1TTTTT001100nnnnnttttt", .ldsetp, .pairNotZero, .lse128),
        Row("SWPP", "00011001al1TTTTT100000nnnnnttttt", .swpp, .pairNotZero, .lse128),

        // FEAT_LS64 and its variants.
        Row("ST64B", "1111100000111111100100nnnnnttttt", .st64b, .eightRegisters, .ls64),
        Row("LD64B", "1111100000111111110100nnnnnttttt", .ld64b, .eightRegisters, .ls64),
        Row("ST64BV", "11111000001sssss101100nnnnnttttt", .st64bv, .eightRegisters, .ls64V),
        Row("ST64BV0", "11111000001sssss101000nnnnnttttt", .st64bv0, .eightRegisters, .ls64AccData),

        // FEAT_CSSC.
        Row("SMAX (immediate)", "z0010001110000iiiiiiiinnnnnddddd", .smaxImmediate, .cssc),
        Row("UMAX (immediate)", "z0010001110001iiiiiiiinnnnnddddd", .umaxImmediate, .cssc),
        Row("SMIN (immediate)", "z0010001110010iiiiiiiinnnnnddddd", .sminImmediate, .cssc),
        Row("UMIN (immediate)", "z0010001110011iiiiiiiinnnnnddddd", .uminImmediate, .cssc),
        Row("SMAX (register)", "z0011010110mmmmm011000nnnnnddddd", .smaxRegister, .cssc),
        Row("UMAX (register)", "z0011010110mmmmm011001nnnnnddddd", .umaxRegister, .cssc),
        Row("SMIN (register)", "z0011010110mmmmm011010nnnnnddddd", .sminRegister, .cssc),
        Row("UMIN (register)", "z0011010110mmmmm011011nnnnnddddd", .uminRegister, .cssc),
        Row("CTZ", "z101101011000000000110nnnnnddddd", .ctz, .cssc),
        Row("CNT", "z101101011000000000111nnnnnddddd", .cntRegister, .cssc),
        Row("ABS", "z101101011000000001000nnnnnddddd", .absRegister, .cssc),

        // FEAT_MOPS.
        Row("CPYFP", "00011001000sssssoooo01nnnnnddddd", .cpyfp, .mops),
        Row("CPYFM", "00011001010sssssoooo01nnnnnddddd", .cpyfm, .mops),
        Row("CPYFE", "00011001100sssssoooo01nnnnnddddd", .cpyfe, .mops),
        Row("CPYP", "00011101000sssssoooo01nnnnnddddd", .cpyp, .mops),
        Row("CPYM", "00011101010sssssoooo01nnnnnddddd", .cpym, .mops),
        Row("CPYE", "00011101100sssssoooo01nnnnnddddd", .cpye, .mops),
        Row("SETP", "00011001110sssss00oo01nnnnnddddd", .setp, .mops),
        Row("SETM", "00011001110sssss01oo01nnnnnddddd", .setm, .mops),
        Row("SETE", "00011001110sssss10oo01nnnnnddddd", .sete, .mops),
        Row("SETGP", "00011101110sssss00oo01nnnnnddddd", .setgp, [.mops, .mte]),
        Row("SETGM", "00011101110sssss01oo01nnnnnddddd", .setgm, [.mops, .mte]),
        Row("SETGE", "00011101110sssss10oo01nnnnnddddd", .setge, [.mops, .mte]),

        // PSTATE fields.
        Row("MSR (immediate), TCO", "11010101000000110100mmmm10011111", .msrImmediate, .mte),
        Row("MSR (immediate), ALLINT", "11010101000000010100000m00011111", .msrImmediate, .nmi),
        Row("MSR (immediate), SVCR", "11010101000000110100mmmm01111111", .msrImmediate, .sme),

        // Encoding spaces that are reserved for one feature.
        Row("SVE", "iii0010iiiiiiiiiiiiiiiiiiiiiiiii", .sve, .sve),
        Row("SME", "1ii0000iiiiiiiiiiiiiiiiiiiiiiiii", .sme, .sme),
    ]
}
