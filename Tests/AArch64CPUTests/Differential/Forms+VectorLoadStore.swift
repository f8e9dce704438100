/// Loads and stores of SIMD&FP registers (Arm ARM, "Loads and Stores" of the A64 encoding).
extension InstructionForm {
    static let vectorLoadsAndStores: [InstructionForm] =
        vectorSingles + vectorPairs + multipleStructures + singleStructures
    static let vectorLiterals: [InstructionForm] = [
        InstructionForm("LDR (literal, S)", "00 011 1 00 imm19:19 Vt", .vectorLiteral, writes: []),
        InstructionForm("LDR (literal, D)", "01 011 1 00 imm19:19 Vt", .vectorLiteral, writes: []),
        InstructionForm("LDR (literal, Q)", "10 011 1 00 imm19:19 Vt", .vectorLiteral, writes: []),
    ]

    private static let letters = ["B", "H", "S", "D", "Q"]

    private static let vectorSingles: [InstructionForm] = {
        var forms: [InstructionForm] = []
        for sizeLog2 in 0...4 {
            for load in 0...1 {
                let name = "\(load == 1 ? "LDR" : "STR") (\(letters[sizeLog2]))"
                let head = "\(bits(sizeLog2 & 3, 2)) 111 1"
                let code = "\(sizeLog2 >> 2) \(load)"
                func add(
                    _ kind: String, _ pattern: String, _ addressing: MemoryForm.Addressing,
                    accepts: @escaping @Sendable (Encoding) -> Bool = { _ in true }
                ) {
                    forms.append(
                        InstructionForm(
                            "\(name) (\(kind))", "\(head) \(pattern)",
                            .memory(MemoryForm(addressing: addressing, sizeLog2: sizeLog2)),
                            writes: addressing.writesBack ? ["Rn"] : [], accepts: accepts))
                }
                add("unscaled", "00 \(code) 0 imm9:9 00 Rn Vt", .unscaled)
                add("post-index", "00 \(code) 0 imm9:9 01 Rn Vt", .postIndex)
                add("pre-index", "00 \(code) 0 imm9:9 11 Rn Vt", .preIndex)
                add("register", "00 \(code) 1 Rm option:3 S:1 10 Rn Vt", .registerOffset) { $0["option"] & 2 != 0 }
                add("unsigned offset", "01 \(code) imm12:12 Rn Vt", .unsignedOffset)
            }
        }
        return forms
    }()

    private static let vectorPairs: [InstructionForm] = {
        let kinds: [(String, String, MemoryForm.Addressing)] = [
            ("no-allocate", "000", .pairOffset), ("post-index", "001", .pairPostIndex), ("offset", "010", .pairOffset),
            ("pre-index", "011", .pairPreIndex),
        ]
        var forms: [InstructionForm] = []
        for opc in 0...2 {
            for load in 0...1 {
                for (kind, code, addressing) in kinds {
                    let name = "\(load == 1 ? "LDP" : "STP") (\(letters[opc + 2])) (\(kind))"
                    forms.append(
                        InstructionForm(
                            name, "\(bits(opc, 2)) 101 1 \(code) \(load) imm7:7 Vt2 Rn Vt",
                            .memory(MemoryForm(addressing: addressing, sizeLog2: opc + 2, count: 2)),
                            writes: addressing.writesBack ? ["Rn"] : []
                        ) {
                            // Two loads into one register are CONSTRAINED UNPREDICTABLE.
                            load == 0 || $0["Vt"] != $0["Vt2"]
                        })
                }
            }
        }
        return forms
    }()

    /// The three ways LDn and STn have: the base alone, and post-index by what is moved or by a register.
    private static func structures(
        _ name: String, head: String, load: Int, r: Int, tail: String, sizeLog2: Int, count: Int,
        accepts: @escaping @Sendable (Encoding) -> Bool = { _ in true }
    ) -> [InstructionForm] {
        func form(_ kind: String, _ index: String, _ addressing: MemoryForm.Addressing) -> InstructionForm {
            InstructionForm(
                "\(name)\(kind)", "\(head) \(addressing == .base ? 0 : 1) \(load) \(r) \(index) \(tail) Rn Vt",
                .memory(MemoryForm(addressing: addressing, sizeLog2: sizeLog2, count: count)),
                writes: addressing == .base ? [] : ["Rn"]
            ) { accepts($0) && (addressing != .structurePostRegister || $0["Rm"] != 31) }
        }
        return [
            form("", "00000", .base), form(", post-index", "11111", .structurePostImmediate),
            form(", post-index by register", "Rm", .structurePostRegister),
        ]
    }

    private static let multipleStructures: [InstructionForm] = {
        // opcode, name, registers.
        let rows = [
            (0b0000, "4", 4), (0b0010, "1, four", 4), (0b0100, "3", 3), (0b0110, "1, three", 3), (0b0111, "1, one", 1),
            (0b1000, "2", 2), (0b1010, "1, two", 2),
        ]
        var forms: [InstructionForm] = []
        for (opcode, name, count) in rows {
            for load in 0...1 {
                for q in 0...1 {
                    let isWhole = name.hasPrefix("1")
                    forms += structures(
                        "\(load == 1 ? "LD" : "ST")\(name) (multiple, \(q == 1 ? 128 : 64) bits)",
                        head: "0 \(q) 001100",
                        load: load, r: 0, tail: "\(bits(opcode, 4)) size:2", sizeLog2: 3 + q, count: count
                    ) { isWhole || q == 1 || $0["size"] != 3 }
                }
            }
        }
        return forms
    }()

    private static let singleStructures: [InstructionForm] = {
        // The upper two bits of opcode with what S and size must be; the element.
        let rows: [(opcode: Int, tail: String, sizeLog2: Int)] = [
            (0, "S:1 size:2", 0), (1, "S:1 s:1 0", 1), (2, "S:1 00", 2), (2, "0 01", 3), (3, "0 00", 0), (3, "0 01", 1),
            (3, "0 10", 2), (3, "0 11", 3),
        ]
        var forms: [InstructionForm] = []
        for (opcode, tail, sizeLog2) in rows {
            for load in (opcode == 3 ? 1 : 0)...1 {
                for count in 1...4 {
                    forms += structures(
                        "\(load == 1 ? "LD" : "ST")\(count)\(opcode == 3 ? "R" : " (single)") (\(letters[sizeLog2]))",
                        head: "0 Q:1 001101", load: load, r: (count - 1) & 1,
                        tail: "\(bits(opcode, 2)) \((count - 1) >> 1) \(tail)", sizeLog2: sizeLog2, count: count)
                }
            }
        }
        return forms
    }()
}
