/// The rows of branches, exception generating instructions and system instructions.
///
/// Arm ARM, DDI 0487, C4.1, "Branches, Exception Generating and System instructions".
extension InstructionTable {
    static let branchesExceptionsSystem: [Row] = [
        Row("UDF", "0000000000000000iiiiiiiiiiiiiiii", .udf),

        // Branches (immediate).
        Row("B", "000101iiiiiiiiiiiiiiiiiiiiiiiiii", .b),
        Row("BL", "100101iiiiiiiiiiiiiiiiiiiiiiiiii", .bl),
        Row("B.cond", "01010100iiiiiiiiiiiiiiiiiii0cccc", .bCond),
        Row("CBZ", "z0110100iiiiiiiiiiiiiiiiiiittttt", .cbz),
        Row("CBNZ", "z0110101iiiiiiiiiiiiiiiiiiittttt", .cbnz),
        Row("TBZ", "b0110110bbbbbiiiiiiiiiiiiiittttt", .tbz),
        Row("TBNZ", "b0110111bbbbbiiiiiiiiiiiiiittttt", .tbnz),

        // Branches (register).
        Row("BR", "1101011000011111000000nnnnn00000", .br),
        Row("BLR", "1101011000111111000000nnnnn00000", .blr),
        Row("RET", "1101011001011111000000nnnnn00000", .ret),
        Row("ERET", "11010110100111110000001111100000", .eret),
        Row("DRPS", "11010110101111110000001111100000", .drps),

        // Exception generation.
        Row("SVC", "11010100000iiiiiiiiiiiiiiii00001", .svc),
        Row("HVC", "11010100000iiiiiiiiiiiiiiii00010", .hvc),
        Row("SMC", "11010100000iiiiiiiiiiiiiiii00011", .smc),
        Row("BRK", "11010100001iiiiiiiiiiiiiiii00000", .brk),
        Row("HLT", "11010100010iiiiiiiiiiiiiiii00000", .hlt),
        Row("DCPS1", "11010100101iiiiiiiiiiiiiiii00001", .dcps1),
        Row("DCPS2", "11010100101iiiiiiiiiiiiiiii00010", .dcps2),
        Row("DCPS3", "11010100101iiiiiiiiiiiiiiii00011", .dcps3),

        // Hints: an encoding without a row of its own matches HINT, which executes as NOP.
        Row("HINT", "11010101000000110010mmmmooo11111", .hint),
        Row("NOP", "11010101000000110010000000011111", .nop),
        Row("YIELD", "11010101000000110010000000111111", .yield),
        Row("WFE", "11010101000000110010000001011111", .wfe),
        Row("WFI", "11010101000000110010000001111111", .wfi),
        Row("SEV", "11010101000000110010000010011111", .sev),
        Row("SEVL", "11010101000000110010000010111111", .sevl),

        // Barriers.
        Row("CLREX", "11010101000000110011mmmm01011111", .clrex),
        Row("DSB", "11010101000000110011mmmm10011111", .dsb),
        Row("DMB", "11010101000000110011mmmm10111111", .dmb),
        Row("ISB", "11010101000000110011mmmm11011111", .isb),
        Row("SB", "11010101000000110011----11111111", .sb, .sb),

        // MSR (immediate): one row for each PSTATE field.
        Row("MSR (immediate), SPSel", "11010101000000000100mmmm10111111", .msrImmediate),
        Row("MSR (immediate), DAIFSet", "11010101000000110100mmmm11011111", .msrImmediate),
        Row("MSR (immediate), DAIFClr", "11010101000000110100mmmm11111111", .msrImmediate),
        Row("MSR (immediate), UAO", "11010101000000000100mmmm01111111", .msrImmediate, .uao),
        Row("MSR (immediate), PAN", "11010101000000000100mmmm10011111", .msrImmediate, .pan),
        Row("MSR (immediate), SSBS", "11010101000000110100mmmm00111111", .msrImmediate, .ssbs),
        Row("MSR (immediate), DIT", "11010101000000110100mmmm01011111", .msrImmediate, .dit),

        // System instructions and system register moves.
        Row("SYS", "1101010100001aaannnnmmmmooottttt", .sys),
        Row("SYSL", "1101010100101aaannnnmmmmooottttt", .sysl),
        Row("MSR (register)", "110101010001oaaannnnmmmmooottttt", .msrRegister),
        Row("MRS", "110101010011oaaannnnmmmmooottttt", .mrs),
    ]
}
