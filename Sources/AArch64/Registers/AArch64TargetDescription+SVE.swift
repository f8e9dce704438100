import TargetDescription

extension AArch64TargetDescription {
    /// Returns the feature with z0 to z31, fpsr, fpcr, p0 to p15, ffr and vg, numbered 34 to 85.
    ///
    /// A machine with SVE has it in place of ``floatingPoint(_:)``; clients derive v0 to v31 from z0 to z31. The
    /// registers have the sizes of the largest vector length of the machine, whatever length is in effect, because KVM
    /// keeps them so and a description must not change. `vg` has the length in effect. LLDB shows a register as a
    /// vector if the name of its type begins with `vec`. GDB manual, "AArch64 Features"; DWARF numbers: Arm, IHI 0057,
    /// "DWARF register names".
    static func scalable(_ lengths: VectorLengths, _ features: ArchitectureFeatures) -> Feature {
        let quadwords = lengths.maximum
        let numbering = RegisterNumbering(vectorLengths: lengths)
        var registers: [RegisterDescription] = []
        func add(_ name: String, _ register: DebuggerRegister, _ type: String, dwarf: Int? = nil) {
            registers.append(
                RegisterDescription(
                    name, number: numbering.number(of: register), bits: 8 * numbering.byteCount(of: register),
                    type: type, dwarfNumber: dwarf, isExpedited: register == .vg,
                    takesPartialWrites: register.isScalable))
        }
        for n in 0...31 { add("z\(n)", .scalable(.z(n)), "vector_z", dwarf: 96 + n) }
        add("fpsr", .fpsr, "fpsr_flags")
        add("fpcr", .fpcr, "fpcr_flags")
        for n in 0...15 { add("p\(n)", .scalable(.p(n)), "vector_p", dwarf: 48 + n) }
        add("ffr", .scalable(.ffr), "vector_p", dwarf: 47)
        add("vg", .vg, "uint64", dwarf: 46)
        let predicate = TypeDescription("vector_p", .vector(element: "uint8", count: 2 * quadwords))
        return Feature(
            "org.gnu.gdb.aarch64.sve",
            types: vectorTypes("vector_z", quadwords: quadwords) + [predicate] + floatingPointFlags(features),
            registers: registers)
    }
}
