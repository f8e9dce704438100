/// Floating point in vectors, and the scalar forms Advanced SIMD has of it (Arm ARM, "Data Processing -- Scalar
/// Floating-Point and Advanced SIMD").
extension InstructionForm {
    static let advSIMDFloatingPoint: [InstructionForm] =
        vectorThreeSame + vectorTwoRegister + vectorPairs + vectorByElement + vectorImmediates

    /// Double precision needs all 128 bits.
    private static let doubleNeedsQ: @Sendable (Encoding) -> Bool = { $0["sz"] == 0 || $0["Q"] == 1 }

    private static let vectorThreeSame: [InstructionForm] = {
        // U, the upper bit of size, opcode, the name, whether there is a scalar form.
        let rows: [(Int, Int, Int, String, Bool)] = [
            (0, 0, 0b11000, "FMAXNM", false), (0, 0, 0b11001, "FMLA", false), (0, 0, 0b11010, "FADD", false),
            (0, 0, 0b11011, "FMULX", true), (0, 0, 0b11100, "FCMEQ", true), (0, 0, 0b11110, "FMAX", false),
            (0, 0, 0b11111, "FRECPS", true),
            (0, 1, 0b11000, "FMINNM", false), (0, 1, 0b11001, "FMLS", false), (0, 1, 0b11010, "FSUB", false),
            (0, 1, 0b11110, "FMIN", false), (0, 1, 0b11111, "FRSQRTS", true),
            (1, 0, 0b11000, "FMAXNMP", false), (1, 0, 0b11010, "FADDP", false), (1, 0, 0b11011, "FMUL", false),
            (1, 0, 0b11100, "FCMGE", true), (1, 0, 0b11101, "FACGE", true), (1, 0, 0b11110, "FMAXP", false),
            (1, 0, 0b11111, "FDIV", false),
            (1, 1, 0b11000, "FMINNMP", false), (1, 1, 0b11010, "FABD", true), (1, 1, 0b11100, "FCMGT", true),
            (1, 1, 0b11101, "FACGT", true), (1, 1, 0b11110, "FMINP", false),
        ]
        var forms: [InstructionForm] = []
        for (u, a, opcode, name, hasScalar) in rows {
            let tail = "\(a) sz:1 1 Vm \(bits(opcode, 5)) 1 Vn Vd"
            forms.append(
                InstructionForm("\(name) (vector)", "0 Q:1 \(u) 01110 \(tail)", writes: [], accepts: doubleNeedsQ))
            if hasScalar { forms.append(InstructionForm("\(name), scalar", "01 \(u) 11110 \(tail)", writes: [])) }
        }
        return forms
    }()

    private static let vectorTwoRegister: [InstructionForm] = {
        // As above.
        let rows: [(Int, Int, Int, String, Bool)] = [
            (0, 0, 0b11000, "FRINTN", false), (0, 0, 0b11001, "FRINTM", false), (0, 0, 0b11010, "FCVTNS", true),
            (0, 0, 0b11011, "FCVTMS", true), (0, 0, 0b11100, "FCVTAS", true), (0, 0, 0b11101, "SCVTF", true),
            (0, 1, 0b01100, "FCMGT (zero)", true), (0, 1, 0b01101, "FCMEQ (zero)", true),
            (0, 1, 0b01110, "FCMLT (zero)", true), (0, 1, 0b01111, "FABS", false), (0, 1, 0b11000, "FRINTP", false),
            (0, 1, 0b11001, "FRINTZ", false), (0, 1, 0b11010, "FCVTPS", true), (0, 1, 0b11011, "FCVTZS", true),
            (0, 1, 0b11101, "FRECPE", true),
            (1, 0, 0b11000, "FRINTA", false), (1, 0, 0b11001, "FRINTX", false), (1, 0, 0b11010, "FCVTNU", true),
            (1, 0, 0b11011, "FCVTMU", true), (1, 0, 0b11100, "FCVTAU", true), (1, 0, 0b11101, "UCVTF", true),
            (1, 1, 0b01100, "FCMGE (zero)", true), (1, 1, 0b01101, "FCMLE (zero)", true),
            (1, 1, 0b01111, "FNEG", false),
            (1, 1, 0b11001, "FRINTI", false), (1, 1, 0b11010, "FCVTPU", true), (1, 1, 0b11011, "FCVTZU", true),
            (1, 1, 0b11101, "FRSQRTE", true), (1, 1, 0b11111, "FSQRT", false),
        ]
        var forms = [
            // The lower bit of size is the wider precision of the two.
            InstructionForm("FCVTN", "0 Q:1 0 01110 0 sz:1 10000 10110 10 Vn Vd", writes: []),
            InstructionForm("FCVTL", "0 Q:1 0 01110 0 sz:1 10000 10111 10 Vn Vd", writes: []),
            InstructionForm("FCVTXN (vector)", "0 Q:1 1 01110 01 10000 10110 10 Vn Vd", writes: []),
            InstructionForm("FCVTXN, scalar", "01 1 11110 01 10000 10110 10 Vn Vd", writes: []),
            InstructionForm("URECPE", "0 Q:1 0 01110 10 10000 11100 10 Vn Vd", writes: []),
            InstructionForm("URSQRTE", "0 Q:1 1 01110 10 10000 11100 10 Vn Vd", writes: []),
            InstructionForm("FRECPX", "01 0 11110 1 sz:1 10000 11111 10 Vn Vd", writes: []),
        ]
        for (u, a, opcode, name, hasScalar) in rows {
            let tail = "\(a) sz:1 10000 \(bits(opcode, 5)) 10 Vn Vd"
            forms.append(
                InstructionForm("\(name) (vector)", "0 Q:1 \(u) 01110 \(tail)", writes: [], accepts: doubleNeedsQ))
            if hasScalar { forms.append(InstructionForm("\(name), scalar", "01 \(u) 11110 \(tail)", writes: [])) }
        }
        return forms
    }()

