/// Advanced SIMD on integers and bits, and the cryptographic instructions (Arm ARM, "Data Processing -- Scalar
/// Floating-Point and Advanced SIMD").
extension InstructionForm {
    static let advSIMD: [InstructionForm] =
        threeSame + threeDifferent + twoRegister + acrossLanes + copies + permutes + modifiedImmediates
        + shiftsByImmediate + byElement + cryptographic

    private typealias Condition = @Sendable (Encoding) -> Bool

    /// Which sizes an instruction has; scalar forms have no Q and so all of them in a 64-bit register.
    private enum Sizes: Int {
        case all, bytesToWords, halfwordsAndWords, bytes, doublewords

        func condition(isScalar: Bool) -> Condition {
            switch self {
            case .all: { isScalar || $0["Q"] == 1 || $0["size"] != 3 }
            case .bytesToWords: { $0["size"] != 3 }
            case .halfwordsAndWords: { $0["size"] == 1 || $0["size"] == 2 }
            case .bytes: { $0["size"] == 0 }
            case .doublewords: { $0["size"] == 3 }
            }
        }
    }

    private static func vector(
        _ name: String, _ pattern: String, accepts: @escaping Condition = { _ in true }
    ) -> InstructionForm {
        InstructionForm(name, pattern, writes: [], accepts: accepts)
    }

    private static func sized(
        _ name: String, _ pattern: String, _ sizes: Sizes, isScalar: Bool = false
    ) -> InstructionForm {
        vector(name, pattern, accepts: sizes.condition(isScalar: isScalar))
    }

    // MARK: Three same

    private static let threeSame: [InstructionForm] = {
        // Opcode; with U = 0 and U = 1: the name, the sizes, and those of the scalar form.
        let rows: [(Int, (String, Sizes, Sizes?), (String, Sizes, Sizes?))] = [
            (0b00000, ("SHADD", .bytesToWords, nil), ("UHADD", .bytesToWords, nil)),
            (0b00001, ("SQADD", .all, .all), ("UQADD", .all, .all)),
            (0b00010, ("SRHADD", .bytesToWords, nil), ("URHADD", .bytesToWords, nil)),
            (0b00100, ("SHSUB", .bytesToWords, nil), ("UHSUB", .bytesToWords, nil)),
            (0b00101, ("SQSUB", .all, .all), ("UQSUB", .all, .all)),
            (0b00110, ("CMGT (register)", .all, .doublewords), ("CMHI (register)", .all, .doublewords)),
            (0b00111, ("CMGE (register)", .all, .doublewords), ("CMHS (register)", .all, .doublewords)),
            (0b01000, ("SSHL", .all, .doublewords), ("USHL", .all, .doublewords)),
            (0b01001, ("SQSHL (register)", .all, .all), ("UQSHL (register)", .all, .all)),
            (0b01010, ("SRSHL", .all, .doublewords), ("URSHL", .all, .doublewords)),
            (0b01011, ("SQRSHL", .all, .all), ("UQRSHL", .all, .all)),
            (0b01100, ("SMAX", .bytesToWords, nil), ("UMAX", .bytesToWords, nil)),
            (0b01101, ("SMIN", .bytesToWords, nil), ("UMIN", .bytesToWords, nil)),
            (0b01110, ("SABD", .bytesToWords, nil), ("UABD", .bytesToWords, nil)),
            (0b01111, ("SABA", .bytesToWords, nil), ("UABA", .bytesToWords, nil)),
            (0b10000, ("ADD (vector)", .all, .doublewords), ("SUB (vector)", .all, .doublewords)),
            (0b10001, ("CMTST", .all, .doublewords), ("CMEQ (register)", .all, .doublewords)),
            (0b10010, ("MLA", .bytesToWords, nil), ("MLS", .bytesToWords, nil)),
            (0b10011, ("MUL (vector)", .bytesToWords, nil), ("PMUL", .bytes, nil)),
            (0b10100, ("SMAXP", .bytesToWords, nil), ("UMAXP", .bytesToWords, nil)),
            (0b10101, ("SMINP", .bytesToWords, nil), ("UMINP", .bytesToWords, nil)),
            (
                0b10110, ("SQDMULH", .halfwordsAndWords, .halfwordsAndWords),
                ("SQRDMULH", .halfwordsAndWords, .halfwordsAndWords)
            ),
        ]
        var forms = [sized("ADDP (vector)", "0 Q:1 001110 size:2 1 Vm 101111 Vn Vd", .all)]
        for (opcode, signed, unsigned) in rows {
            for (u, (name, sizes, scalarSizes)) in [signed, unsigned].enumerated() {
                let tail = "Vm \(bits(opcode, 5)) 1 Vn Vd"
                forms.append(sized(name, "0 Q:1 \(u) 01110 size:2 1 \(tail)", sizes))
                guard let scalarSizes else { continue }
                forms.append(
                    sized("\(name), scalar", "01 \(u) 11110 size:2 1 \(tail)", scalarSizes, isScalar: true))
            }
        }
        for (opcode, name) in ["AND", "BIC", "ORR", "ORN", "EOR", "BSL", "BIT", "BIF"].enumerated() {
            forms.append(
                vector("\(name) (vector)", "0 Q:1 \(opcode >> 2) 01110 \(bits(opcode & 3, 2)) 1 Vm 000111 Vn Vd"))
        }
        for (opcode, name) in ["SQRDMLAH", "SQRDMLSH"].enumerated() {
            let tail = "size:2 0 Vm 1000 \(opcode) 1 Vn Vd"
            forms.append(sized(name, "0 Q:1 101110 \(tail)", .halfwordsAndWords))
            forms.append(sized("\(name), scalar", "01111110 \(tail)", .halfwordsAndWords))
        }
        return forms
    }()

