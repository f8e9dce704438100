/// The names that QEMU's stub has for system registers, where they are not the Arm ARM's.
///
/// Scripts for kernels (gef, pwndbg) ask for a register by one of these before, or instead of, the architecture's name.
public enum SecondRegisterNames {
    /// A row for each name: QEMU, `target/arm/helper.c`, registers that AArch32 and AArch64 state share.
    public static let rows: [(name: String, encoding: SystemRegisterEncoding)] = [
        ("VBAR", .vbar), ("SCTLR", .sctlr), ("CPACR", .cpacr), ("CSSELR", .csselr), ("CLIDR", .clidr),
    ]
}
