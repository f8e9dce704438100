extension SystemRegisterTable {
    /// GICv3 CPU interface registers (GIC architecture specification, IHI 0069, "AArch64 System register
    /// descriptions").
    static let interruptController: [SystemRegister] = {
        func row(
            _ name: String, _ crm: UInt16, _ op2: UInt16, _ access: SystemRegister.Access,
            reset: UInt64 = 0, _ summary: String
        ) -> SystemRegister {
            SystemRegister(name, 3, 0, 12, crm, op2, access, requires: .gicSystemRegisters, reset: reset, summary)
        }
        var rows: [SystemRegister] = [
            SystemRegister("ICC_PMR_EL1", 3, 0, 4, 6, 0, .readWrite, requires: .gicSystemRegisters, "Priority mask"),
            row("ICC_IAR0_EL1", 8, 0, .readOnly, "Acknowledge, group 0"),
            row("ICC_EOIR0_EL1", 8, 1, .writeOnly, "End of interrupt, group 0"),
            row("ICC_HPPIR0_EL1", 8, 2, .readOnly, "Highest priority pending, group 0"),
            row("ICC_BPR0_EL1", 8, 3, .readWrite, "Binary point, group 0"),
            row("ICC_NMIAR1_EL1", 9, 5, .readOnly, "Acknowledge a non-maskable interrupt, group 1"),
            row("ICC_DIR_EL1", 11, 1, .writeOnly, "Deactivate"),
            row("ICC_RPR_EL1", 11, 3, .readOnly, reset: 0xff, "Running priority"),
            row("ICC_SGI1R_EL1", 11, 5, .writeOnly, "Generate an SGI, group 1"),
            row("ICC_ASGI1R_EL1", 11, 6, .writeOnly, "Generate an SGI, group 1, other security state"),
            row("ICC_SGI0R_EL1", 11, 7, .writeOnly, "Generate an SGI, group 0"),
            row("ICC_IAR1_EL1", 12, 0, .readOnly, "Acknowledge, group 1"),
            row("ICC_EOIR1_EL1", 12, 1, .writeOnly, "End of interrupt, group 1"),
            row("ICC_HPPIR1_EL1", 12, 2, .readOnly, "Highest priority pending, group 1"),
            row("ICC_BPR1_EL1", 12, 3, .readWrite, "Binary point, group 1"),
            row("ICC_CTLR_EL1", 12, 4, .readWrite, "Interface control"),
            // SRE, DFB and DIB are set, because there is no memory-mapped interface.
            row("ICC_SRE_EL1", 12, 5, .readWrite, reset: 0x7, "System register enable"),
            row("ICC_IGRPEN0_EL1", 12, 6, .readWrite, "Group 0 enable"),
            row("ICC_IGRPEN1_EL1", 12, 7, .readWrite, "Group 1 enable"),
        ]
        for n in 0..<4 {
            rows.append(row("ICC_AP0R\(n)_EL1", 8, UInt16(4 + n), .readWrite, "Active priorities, group 0"))
            rows.append(row("ICC_AP1R\(n)_EL1", 9, UInt16(n), .readWrite, "Active priorities, group 1"))
        }
        return rows
    }()

    /// Error record registers of FEAT_RAS, and the tag fault status registers of FEAT_MTE2.
    static let errorRecords: [SystemRegister] = [
        SystemRegister("ERRIDR_EL1", 3, 0, 5, 3, 0, .readOnly, requires: .ras, "Error records: how many"),
        SystemRegister("ERRSELR_EL1", 3, 0, 5, 3, 1, .readWrite, requires: .ras, "Error record select"),
        SystemRegister("ERXFR_EL1", 3, 0, 5, 4, 0, .readOnly, requires: .ras, "Selected error record features"),
        SystemRegister("ERXCTLR_EL1", 3, 0, 5, 4, 1, .readWrite, requires: .ras, "Selected error record control"),
        SystemRegister("ERXSTATUS_EL1", 3, 0, 5, 4, 2, .readWrite, requires: .ras, "Selected error record status"),
        SystemRegister("ERXADDR_EL1", 3, 0, 5, 4, 3, .readWrite, requires: .ras, "Selected error record address"),
        SystemRegister("ERXMISC0_EL1", 3, 0, 5, 5, 0, .readWrite, requires: .ras, "Selected error record, more 0"),
        SystemRegister("ERXMISC1_EL1", 3, 0, 5, 5, 1, .readWrite, requires: .ras, "Selected error record, more 1"),
        SystemRegister("DISR_EL1", 3, 0, 12, 1, 1, .readWrite, requires: .ras, "Deferred SError status"),
        SystemRegister("TFSR_EL1", 3, 0, 5, 6, 0, .readWrite, requires: .mte, "Tag fault status"),
        SystemRegister("TFSRE0_EL1", 3, 0, 5, 6, 1, .readWrite, requires: .mte, "Tag fault status of EL0"),
    ]

    /// Key registers of FEAT_PAuth, two for each key.
    static let pointerAuthentication: [SystemRegister] = [
        SystemRegister("APIAKeyLo_EL1", 3, 0, 2, 1, 0, .readWrite, requires: .pauth, "Instruction key A, low"),
        SystemRegister("APIAKeyHi_EL1", 3, 0, 2, 1, 1, .readWrite, requires: .pauth, "Instruction key A, high"),
        SystemRegister("APIBKeyLo_EL1", 3, 0, 2, 1, 2, .readWrite, requires: .pauth, "Instruction key B, low"),
        SystemRegister("APIBKeyHi_EL1", 3, 0, 2, 1, 3, .readWrite, requires: .pauth, "Instruction key B, high"),
        SystemRegister("APDAKeyLo_EL1", 3, 0, 2, 2, 0, .readWrite, requires: .pauth, "Data key A, low"),
        SystemRegister("APDAKeyHi_EL1", 3, 0, 2, 2, 1, .readWrite, requires: .pauth, "Data key A, high"),
        SystemRegister("APDBKeyLo_EL1", 3, 0, 2, 2, 2, .readWrite, requires: .pauth, "Data key B, low"),
        SystemRegister("APDBKeyHi_EL1", 3, 0, 2, 2, 3, .readWrite, requires: .pauth, "Data key B, high"),
        SystemRegister("APGAKeyLo_EL1", 3, 0, 2, 3, 0, .readWrite, requires: .pauth, "Generic key, low"),
        SystemRegister("APGAKeyHi_EL1", 3, 0, 2, 3, 1, .readWrite, requires: .pauth, "Generic key, high"),
    ]
}
