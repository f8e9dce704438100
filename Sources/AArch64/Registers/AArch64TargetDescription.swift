public import TargetDescription

/// The target description of an AArch64 machine (GDB manual, "AArch64 Features").
///
/// The features are the core registers, floating point or SVE, the pointer masks if the machine has pointer
/// authentication, and the system registers in a register group.
public enum AArch64TargetDescription {
    /// Returns the description of a machine with the given system registers and features.
    ///
    /// A description must not change while a client is attached, because it fixes the sizes and the order of the
    /// registers in a `g` packet. The first 268 bytes of the packet are x0 to x30, sp, pc and the 32 bits of cpsr.
    ///
    /// - Parameter vectorLengths: the vector lengths of a machine with SVE; nil without SVE.
    public static func description(
        systemRegisters: [SystemRegister], features: ArchitectureFeatures = [], vectorLengths: VectorLengths? = nil
    ) -> TargetDescription {
        let numbering = RegisterNumbering(vectorLengths: vectorLengths)
        let vectors = vectorLengths.map { scalable($0, features) } ?? floatingPoint(features)
        let masks = features.contains(.pauth) ? [pointerMasks(numbering)] : []
        return TargetDescription(
            architecture: "aarch64", osabi: "none",
            features: [core(features), vectors] + masks + [system(systemRegisters, features, numbering)])
    }

    /// The description of an ARMv8.0 machine with a GICv3, six breakpoints and four watchpoints.
    public static let description = description(
        systemRegisters: SystemRegisterTable.debuggable(
            features: ArchitectureFeatures.armv8_0.union(.gicSystemRegisters),
            counts: DebugRegisterCounts(breakpoints: 6, watchpoints: 4)))

    /// Returns the feature with x0 to x30, sp, pc and cpsr, numbered 0 to 33.
    ///
    /// The DWARF numbers are the same; cpsr has none. Arm, IHI 0057, "DWARF for the Arm 64-bit Architecture", "DWARF
    /// register names".
    public static func core(_ features: ArchitectureFeatures) -> Feature {
        var registers: [RegisterDescription] = []
        for n in 0...30 {
            registers.append(
                RegisterDescription(
                    "x\(n)", number: n, genericName: genericName(x: n),
                    alternativeName: n == 29 ? "fp" : n == 30 ? "lr" : nil, dwarfNumber: n))
        }
        registers.append(RegisterDescription("sp", number: 31, type: "data_ptr", genericName: "sp", dwarfNumber: 31))
        registers.append(RegisterDescription("pc", number: 32, type: "code_ptr", genericName: "pc", dwarfNumber: 32))
        registers.append(
            RegisterDescription("cpsr", number: 33, bits: 32, type: "cpsr_flags", genericName: "flags"))
        return Feature(
            "org.gnu.gdb.aarch64.core",
            types: [flags("cpsr_flags", bits: 32, RegisterFields.cpsr, features)], registers: registers)
    }

    /// Returns a flags type with those of `fields` that a machine with `features` has.
    private static func flags(
        _ id: String, bits: Int, _ fields: [TypeDescription.Field], _ features: ArchitectureFeatures
    ) -> TypeDescription {
        TypeDescription(id, .flags(bits: bits, fields: RegisterFields.present(fields, with: features)))
    }

    /// Returns LLDB's generic name for a register, from its role in AAPCS64, "General-purpose registers".
    private static func genericName(x n: Int) -> String? {
        switch n {
        case 0...7: "arg\(n + 1)"
        case 29: "fp"
        case 30: "ra"
        default: nil
        }
    }

    /// Returns the feature with v0 to v31, fpsr and fpcr, numbered 34 to 67.
    public static func floatingPoint(_ features: ArchitectureFeatures) -> Feature {
        var registers: [RegisterDescription] = []
        for n in 0...31 {
            registers.append(
                RegisterDescription("v\(n)", number: 34 + n, bits: 128, type: "aarch64v", dwarfNumber: 64 + n))
        }
        registers.append(RegisterDescription("fpsr", number: 66, bits: 32, type: "fpsr_flags"))
        registers.append(RegisterDescription("fpcr", number: 67, bits: 32, type: "fpcr_flags"))
        return Feature(
            "org.gnu.gdb.aarch64.fpu", types: vectorTypes("aarch64v", quadwords: 1) + floatingPointFlags(features),
            registers: registers)
    }

    /// Returns the types of fpsr and fpcr.
    static func floatingPointFlags(_ features: ArchitectureFeatures) -> [TypeDescription] {
        [
            flags("fpsr_flags", bits: 32, RegisterFields.fpsr, features),
            flags("fpcr_flags", bits: 32, RegisterFields.fpcr, features),
        ]
    }

