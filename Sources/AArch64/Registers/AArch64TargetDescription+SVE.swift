public import TargetDescription

extension AArch64TargetDescription {
    /// z0 to z31, fpsr, fpcr, p0 to p15, ffr and vg, numbered 34 to 85: what a machine with SVE has in place of
    /// ``floatingPoint``; clients make v0 to v31 from z0 to z31.
    ///
    /// Sizes are those of the machine's largest vectors, whatever length is in effect: KVM keeps the registers so, and a
    /// description doesn't change. `vg` tells the length in effect. GDB manual, "AArch64 Features"; DWARF numbers: Arm,
    /// IHI 0057, "DWARF register names".
    public static func scalable(_ lengths: VectorLengths) -> Feature {
        let quadwords = lengths.maximum
        let numbering = RegisterNumbering(vectorLengths: lengths)
        var registers: [RegisterDescription] = []
        func add(_ name: String, _ register: DebuggerRegister, _ type: String, dwarf: Int? = nil) {
            registers.append(
                RegisterDescription(
                    name, number: numbering.number(of: register), bits: 8 * numbering.byteCount(of: register),
                    type: type, dwarfNumber: dwarf, isExpedited: register == .vg))
        }
        for n in 0...31 { add("z\(n)", .scalable(.z(n)), "svev", dwarf: 96 + n) }
        add("fpsr", .fpsr, "fpsr_flags")
        add("fpcr", .fpcr, "fpcr_flags")
        for n in 0...15 { add("p\(n)", .scalable(.p(n)), "svep", dwarf: 48 + n) }
        add("ffr", .scalable(.ffr), "svep", dwarf: 47)
        add("vg", .vg, "uint64", dwarf: 46)
        let predicate = TypeDescription("svep", .vector(element: "uint8", count: 2 * quadwords))
        return Feature(
            "org.gnu.gdb.aarch64.sve",
            types: vectorTypes("svev", quadwords: quadwords) + [predicate] + floatingPointFlags, registers: registers)
    }
}