    // MARK: Three different

    private static let threeDifferent: [InstructionForm] = {
        let names: [(String, String)] = [
            ("SADDL", "UADDL"), ("SADDW", "UADDW"), ("SSUBL", "USUBL"), ("SSUBW", "USUBW"), ("ADDHN", "RADDHN"),
            ("SABAL", "UABAL"), ("SUBHN", "RSUBHN"), ("SABDL", "UABDL"), ("SMLAL", "UMLAL"), ("SQDMLAL", ""),
            ("SMLSL", "UMLSL"), ("SQDMLSL", ""), ("SMULL", "UMULL"), ("SQDMULL", ""),
        ]
        var forms = [
            vector("PMULL", "0 Q:1 001110 size:2 1 Vm 111000 Vn Vd") { $0["size"] == 0 || $0["size"] == 3 }
        ]
        for (opcode, (signed, unsigned)) in names.enumerated() {
            let tail = "size:2 1 Vm \(bits(opcode, 4)) 00 Vn Vd"
            let saturates = signed.hasPrefix("SQ")
            forms.append(
                sized(signed, "0 Q:1 001110 \(tail)", saturates ? .halfwordsAndWords : .bytesToWords))
            if saturates {
                forms.append(sized("\(signed), scalar", "01011110 \(tail)", .halfwordsAndWords))
            } else {
                forms.append(sized(unsigned, "0 Q:1 101110 \(tail)", .bytesToWords))
            }
        }
        return forms
    }()

    // MARK: Two-register miscellaneous

    private static let twoRegister: [InstructionForm] = {
        // U and opcode, the name, the sizes, and those of the scalar form.
        let rows: [(Int, Int, String, Sizes, Sizes?)] = [
            (0, 0b00000, "REV64", .bytesToWords, nil), (0, 0b00001, "REV16 (vector)", .bytes, nil),
            (0, 0b00010, "SADDLP", .bytesToWords, nil), (0, 0b00011, "SUQADD", .all, .all),
            (0, 0b00100, "CLS (vector)", .bytesToWords, nil), (0, 0b00101, "CNT", .bytes, nil),
            (0, 0b00110, "SADALP", .bytesToWords, nil), (0, 0b00111, "SQABS", .all, .all),
            (0, 0b01000, "CMGT (zero)", .all, .doublewords), (0, 0b01001, "CMEQ (zero)", .all, .doublewords),
            (0, 0b01010, "CMLT (zero)", .all, .doublewords), (0, 0b01011, "ABS", .all, .doublewords),
            (0, 0b10010, "XTN", .bytesToWords, nil), (0, 0b10100, "SQXTN", .bytesToWords, .bytesToWords),
            (1, 0b00010, "UADDLP", .bytesToWords, nil), (1, 0b00011, "USQADD", .all, .all),
            (1, 0b00100, "CLZ (vector)", .bytesToWords, nil), (1, 0b00101, "NOT", .bytes, nil),
            (1, 0b00110, "UADALP", .bytesToWords, nil), (1, 0b00111, "SQNEG", .all, .all),
            (1, 0b01000, "CMGE (zero)", .all, .doublewords), (1, 0b01001, "CMLE (zero)", .all, .doublewords),
            (1, 0b01011, "NEG (vector)", .all, .doublewords),
            (1, 0b10010, "SQXTUN", .bytesToWords, .bytesToWords), (1, 0b10011, "SHLL", .bytesToWords, nil),
            (1, 0b10100, "UQXTN", .bytesToWords, .bytesToWords),
        ]
        var forms = [
            vector("REV32 (vector)", "0 Q:1 1 01110 0 size:1 10000 00000 10 Vn Vd"),
            vector("RBIT (vector)", "0 Q:1 1 01110 01 10000 00101 10 Vn Vd"),
        ]
        for (u, opcode, name, sizes, scalarSizes) in rows {
            let tail = "size:2 10000 \(bits(opcode, 5)) 10 Vn Vd"
            forms.append(sized(name, "0 Q:1 \(u) 01110 \(tail)", sizes))
            guard let scalarSizes else { continue }
            forms.append(sized("\(name), scalar", "01 \(u) 11110 \(tail)", scalarSizes, isScalar: true))
        }
        return forms
    }()

