/// The rows of loads and stores of SIMD&FP registers and of structures.
///
/// Arm ARM, DDI 0487, C4.1, "Loads and Stores".
extension InstructionTable {
    static let advSIMDLoadsAndStores: [Row] = requiring(
        .floatingPoint,
        [
            // Load/store no-allocate pair and pair (SIMD&FP).
            Row("STNP (SIMD&FP)", "oo10110000iiiiiiiTTTTTnnnnnttttt", .stnpSIMD, .opcNot3),
            Row("LDNP (SIMD&FP)", "oo10110001iiiiiiiTTTTTnnnnnttttt", .ldnpSIMD, .opcNot3),
            Row("STP (SIMD&FP), post-index", "oo10110010iiiiiiiTTTTTnnnnnttttt", .stpSIMDPostIndex, .opcNot3),
            Row("LDP (SIMD&FP), post-index", "oo10110011iiiiiiiTTTTTnnnnnttttt", .ldpSIMDPostIndex, .opcNot3),
            Row("STP (SIMD&FP), signed offset", "oo10110100iiiiiiiTTTTTnnnnnttttt", .stpSIMDOffset, .opcNot3),
            Row("LDP (SIMD&FP), signed offset", "oo10110101iiiiiiiTTTTTnnnnnttttt", .ldpSIMDOffset, .opcNot3),
            Row("STP (SIMD&FP), pre-index", "oo10110110iiiiiiiTTTTTnnnnnttttt", .stpSIMDPreIndex, .opcNot3),
            Row("LDP (SIMD&FP), pre-index", "oo10110111iiiiiiiTTTTTnnnnnttttt", .ldpSIMDPreIndex, .opcNot3),

            // Load register (literal, SIMD&FP).
            Row("LDR (literal, SIMD&FP)", "oo011100iiiiiiiiiiiiiiiiiiittttt", .ldrLiteralSIMD, .opcNot3),

            // Load/store register (SIMD&FP); the 128-bit variants have size 0b00 and opc<1> set.
            Row(
                "STR (immediate, SIMD&FP), unsigned offset", "ss11110100iiiiiiiiiiiinnnnnttttt",
                .strSIMDUnsignedOffset),
            Row(
                "STR (immediate, SIMD&FP), unsigned offset, 128-bit", "0011110110iiiiiiiiiiiinnnnnttttt",
                .strSIMDUnsignedOffset),
            Row(
                "LDR (immediate, SIMD&FP), unsigned offset", "ss11110101iiiiiiiiiiiinnnnnttttt",
                .ldrSIMDUnsignedOffset),
            Row(
                "LDR (immediate, SIMD&FP), unsigned offset, 128-bit", "0011110111iiiiiiiiiiiinnnnnttttt",
                .ldrSIMDUnsignedOffset),
            Row("STUR (SIMD&FP)", "ss111100000iiiiiiiii00nnnnnttttt", .sturSIMD),
            Row("STUR (SIMD&FP), 128-bit", "00111100100iiiiiiiii00nnnnnttttt", .sturSIMD),
            Row("LDUR (SIMD&FP)", "ss111100010iiiiiiiii00nnnnnttttt", .ldurSIMD),
            Row("LDUR (SIMD&FP), 128-bit", "00111100110iiiiiiiii00nnnnnttttt", .ldurSIMD),
            Row("STR (immediate, SIMD&FP), post-index", "ss111100000iiiiiiiii01nnnnnttttt", .strSIMDPostIndex),
            Row("STR (immediate, SIMD&FP), post-index, 128-bit", "00111100100iiiiiiiii01nnnnnttttt", .strSIMDPostIndex),
            Row("LDR (immediate, SIMD&FP), post-index", "ss111100010iiiiiiiii01nnnnnttttt", .ldrSIMDPostIndex),
            Row("LDR (immediate, SIMD&FP), post-index, 128-bit", "00111100110iiiiiiiii01nnnnnttttt", .ldrSIMDPostIndex),
            Row("STR (immediate, SIMD&FP), pre-index", "ss111100000iiiiiiiii11nnnnnttttt", .strSIMDPreIndex),
            Row("STR (immediate, SIMD&FP), pre-index, 128-bit", "00111100100iiiiiiiii11nnnnnttttt", .strSIMDPreIndex),
            Row("LDR (immediate, SIMD&FP), pre-index", "ss111100010iiiiiiiii11nnnnnttttt", .ldrSIMDPreIndex),
            Row("LDR (immediate, SIMD&FP), pre-index, 128-bit", "00111100110iiiiiiiii11nnnnnttttt", .ldrSIMDPreIndex),
            Row("STR (register, SIMD&FP)", "ss111100001mmmmmo1oS10nnnnnttttt", .strSIMDRegister),
            Row("STR (register, SIMD&FP), 128-bit", "00111100101mmmmmo1oS10nnnnnttttt", .strSIMDRegister),
            Row("LDR (register, SIMD&FP)", "ss111100011mmmmmo1oS10nnnnnttttt", .ldrSIMDRegister),
            Row("LDR (register, SIMD&FP), 128-bit", "00111100111mmmmmo1oS10nnnnnttttt", .ldrSIMDRegister),

            // Load/store multiple structures.
            Row("ST1 (multiple structures), 3 or 4 registers", "0q001100000000000o10ssnnnnnttttt", .st1Multiple),
            Row("ST1 (multiple structures), 2 registers", "0q001100000000001010ssnnnnnttttt", .st1Multiple),
            Row("ST1 (multiple structures), 1 register", "0q001100000000000111ssnnnnnttttt", .st1Multiple),
            Row("ST2 (multiple structures)", "0q001100000000001000ssnnnnnttttt", .st2Multiple, .structureSize),
            Row("ST3 (multiple structures)", "0q001100000000000100ssnnnnnttttt", .st3Multiple, .structureSize),
            Row("ST4 (multiple structures)", "0q001100000000000000ssnnnnnttttt", .st4Multiple, .structureSize),
            Row(
                "ST1 (multiple structures), post-index, 3 or 4 registers", "0q001100100mmmmm0o10ssnnnnnttttt",
                .st1MultiplePostIndex),
            Row(
                "ST1 (multiple structures), post-index, 2 registers", "0q001100100mmmmm1010ssnnnnnttttt",
                .st1MultiplePostIndex),
            Row(
                "ST1 (multiple structures), post-index, 1 register", "0q001100100mmmmm0111ssnnnnnttttt",
                .st1MultiplePostIndex),
            Row(
                "ST2 (multiple structures), post-index", "0q001100100mmmmm1000ssnnnnnttttt", .st2MultiplePostIndex,
                .structureSize),
            Row(
                "ST3 (multiple structures), post-index", "0q001100100mmmmm0100ssnnnnnttttt", .st3MultiplePostIndex,
                .structureSize),
            Row(
                "ST4 (multiple structures), post-index", "0q001100100mmmmm0000ssnnnnnttttt", .st4MultiplePostIndex,
                .structureSize),
            Row("LD1 (multiple structures), 3 or 4 registers", "0q001100010000000o10ssnnnnnttttt", .ld1Multiple),
            Row("LD1 (multiple structures), 2 registers", "0q001100010000001010ssnnnnnttttt", .ld1Multiple),
            Row("LD1 (multiple structures), 1 register", "0q001100010000000111ssnnnnnttttt", .ld1Multiple),
            Row("LD2 (multiple structures)", "0q001100010000001000ssnnnnnttttt", .ld2Multiple, .structureSize),
            Row("LD3 (multiple structures)", "0q001100010000000100ssnnnnnttttt", .ld3Multiple, .structureSize),
            Row("LD4 (multiple structures)", "0q001100010000000000ssnnnnnttttt", .ld4Multiple, .structureSize),
            Row(
                "LD1 (multiple structures), post-index, 3 or 4 registers", "0q001100110mmmmm0o10ssnnnnnttttt",
                .ld1MultiplePostIndex),
            Row(
                "LD1 (multiple structures), post-index, 2 registers", "0q001100110mmmmm1010ssnnnnnttttt",
                .ld1MultiplePostIndex),
            Row(
                "LD1 (multiple structures), post-index, 1 register", "0q001100110mmmmm0111ssnnnnnttttt",
                .ld1MultiplePostIndex),
            Row(
                "LD2 (multiple structures), post-index", "0q001100110mmmmm1000ssnnnnnttttt", .ld2MultiplePostIndex,
                .structureSize),
            Row(
                "LD3 (multiple structures), post-index", "0q001100110mmmmm0100ssnnnnnttttt", .ld3MultiplePostIndex,
                .structureSize),
            Row(
                "LD4 (multiple structures), post-index", "0q001100110mmmmm0000ssnnnnnttttt", .ld4MultiplePostIndex,
                .structureSize),

            // Load/store single structure.
            Row("ST1 (single structure)", "0q00110100000000cc0Sssnnnnnttttt", .st1Single, .singleStructure),
            Row("ST2 (single structure)", "0q00110100100000cc0Sssnnnnnttttt", .st2Single, .singleStructure),
            Row("ST3 (single structure)", "0q00110100000000cc1Sssnnnnnttttt", .st3Single, .singleStructure),
            Row("ST4 (single structure)", "0q00110100100000cc1Sssnnnnnttttt", .st4Single, .singleStructure),
            Row(
                "ST1 (single structure), post-index", "0q001101100mmmmmcc0Sssnnnnnttttt", .st1SinglePostIndex,
                .singleStructure),
            Row(
                "ST2 (single structure), post-index", "0q001101101mmmmmcc0Sssnnnnnttttt", .st2SinglePostIndex,
                .singleStructure),
            Row(
                "ST3 (single structure), post-index", "0q001101100mmmmmcc1Sssnnnnnttttt", .st3SinglePostIndex,
                .singleStructure),
            Row(
                "ST4 (single structure), post-index", "0q001101101mmmmmcc1Sssnnnnnttttt", .st4SinglePostIndex,
                .singleStructure),
            Row("LD1 (single structure)", "0q00110101000000cc0Sssnnnnnttttt", .ld1Single, .singleStructure),
            Row("LD2 (single structure)", "0q00110101100000cc0Sssnnnnnttttt", .ld2Single, .singleStructure),
            Row("LD3 (single structure)", "0q00110101000000cc1Sssnnnnnttttt", .ld3Single, .singleStructure),
            Row("LD4 (single structure)", "0q00110101100000cc1Sssnnnnnttttt", .ld4Single, .singleStructure),
            Row(
                "LD1 (single structure), post-index", "0q001101110mmmmmcc0Sssnnnnnttttt", .ld1SinglePostIndex,
                .singleStructure),
            Row(
                "LD2 (single structure), post-index", "0q001101111mmmmmcc0Sssnnnnnttttt", .ld2SinglePostIndex,
                .singleStructure),
            Row(
                "LD3 (single structure), post-index", "0q001101110mmmmmcc1Sssnnnnnttttt", .ld3SinglePostIndex,
                .singleStructure),
            Row(
                "LD4 (single structure), post-index", "0q001101111mmmmmcc1Sssnnnnnttttt", .ld4SinglePostIndex,
                .singleStructure),
            Row("LD1R", "0q001101010000001100ssnnnnnttttt", .ld1r),
            Row("LD2R", "0q001101011000001100ssnnnnnttttt", .ld2r),
            Row("LD3R", "0q001101010000001110ssnnnnnttttt", .ld3r),
            Row("LD4R", "0q001101011000001110ssnnnnnttttt", .ld4r),
            Row("LD1R, post-index", "0q001101110mmmmm1100ssnnnnnttttt", .ld1rPostIndex),
            Row("LD2R, post-index", "0q001101111mmmmm1100ssnnnnnttttt", .ld2rPostIndex),
            Row("LD3R, post-index", "0q001101110mmmmm1110ssnnnnnttttt", .ld3rPostIndex),
            Row("LD4R, post-index", "0q001101111mmmmm1110ssnnnnnttttt", .ld4rPostIndex),
        ])
}
