public import TargetDescription

/// The named fields of the registers that a debugger shows field by field.
///
/// SDM volume 3A, 2.3 (EFLAGS), 2.5 (control registers), 2.2.1 (IA32_EFER), and volume 3B, 18.2 (debug registers);
/// APM volume 2, 3.1, for AMD's bits.
public enum RegisterFields {
    /// A named range of bits.
    public typealias Field = TypeDescription.Field

    /// Returns a field of one bit.
    private static func bit(_ name: String, _ index: Int) -> Field { Field(name, index...index) }

    /// The fields of RFLAGS.
    public static let rflags: [Field] = [
        bit("CF", 0), bit("PF", 2), bit("AF", 4), bit("ZF", 6), bit("SF", 7), bit("TF", 8), bit("IF", 9),
        bit("DF", 10), bit("OF", 11), Field("IOPL", 12...13), bit("NT", 14), bit("RF", 16), bit("VM", 17),
        bit("AC", 18), bit("VIF", 19), bit("VIP", 20), bit("ID", 21),
    ]

    /// The fields of MXCSR.
    public static let mxcsr: [Field] = [
        bit("IE", 0), bit("DE", 1), bit("ZE", 2), bit("OE", 3), bit("UE", 4), bit("PE", 5), bit("DAZ", 6),
        bit("IM", 7), bit("DM", 8), bit("ZM", 9), bit("OM", 10), bit("UM", 11), bit("PM", 12), Field("RC", 13...14),
        bit("FZ", 15),
    ]

    /// The fields of CR0.
    public static let cr0: [Field] = [
        bit("PE", 0), bit("MP", 1), bit("EM", 2), bit("TS", 3), bit("ET", 4), bit("NE", 5), bit("WP", 16),
        bit("AM", 18), bit("NW", 29), bit("CD", 30), bit("PG", 31),
    ]

    /// The fields of CR4.
    public static let cr4: [Field] = [
        bit("VME", 0), bit("PVI", 1), bit("TSD", 2), bit("DE", 3), bit("PSE", 4), bit("PAE", 5), bit("MCE", 6),
        bit("PGE", 7), bit("PCE", 8), bit("OSFXSR", 9), bit("OSXMMEXCPT", 10), bit("UMIP", 11), bit("LA57", 12),
        bit("VMXE", 13), bit("SMXE", 14), bit("FSGSBASE", 16), bit("PCIDE", 17), bit("OSXSAVE", 18), bit("KL", 19),
        bit("SMEP", 20), bit("SMAP", 21), bit("PKE", 22), bit("CET", 23), bit("PKS", 24), bit("UINTR", 25),
        bit("LAM_SUP", 28),
    ]

    /// The fields of IA32_EFER.
    public static let efer: [Field] = [
        bit("SCE", 0), bit("LME", 8), bit("LMA", 10), bit("NXE", 11), bit("SVME", 12), bit("LMSLE", 13),
        bit("FFXSR", 14), bit("TCE", 15), bit("AIBRSE", 21),
    ]

    /// The fields of DR6.
    public static let dr6: [Field] = [
        bit("B0", 0), bit("B1", 1), bit("B2", 2), bit("B3", 3), bit("BLD", 11), bit("BD", 13), bit("BS", 14),
        bit("BT", 15), bit("RTM", 16),
    ]

    /// The fields of DR7.
    public static let dr7: [Field] = {
        var fields: [Field] = []
        for n in 0...3 { fields += [bit("L\(n)", 2 * n), bit("G\(n)", 2 * n + 1)] }
        fields += [bit("LE", 8), bit("GE", 9), bit("RTM", 11), bit("GD", 13)]
        for n in 0...3 {
            fields += [
                Field("RW\(n)", (16 + 4 * n)...(17 + 4 * n), type: "x86_dr7_rw"),
                Field("LEN\(n)", (18 + 4 * n)...(19 + 4 * n), type: "x86_dr7_len"),
            ]
        }
        return fields
    }()
}