    /// Returns the types that describe a vector register of `quadwords` quadwords.
    ///
    /// The last one, `name`, is a union of views by element size, each a union of views as floating point, unsigned and
    /// signed elements.
    static func vectorTypes(_ name: String, quadwords: Int) -> [TypeDescription] {
        let views: [(id: String, count: Int, members: [(name: String, element: String)])] = [
            ("vnd", 2, [("f", "ieee_double"), ("u", "uint64"), ("s", "int64")]),
            ("vns", 4, [("f", "ieee_single"), ("u", "uint32"), ("s", "int32")]),
            ("vnh", 8, [("bf", "bfloat16"), ("f", "ieee_half"), ("u", "uint16"), ("s", "int16")]),
            ("vnb", 16, [("u", "uint8"), ("s", "int8")]),
            ("vnq", 1, [("u", "uint128"), ("s", "int128")]),
        ]
        var types: [TypeDescription] = []
        for view in views {
            var members: [(name: String, type: String)] = []
            for member in view.members {
                let id = "\(view.id)_\(member.name)"
                types.append(TypeDescription(id, .vector(element: member.element, count: view.count * quadwords)))
                members.append((member.name, id))
            }
            types.append(TypeDescription(view.id, .union(members: members)))
        }
        types.append(
            TypeDescription(
                name, .union(members: [("d", "vnd"), ("s", "vns"), ("h", "vnh"), ("b", "vnb"), ("q", "vnq")])))
        return types
    }

    /// Returns the feature with the masks of the bits of a signed pointer that are not part of the address.
    ///
    /// GDB needs the masks to unwind through signed return addresses, reads them at every stop and never writes them.
    /// The name of the feature ends in `pauth_v2`, because GDB 9 to 12 fail an assertion with the older name if the
    /// description has registers that they do not recognize.
    public static func pointerMasks(_ numbering: RegisterNumbering) -> Feature {
        var registers: [RegisterDescription] = []
        for mask in PointerMaskRegister.allCases {
            let number = numbering.number(of: .pointerMask(mask))
            registers.append(RegisterDescription(mask.name, number: number, type: "uint64"))
        }
        return Feature("org.gnu.gdb.aarch64.pauth_v2", registers: registers, isExpedited: true)
    }

    /// Returns the feature with the system registers, which `info registers system` shows.
    ///
    /// Clients transfer them with `p` and `P` only. Some appear a second time under the name that QEMU uses. Rows that
    /// a debugger must not read are left out (``SystemRegister/isDebuggable(with:)``).
    static func system(
        _ rows: [SystemRegister], _ features: ArchitectureFeatures, _ numbering: RegisterNumbering
    ) -> Feature {
        var registers: [RegisterDescription] = []
        let rows = rows.filter { $0.isDebuggable(with: features) }
        for row in rows {
            registers.append(
                RegisterDescription(
                    row.name, number: numbering.number(of: .system(row.encoding)), type: typeName(of: row.encoding),
                    group: "system",
                    isInGeneralPacket: false))
        }
        for (index, second) in SecondRegisterNames.rows.enumerated()
        where rows.contains(where: { $0.encoding == second.encoding }) {
            registers.append(
                RegisterDescription(
                    second.name, number: numbering.number(ofSecondName: index), type: typeName(of: second.encoding),
                    group: "qemu", isInGeneralPacket: false))
        }
        return Feature("org.trapline.aarch64.system", types: systemTypes(features), registers: registers)
    }

    /// The types of the system registers.
    private static func systemTypes(_ features: ArchitectureFeatures) -> [TypeDescription] {
        enumerations + [
            flags("sctlr_el1_flags", bits: 64, RegisterFields.sctlr, features),
            flags("tcr_el1_flags", bits: 64, RegisterFields.tcr, features),
            flags("esr_el1_flags", bits: 64, RegisterFields.esr, features),
            flags("spsr_el1_flags", bits: 64, RegisterFields.cpsr, features),
            flags("cpacr_el1_flags", bits: 64, RegisterFields.cpacr, features),
        ]
    }

    /// The enumeration types of fields of system registers.
    private static let enumerations: [TypeDescription] = [
        TypeDescription("tg0", .enum(bits: 32, values: [("TG0_4K", 0), ("TG0_64K", 1), ("TG0_16K", 2)])),
        TypeDescription("tg1", .enum(bits: 32, values: [("TG1_16K", 1), ("TG1_4K", 2), ("TG1_64K", 3)])),
        TypeDescription(
            "ips",
            .enum(
                bits: 32,
                values: [
                    ("PA_32", 0), ("PA_36", 1), ("PA_40", 2), ("PA_42", 3), ("PA_44", 4), ("PA_48", 5), ("PA_52", 6),
                ])),
        TypeDescription("exception_class", .enum(bits: 32, values: exceptionClasses)),
    ]

    /// The values of ESR_EL1.EC with their names.
    private static let exceptionClasses: [(name: String, value: UInt64)] = {
        var values: [(name: String, value: UInt64)] = []
        for exceptionClass in ExceptionClass.allCases {
            values.append((exceptionClass.symbol, UInt64(exceptionClass.rawValue)))
        }
        return values
    }()

    /// Returns the type of a system register: a flags type if its fields are described, otherwise a 64-bit integer.
    ///
    /// No register has a pointer type, although GDB would then show a symbol for an address: GDB refuses arithmetic on
    /// pointers, and scripts compute with system registers (Linux: `$lx_current()` with SP_EL0). `info symbol` and
    /// `output/a` show the symbol.
    private static func typeName(of encoding: SystemRegisterEncoding) -> String {
        switch encoding {
        case .sctlr: "sctlr_el1_flags"
        case .tcr: "tcr_el1_flags"
        case .esr: "esr_el1_flags"
        case .spsr: "spsr_el1_flags"
        case .cpacr: "cpacr_el1_flags"
        default: "uint64"
        }
    }
}
