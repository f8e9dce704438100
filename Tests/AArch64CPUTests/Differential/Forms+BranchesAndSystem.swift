/// Branches, and what of the system instructions EL0 may use (Arm ARM, "Branches, Exception Generating and System").
extension InstructionForm {
    static let branches: [InstructionForm] = [
        InstructionForm("B.cond", "0101010 0 imm19:19 0 cond:4", .branch(field: "imm19", links: false), writes: []),
        InstructionForm("B", "0 00101 imm26:26", .branch(field: "imm26", links: false), writes: []),
        InstructionForm("BL", "1 00101 imm26:26", .branch(field: "imm26", links: true), writes: []),
        InstructionForm("CBZ", "sf:1 011010 0 imm19:19 Rt", .branch(field: "imm19", links: false), writes: []),
        InstructionForm("CBNZ", "sf:1 011010 1 imm19:19 Rt", .branch(field: "imm19", links: false), writes: []),
        InstructionForm("TBZ", "b5:1 011011 0 b40:5 imm14:14 Rt", .branch(field: "imm14", links: false), writes: []),
        InstructionForm("TBNZ", "b5:1 011011 1 b40:5 imm14:14 Rt", .branch(field: "imm14", links: false), writes: []),
        InstructionForm("BR", "1101011 0000 11111 000000 Rn 00000", .branchToRegister(links: false), writes: []),
        InstructionForm("BLR", "1101011 0001 11111 000000 Rn 00000", .branchToRegister(links: true), writes: []),
        InstructionForm("RET", "1101011 0010 11111 000000 Rn 00000", .branchToRegister(links: false), writes: []),
    ]

    static let system: [InstructionForm] = [
        InstructionForm("NOP", "11010101000000110010 0000 000 11111", writes: []),
        InstructionForm("YIELD", "11010101000000110010 0000 001 11111", writes: []),
        InstructionForm("SEV", "11010101000000110010 0000 100 11111", writes: []),
        InstructionForm("SEVL", "11010101000000110010 0000 101 11111", writes: []),
        // Unallocated hints are NOPs; CRm 0 to 3 holds those that later features gave a meaning.
        InstructionForm("HINT", "11010101000000110010 1 CRm:3 op2:3 11111", writes: []),
        InstructionForm("CLREX", "11010101000000110011 CRm:4 010 11111", writes: []),
        // CRm 0 and 4 are SSBB and PSSBB, barriers too.
        InstructionForm("DSB", "11010101000000110011 CRm:4 100 11111", writes: []),
        InstructionForm("DMB", "11010101000000110011 CRm:4 101 11111", writes: []),
        InstructionForm("ISB", "11010101000000110011 CRm:4 110 11111", writes: []),
        InstructionForm("MSR NZCV", "1101010100 0 1 1 011 0100 0010 000 Rt", writes: []),
        InstructionForm("MRS NZCV", "1101010100 1 1 1 011 0100 0010 000 Rt", writes: ["Rt"]),
        InstructionForm("MSR TPIDR_EL0", "1101010100 0 1 1 011 1101 0000 010 Rt", writes: []),
        InstructionForm("MRS TPIDR_EL0", "1101010100 1 1 1 011 1101 0000 010 Rt", writes: ["Rt"]),
    ]

    /// Cache maintenance by address, with the window's address in Rt.
    static let cacheMaintenance: [InstructionForm] = [
        InstructionForm("DC CVAC", "1101010100 0 01 011 0111 1010 001 Rt", writes: []),
        InstructionForm("DC CVAU", "1101010100 0 01 011 0111 1011 001 Rt", writes: []),
        InstructionForm("DC CIVAC", "1101010100 0 01 011 0111 1110 001 Rt", writes: []),
        InstructionForm("IC IVAU", "1101010100 0 01 011 0111 0101 001 Rt", writes: []),
    ]
    static let zeroBlock = InstructionForm("DC ZVA", "1101010100 0 01 011 0111 0100 001 Rt", writes: [])
}
