/// The names that QEMU's stub has for system registers, where they are not the Arm ARM's.
///
/// Scripts for kernels (gef, pwndbg) ask for a register by one of these before, or instead of, the architecture's name.
public enum SecondRegisterNames {
    /// A row for each name: QEMU, `target/arm/helper.c`, registers that AArch32 and AArch64 state share.
    public static let rows: [(name: String, encoding: SystemRegisterEncoding)] = [
        ("VBAR", .vbar), ("SCTLR", .sctlr), ("CPACR", .cpacr), ("CSSELR", .csselr), ("CLIDR", .clidr),
    ]
}

extension SystemRegisterEncoding {
    /// The number of the register under its second name: the encoding without its top bit.
    ///
    /// 0x4000 to 0x7fff, where no other register is, and below the first names' numbers: GDB's tracepoint packets have
    /// a bit for each number up to the highest.
    var secondGDBNumber: Int { gdbNumber & 0x7fff }

    /// The register a second number names; nil if it is none.
    init?(secondGDBNumber number: Int) {
        guard let row = SecondRegisterNames.rows.first(where: { $0.encoding.secondGDBNumber == number }) else {
            return nil
        }
        self = row.encoding
    }
}