    private static let acrossLanes: [InstructionForm] = {
        let hasElements: Condition = { $0["size"] < 2 || ($0["size"] == 2 && $0["Q"] == 1) }
        let rows = [
            (0, 0b00011, "SADDLV"), (0, 0b01010, "SMAXV"), (0, 0b11010, "SMINV"), (0, 0b11011, "ADDV"),
            (1, 0b00011, "UADDLV"), (1, 0b01010, "UMAXV"), (1, 0b11010, "UMINV"),
        ]
        var forms = [vector("ADDP (scalar)", "01 0 11110 11 11000 11011 10 Vn Vd")]
        for (u, opcode, name) in rows {
            forms.append(
                vector(name, "0 Q:1 \(u) 01110 size:2 11000 \(bits(opcode, 5)) 10 Vn Vd", accepts: hasElements))
        }
        return forms
    }()

    // MARK: Moving elements

    private static let copies: [InstructionForm] = [
        vector("DUP (element)", "0 Q:1 0 01110000 imm5:5 0 0000 1 Vn Vd") { isElement($0, isWhole: $0["Q"] == 1) },
        vector("DUP (general)", "0 Q:1 0 01110000 imm5:5 0 0001 1 Rn Vd") { isElement($0, isWhole: $0["Q"] == 1) },
        vector("DUP (element), scalar", "01 0 11110000 imm5:5 0 0000 1 Vn Vd") { isElement($0, isWhole: true) },
        InstructionForm("SMOV", "0 Q:1 0 01110000 imm5:5 0 0101 1 Vn Rd") {
            $0["imm5"] & ($0["Q"] == 1 ? 7 : 3) != 0
        },
        InstructionForm("UMOV", "0 Q:1 0 01110000 imm5:5 0 0111 1 Vn Rd") {
            $0["Q"] == 1 ? $0["imm5"] & 15 == 8 : $0["imm5"] & 7 != 0
        },
        vector("INS (general)", "0 1 0 01110000 imm5:5 0 0011 1 Rn Vd") { isElement($0, isWhole: true) },
        vector("INS (element)", "0 1 1 01110000 imm5:5 0 imm4:4 1 Vn Vd") { isElement($0, isWhole: true) },
    ]

    private static func isElement(_ encoding: Encoding, isWhole: Bool) -> Bool {
        encoding["imm5"] & (isWhole ? 15 : 7) != 0
    }

    private static let permutes: [InstructionForm] = {
        var forms = [
            vector("EXT", "0 Q:1 101110 000 Vm 0 imm4:4 0 Vn Vd") { $0["Q"] == 1 || $0["imm4"] < 8 },
            vector("TBL", "0 Q:1 001110 000 Vm 0 len:2 0 00 Vn Vd"),
            vector("TBX", "0 Q:1 001110 000 Vm 0 len:2 1 00 Vn Vd"),
        ]
        for (opcode, name) in [(1, "UZP1"), (2, "TRN1"), (3, "ZIP1"), (5, "UZP2"), (6, "TRN2"), (7, "ZIP2")] {
            forms.append(sized(name, "0 Q:1 001110 size:2 0 Vm 0 \(bits(opcode, 3)) 10 Vn Vd", .all))
        }
        return forms
    }()

    // MARK: Immediates

    private static let modifiedImmediates: [InstructionForm] = {
        var forms = [
            vector("MOVI, 8-bit", "0 Q:1 0 0111100000 abc:3 1110 01 defgh:5 Vd"),
            vector("MOVI, 64-bit", "0 Q:1 1 0111100000 abc:3 1110 01 defgh:5 Vd"),
        ]
        for (op, names) in [["MOVI", "ORR (vector, immediate)"], ["MVNI", "BIC (vector, immediate)"]].enumerated() {
            let head = "0 Q:1 \(op) 0111100000 abc:3"
            forms.append(vector("\(names[0]), 32-bit shifting ones", "\(head) 110 cmode:1 01 defgh:5 Vd"))
            for (low, name) in names.enumerated() {
                forms.append(vector("\(name), 32-bit", "\(head) 0 cmode:2 \(low) 01 defgh:5 Vd"))
                forms.append(vector("\(name), 16-bit", "\(head) 10 cmode:1 \(low) 01 defgh:5 Vd"))
            }
        }
        return forms
    }()

