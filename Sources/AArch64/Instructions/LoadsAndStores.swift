/// The rows of loads and stores of general-purpose registers.
///
/// Arm ARM, DDI 0487, C4.1, "Loads and Stores".
extension InstructionTable {
    static let loadsAndStores: [Row] = [
        // Load/store exclusive register and pair.
        Row("STXR, STXRB, STXRH", "ss001000000rrrrr0-----nnnnnttttt", .stxr),
        Row("STLXR, STLXRB, STLXRH", "ss001000000rrrrr1-----nnnnnttttt", .stlxr),
        Row("LDXR, LDXRB, LDXRH", "ss001000010-----0-----nnnnnttttt", .ldxr),
        Row("LDAXR, LDAXRB, LDAXRH", "ss001000010-----1-----nnnnnttttt", .ldaxr),
        Row("STXP", "1s001000001rrrrr0TTTTTnnnnnttttt", .stxp),
        Row("STLXP", "1s001000001rrrrr1TTTTTnnnnnttttt", .stlxp),
        Row("LDXP", "1s001000011-----0TTTTTnnnnnttttt", .ldxp),
        Row("LDAXP", "1s001000011-----1TTTTTnnnnnttttt", .ldaxp),

        // Load/store ordered.
        Row("STLLR, STLLRB, STLLRH", "ss001000100-----0-----nnnnnttttt", .stllr, .lor),
        Row("STLR, STLRB, STLRH", "ss001000100-----1-----nnnnnttttt", .stlr),
        Row("LDLAR, LDLARB, LDLARH", "ss001000110-----0-----nnnnnttttt", .ldlar, .lor),
        Row("LDAR, LDARB, LDARH", "ss001000110-----1-----nnnnnttttt", .ldar),

        // Compare and swap, register and pair.
        Row("CAS, CASB, CASH", "ss0010001a1rrrrrl11111nnnnnttttt", .cas, .lse),
        Row("CASP", "0s0010000a1rrrrrl11111nnnnnttttt", .casp, .evenPairs, .lse),

        // Atomic memory operations.
        Row("LDADD", "ss111000al1rrrrr000000nnnnnttttt", .ldadd, .lse),
        Row("LDCLR", "ss111000al1rrrrr000100nnnnnttttt", .ldclr, .lse),
        Row("LDEOR", "ss111000al1rrrrr001000nnnnnttttt", .ldeor, .lse),
        Row("LDSET", "ss111000al1rrrrr001100nnnnnttttt", .ldset, .lse),
        Row("LDSMAX", "ss111000al1rrrrr010000nnnnnttttt", .ldsmax, .lse),
        Row("LDSMIN", "ss111000al1rrrrr010100nnnnnttttt", .ldsmin, .lse),
        Row("LDUMAX", "ss111000al1rrrrr011000nnnnnttttt", .ldumax, .lse),
        Row("LDUMIN", "ss111000al1rrrrr011100nnnnnttttt", .ldumin, .lse),
        Row("SWP", "ss111000al1rrrrr100000nnnnnttttt", .swp, .lse),

        // Load register (literal).
        Row("LDR (literal)", "0s011000iiiiiiiiiiiiiiiiiiittttt", .ldrLiteral),
        Row("LDRSW (literal)", "10011000iiiiiiiiiiiiiiiiiiittttt", .ldrswLiteral),
        Row("PRFM (literal)", "11011000iiiiiiiiiiiiiiiiiiittttt", .prfmLiteral),

        // Load/store pair.
        Row("STNP", "s010100000iiiiiiiTTTTTnnnnnttttt", .stnp),
        Row("LDNP", "s010100001iiiiiiiTTTTTnnnnnttttt", .ldnp),
        Row("STP, post-index", "s010100010iiiiiiiTTTTTnnnnnttttt", .stpPostIndex),
        Row("LDP, post-index", "s010100011iiiiiiiTTTTTnnnnnttttt", .ldpPostIndex),
        Row("LDPSW, post-index", "0110100011iiiiiiiTTTTTnnnnnttttt", .ldpswPostIndex),
        Row("STP, signed offset", "s010100100iiiiiiiTTTTTnnnnnttttt", .stpOffset),
        Row("LDP, signed offset", "s010100101iiiiiiiTTTTTnnnnnttttt", .ldpOffset),
        Row("LDPSW, signed offset", "0110100101iiiiiiiTTTTTnnnnnttttt", .ldpswOffset),
        Row("STP, pre-index", "s010100110iiiiiiiTTTTTnnnnnttttt", .stpPreIndex),
        Row("LDP, pre-index", "s010100111iiiiiiiTTTTTnnnnnttttt", .ldpPreIndex),
        Row("LDPSW, pre-index", "0110100111iiiiiiiTTTTTnnnnnttttt", .ldpswPreIndex),

        // Load/store register (unsigned immediate).
        Row("STRB (immediate), unsigned offset", "0011100100iiiiiiiiiiiinnnnnttttt", .strbUnsignedOffset),
        Row("LDRB (immediate), unsigned offset", "0011100101iiiiiiiiiiiinnnnnttttt", .ldrbUnsignedOffset),
        Row("LDRSB (immediate), unsigned offset", "001110011wiiiiiiiiiiiinnnnnttttt", .ldrsbUnsignedOffset),
        Row("STRH (immediate), unsigned offset", "0111100100iiiiiiiiiiiinnnnnttttt", .strhUnsignedOffset),
        Row("LDRH (immediate), unsigned offset", "0111100101iiiiiiiiiiiinnnnnttttt", .ldrhUnsignedOffset),
        Row("LDRSH (immediate), unsigned offset", "011110011wiiiiiiiiiiiinnnnnttttt", .ldrshUnsignedOffset),
        Row("STR (immediate), unsigned offset", "1s11100100iiiiiiiiiiiinnnnnttttt", .strUnsignedOffset),
        Row("LDR (immediate), unsigned offset", "1s11100101iiiiiiiiiiiinnnnnttttt", .ldrUnsignedOffset),
        Row("LDRSW (immediate), unsigned offset", "1011100110iiiiiiiiiiiinnnnnttttt", .ldrswUnsignedOffset),
        Row("PRFM (immediate)", "1111100110iiiiiiiiiiiinnnnnttttt", .prfmUnsignedOffset),

        // Load/store register (unscaled immediate).
        Row("STURB", "00111000000iiiiiiiii00nnnnnttttt", .sturb),
        Row("LDURB", "00111000010iiiiiiiii00nnnnnttttt", .ldurb),
        Row("LDURSB", "001110001w0iiiiiiiii00nnnnnttttt", .ldursb),
        Row("STURH", "01111000000iiiiiiiii00nnnnnttttt", .sturh),
        Row("LDURH", "01111000010iiiiiiiii00nnnnnttttt", .ldurh),
        Row("LDURSH", "011110001w0iiiiiiiii00nnnnnttttt", .ldursh),
        Row("STUR", "1s111000000iiiiiiiii00nnnnnttttt", .stur),
        Row("LDUR", "1s111000010iiiiiiiii00nnnnnttttt", .ldur),
        Row("LDURSW", "10111000100iiiiiiiii00nnnnnttttt", .ldursw),
        Row("PRFUM", "11111000100iiiiiiiii00nnnnnttttt", .prfum),

        // Load/store register (immediate post-indexed).
        Row("STRB (immediate), post-index", "00111000000iiiiiiiii01nnnnnttttt", .strbPostIndex),
        Row("LDRB (immediate), post-index", "00111000010iiiiiiiii01nnnnnttttt", .ldrbPostIndex),
        Row("LDRSB (immediate), post-index", "001110001w0iiiiiiiii01nnnnnttttt", .ldrsbPostIndex),
        Row("STRH (immediate), post-index", "01111000000iiiiiiiii01nnnnnttttt", .strhPostIndex),
        Row("LDRH (immediate), post-index", "01111000010iiiiiiiii01nnnnnttttt", .ldrhPostIndex),
        Row("LDRSH (immediate), post-index", "011110001w0iiiiiiiii01nnnnnttttt", .ldrshPostIndex),
        Row("STR (immediate), post-index", "1s111000000iiiiiiiii01nnnnnttttt", .strPostIndex),
        Row("LDR (immediate), post-index", "1s111000010iiiiiiiii01nnnnnttttt", .ldrPostIndex),
        Row("LDRSW (immediate), post-index", "10111000100iiiiiiiii01nnnnnttttt", .ldrswPostIndex),

        // Load/store register (immediate pre-indexed).
        Row("STRB (immediate), pre-index", "00111000000iiiiiiiii11nnnnnttttt", .strbPreIndex),
        Row("LDRB (immediate), pre-index", "00111000010iiiiiiiii11nnnnnttttt", .ldrbPreIndex),
        Row("LDRSB (immediate), pre-index", "001110001w0iiiiiiiii11nnnnnttttt", .ldrsbPreIndex),
        Row("STRH (immediate), pre-index", "01111000000iiiiiiiii11nnnnnttttt", .strhPreIndex),
        Row("LDRH (immediate), pre-index", "01111000010iiiiiiiii11nnnnnttttt", .ldrhPreIndex),
        Row("LDRSH (immediate), pre-index", "011110001w0iiiiiiiii11nnnnnttttt", .ldrshPreIndex),
        Row("STR (immediate), pre-index", "1s111000000iiiiiiiii11nnnnnttttt", .strPreIndex),
        Row("LDR (immediate), pre-index", "1s111000010iiiiiiiii11nnnnnttttt", .ldrPreIndex),
        Row("LDRSW (immediate), pre-index", "10111000100iiiiiiiii11nnnnnttttt", .ldrswPreIndex),

        // Load/store register (unprivileged).
        Row("STTRB", "00111000000iiiiiiiii10nnnnnttttt", .sttrb),
        Row("LDTRB", "00111000010iiiiiiiii10nnnnnttttt", .ldtrb),
        Row("LDTRSB", "001110001w0iiiiiiiii10nnnnnttttt", .ldtrsb),
        Row("STTRH", "01111000000iiiiiiiii10nnnnnttttt", .sttrh),
        Row("LDTRH", "01111000010iiiiiiiii10nnnnnttttt", .ldtrh),
        Row("LDTRSH", "011110001w0iiiiiiiii10nnnnnttttt", .ldtrsh),
        Row("STTR", "1s111000000iiiiiiiii10nnnnnttttt", .sttr),
        Row("LDTR", "1s111000010iiiiiiiii10nnnnnttttt", .ldtr),
        Row("LDTRSW", "10111000100iiiiiiiii10nnnnnttttt", .ldtrsw),

        // Load/store register (register offset): option<1> must be set.
        Row("STRB (register)", "00111000001mmmmmo1oS10nnnnnttttt", .strbRegister),
        Row("LDRB (register)", "00111000011mmmmmo1oS10nnnnnttttt", .ldrbRegister),
        Row("LDRSB (register)", "001110001w1mmmmmo1oS10nnnnnttttt", .ldrsbRegister),
        Row("STRH (register)", "01111000001mmmmmo1oS10nnnnnttttt", .strhRegister),
        Row("LDRH (register)", "01111000011mmmmmo1oS10nnnnnttttt", .ldrhRegister),
        Row("LDRSH (register)", "011110001w1mmmmmo1oS10nnnnnttttt", .ldrshRegister),
        Row("STR (register)", "1s111000001mmmmmo1oS10nnnnnttttt", .strRegister),
        Row("LDR (register)", "1s111000011mmmmmo1oS10nnnnnttttt", .ldrRegister),
        Row("LDRSW (register)", "10111000101mmmmmo1oS10nnnnnttttt", .ldrswRegister),
        Row("PRFM (register)", "11111000101mmmmmo1oS10nnnnnttttt", .prfmRegister),
    ]
}
