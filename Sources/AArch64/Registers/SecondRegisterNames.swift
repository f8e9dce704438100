/// Names of system registers in QEMU's stub that differ from those in the Arm ARM.
///
/// Scripts for kernel debugging (gef, pwndbg) look up these names before, or instead of, those of the architecture.
public enum SecondRegisterNames {
    /// The names with the encodings of their registers.
    ///
    /// QEMU, `target/arm/helper.c`, registers that AArch32 and AArch64 state share.
    public static let rows: [(name: String, encoding: SystemRegisterEncoding)] = [
        ("VBAR", .vbar), ("SCTLR", .sctlr), ("CPACR", .cpacr), ("CSSELR", .csselr), ("CLIDR", .clidr),
    ]
}