    private static let shiftsByImmediate: [InstructionForm] = {
        // U and opcode, the name, whether the scalar form has only doublewords (nil: there is none).
        let rows: [(Int, Int, String, Bool?)] = [
            (0, 0b00000, "SSHR", true), (0, 0b00010, "SSRA", true), (0, 0b00100, "SRSHR", true),
            (0, 0b00110, "SRSRA", true), (0, 0b01010, "SHL", true), (0, 0b01110, "SQSHL (immediate)", false),
            (1, 0b00000, "USHR", true), (1, 0b00010, "USRA", true), (1, 0b00100, "URSHR", true),
            (1, 0b00110, "URSRA", true), (1, 0b01000, "SRI", true), (1, 0b01010, "SLI", true),
            (1, 0b01100, "SQSHLU", false), (1, 0b01110, "UQSHL (immediate)", false),
        ]
        let narrowRows: [(Int, Int, String, Bool)] = [
            (0, 0b10000, "SHRN", false), (0, 0b10001, "RSHRN", false), (0, 0b10010, "SQSHRN", true),
            (0, 0b10011, "SQRSHRN", true), (0, 0b10100, "SSHLL", false), (1, 0b10000, "SQSHRUN", true),
            (1, 0b10001, "SQRSHRUN", true), (1, 0b10010, "UQSHRN", true), (1, 0b10011, "UQRSHRN", true),
            (1, 0b10100, "USHLL", false),
        ]
        let isNarrow: Condition = { (8..<64).contains($0["immhb"]) }
        var forms: [InstructionForm] = []
        for (u, opcode, name, onlyDoublewords) in rows {
            let tail = "immhb:7 \(bits(opcode, 5)) 1 Vn Vd"
            forms.append(
                vector(name, "0 Q:1 \(u) 011110 \(tail)") { $0["immhb"] >= 8 && ($0["Q"] == 1 || $0["immhb"] < 64) })
            guard let onlyDoublewords else { continue }
            forms.append(
                vector("\(name), scalar", "01 \(u) 111110 \(tail)") { $0["immhb"] >= (onlyDoublewords ? 64 : 8) })
        }
        for (u, opcode, name, hasScalar) in narrowRows {
            let tail = "immhb:7 \(bits(opcode, 5)) 1 Vn Vd"
            forms.append(vector(name, "0 Q:1 \(u) 011110 \(tail)", accepts: isNarrow))
            if hasScalar { forms.append(vector("\(name), scalar", "01 \(u) 111110 \(tail)", accepts: isNarrow)) }
        }
        return forms
    }()

    // MARK: By element

    private static let byElement: [InstructionForm] = {
        // U and opcode, the name, whether there is a scalar form.
        let rows: [(Int, Int, String, Bool)] = [
            (0, 0b0010, "SMLAL", false), (0, 0b0011, "SQDMLAL", true), (0, 0b0110, "SMLSL", false),
            (0, 0b0111, "SQDMLSL", true), (0, 0b1000, "MUL", false), (0, 0b1010, "SMULL", false),
            (0, 0b1011, "SQDMULL", true), (0, 0b1100, "SQDMULH", true), (0, 0b1101, "SQRDMULH", true),
            (1, 0b0000, "MLA", false), (1, 0b0010, "UMLAL", false), (1, 0b0100, "MLS", false),
            (1, 0b0110, "UMLSL", false), (1, 0b1010, "UMULL", false), (1, 0b1101, "SQRDMLAH", true),
            (1, 0b1111, "SQRDMLSH", true),
        ]
        var forms: [InstructionForm] = []
        for (u, opcode, name, hasScalar) in rows {
            let tail = "size:2 L:1 Vm \(bits(opcode, 4)) H:1 0 Vn Vd"
            forms.append(sized("\(name) (by element)", "0 Q:1 \(u) 01111 \(tail)", .halfwordsAndWords))
            if hasScalar {
                forms.append(sized("\(name) (by element), scalar", "01 \(u) 11111 \(tail)", .halfwordsAndWords))
            }
        }
        return forms
    }()

    // MARK: Cryptography

    private static let cryptographic: [InstructionForm] = {
        var forms: [InstructionForm] = []
        for (opcode, name) in ["AESE", "AESD", "AESMC", "AESIMC"].enumerated() {
            forms.append(vector(name, "01001110 00 10100 \(bits(opcode + 4, 5)) 10 Vn Vd"))
        }
        let three = ["SHA1C", "SHA1P", "SHA1M", "SHA1SU0", "SHA256H", "SHA256H2", "SHA256SU1"]
        for (opcode, name) in three.enumerated() {
            forms.append(vector(name, "01011110 00 0 Vm 0 \(bits(opcode, 3)) 00 Vn Vd"))
        }
        for (opcode, name) in ["SHA1H", "SHA1SU1", "SHA256SU0"].enumerated() {
            forms.append(vector(name, "01011110 00 10100 \(bits(opcode, 5)) 10 Vn Vd"))
        }
        return forms
    }()
}
