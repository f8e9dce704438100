/// Loads and stores of the base set (Arm ARM, "Loads and Stores" of the A64 encoding).
extension InstructionForm {
    static let loadsAndStores: [InstructionForm] = singles + pairs + literals

    /// Writeback over the transferred register is CONSTRAINED UNPREDICTABLE.
    private static let baseIsNotWrittenTwice: @Sendable (Encoding) -> Bool = {
        $0["Rn"] == 31 || $0["Rn"] != $0["Rt"]
    }

    /// size, opc, name: every integer load and store of one register.
    private static let transfers: [(size: Int, opc: Int, name: String)] = [
        (0, 0, "STRB"), (0, 1, "LDRB"), (0, 2, "LDRSB (64-bit)"), (0, 3, "LDRSB (32-bit)"),
        (1, 0, "STRH"), (1, 1, "LDRH"), (1, 2, "LDRSH (64-bit)"), (1, 3, "LDRSH (32-bit)"),
        (2, 0, "STR (32-bit)"), (2, 1, "LDR (32-bit)"), (2, 2, "LDRSW"),
        (3, 0, "STR (64-bit)"), (3, 1, "LDR (64-bit)"),
    ]

    private static let singles: [InstructionForm] = {
        var rows: [InstructionForm] = []
        for (size, opc, name) in transfers {
            let head = "\(bits(size, 2)) 111 0"
            let code = bits(opc, 2)
            let writes = opc == 0 ? [] : ["Rt"]
            func add(
                _ kind: String, _ pattern: String, _ addressing: MemoryForm.Addressing,
                accepts: @escaping @Sendable (Encoding) -> Bool = { _ in true }
            ) {
                rows.append(
                    InstructionForm(
                        "\(name) (\(kind))", "\(head) \(pattern)",
                        .memory(MemoryForm(addressing: addressing, sizeLog2: size)),
                        writes: addressing.writesBack ? writes + ["Rn"] : writes, accepts: accepts))
            }
            add("unscaled", "00 \(code) 0 imm9:9 00 Rn Rt", .unscaled)
            add("post-index", "00 \(code) 0 imm9:9 01 Rn Rt", .postIndex, accepts: baseIsNotWrittenTwice)
            add("unprivileged", "00 \(code) 0 imm9:9 10 Rn Rt", .unscaled)
            add("pre-index", "00 \(code) 0 imm9:9 11 Rn Rt", .preIndex, accepts: baseIsNotWrittenTwice)
            add("register", "00 \(code) 1 Rm option:3 S:1 10 Rn Rt", .registerOffset) { $0["option"] & 2 != 0 }
            add("unsigned offset", "01 \(code) imm12:12 Rn Rt", .unsignedOffset)
        }
        // Prefetches touch nothing and fault nowhere, whatever the address.
        rows += [
            InstructionForm("PRFM (unsigned offset)", "11 111 0 01 10 imm12:12 Rn Rt", writes: []),
            InstructionForm("PRFUM", "11 111 0 00 10 0 imm9:9 00 Rn Rt", writes: []),
            InstructionForm("PRFM (register)", "11 111 0 00 10 1 Rm option:3 S:1 10 Rn Rt", writes: []) {
                // With Rt of the form 11xxx this is RPRFM's space, a later feature.
                $0["option"] & 2 != 0 && $0["Rt"] & 0x18 != 0x18
            },
        ]
        return rows
    }()

    private static let pairs: [InstructionForm] = {
        let kinds: [(String, String, MemoryForm.Addressing)] = [
            ("no-allocate", "000", .pairOffset), ("post-index", "001", .pairPostIndex),
            ("offset", "010", .pairOffset), ("pre-index", "011", .pairPreIndex),
        ]
        let transfers: [(opc: Int, load: Int, size: Int, name: String)] = [
            (0, 0, 2, "STP (32-bit)"), (0, 1, 2, "LDP (32-bit)"), (1, 1, 2, "LDPSW"),
            (2, 0, 3, "STP (64-bit)"), (2, 1, 3, "LDP (64-bit)"),
        ]
        var rows: [InstructionForm] = []
        for (opc, load, size, name) in transfers {
            for (kind, code, addressing) in kinds where !(opc == 1 && code == "000") {
                let loaded = load == 1 ? ["Rt", "Rt2"] : []
                rows.append(
                    InstructionForm(
                        "\(name) (\(kind))", "\(bits(opc, 2)) 101 0 \(code) \(load) imm7:7 Rt2 Rn Rt",
                        .memory(MemoryForm(addressing: addressing, sizeLog2: size, count: 2)),
                        writes: addressing.writesBack ? loaded + ["Rn"] : loaded
                    ) { encoding in
                        if load == 1 && encoding["Rt"] == encoding["Rt2"] { return false }
                        guard addressing.writesBack, encoding["Rn"] != 31 else { return true }
                        return encoding["Rn"] != encoding["Rt"] && encoding["Rn"] != encoding["Rt2"]
                    })
            }
        }
        return rows
    }()

    private static let literals: [InstructionForm] = [
        InstructionForm("LDR (literal, 32-bit)", "00 011 0 00 imm19:19 Rt", .literal, writes: ["Rt"]),
        InstructionForm("LDR (literal, 64-bit)", "01 011 0 00 imm19:19 Rt", .literal, writes: ["Rt"]),
        InstructionForm("LDRSW (literal)", "10 011 0 00 imm19:19 Rt", .literal, writes: ["Rt"]),
        InstructionForm("PRFM (literal)", "11 011 0 00 imm19:19 Rt", .literal, writes: []),
    ]
}