    /// Two lanes to one, and all lanes to one.
    private static let vectorPairs: [InstructionForm] = {
        let rows = [
            (0, 0b01100, "FMAXNM"), (1, 0b01100, "FMINNM"), (0, 0b01101, "FADD"), (0, 0b01111, "FMAX"),
            (1, 0b01111, "FMIN"),
        ]
        var forms: [InstructionForm] = []
        for (a, opcode, name) in rows {
            let code = "11000 \(bits(opcode, 5)) 10 Vn Vd"
            forms.append(InstructionForm("\(name)P, scalar", "01 1 11110 \(a) sz:1 \(code)", writes: []))
            guard name != "FADD" else { continue }
            forms.append(InstructionForm("\(name)V", "0 1 1 01110 \(a) 0 \(code)", writes: []))
        }
        return forms
    }()

    private static let vectorByElement: [InstructionForm] = {
        let rows = [(0, 0b0001, "FMLA"), (0, 0b0101, "FMLS"), (0, 0b1001, "FMUL"), (1, 0b1001, "FMULX")]
        // A doubleword's index is H alone.
        let indexFits: @Sendable (Encoding) -> Bool = { $0["sz"] == 0 || $0["L"] == 0 }
        return rows.flatMap { u, opcode, name in
            let tail = "1 sz:1 L:1 Vm \(bits(opcode, 4)) H:1 0 Vn Vd"
            return [
                InstructionForm("\(name) (by element)", "0 Q:1 \(u) 01111 \(tail)", writes: []) {
                    indexFits($0) && doubleNeedsQ($0)
                },
                InstructionForm(
                    "\(name) (by element), scalar", "01 \(u) 11111 \(tail)", writes: [], accepts: indexFits),
            ]
        }
    }()

    private static let vectorImmediates: [InstructionForm] = {
        var forms = [
            InstructionForm(
                "FMOV (vector, immediate), single", "0 Q:1 0 0111100000 abc:3 1111 01 defgh:5 Vd", writes: []),
            InstructionForm(
                "FMOV (vector, immediate), double", "0 1 1 0111100000 abc:3 1111 01 defgh:5 Vd", writes: []),
        ]
        for (u, opcode, name) in [(0, 28, "SCVTF"), (0, 31, "FCVTZS"), (1, 28, "UCVTF"), (1, 31, "FCVTZU")] {
            let tail = "immhb:7 \(bits(opcode, 5)) 1 Vn Vd"
            forms.append(
                InstructionForm("\(name) (vector, fixed-point)", "0 Q:1 \(u) 011110 \(tail)", writes: []) {
                    $0["immhb"] >= 32 && ($0["immhb"] < 64 || $0["Q"] == 1)
                })
            forms.append(
                InstructionForm("\(name) (fixed-point), scalar", "01 \(u) 111110 \(tail)", writes: []) {
                    $0["immhb"] >= 32
                })
        }
        return forms
    }()
}
