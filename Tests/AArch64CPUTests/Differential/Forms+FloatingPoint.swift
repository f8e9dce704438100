/// Scalar floating point (Arm ARM, "Data Processing -- Scalar Floating-Point and Advanced SIMD").
///
/// Fields that begin with V name SIMD&FP registers, those with R general-purpose ones.
extension InstructionForm {
    static let floatingPoint: [InstructionForm] =
        conversions + generalMoves + oneSource + compares + twoAndThreeSources

    /// MRS of the two registers; MSR comes with a value of its own.
    static let floatingPointStatus: [InstructionForm] = [
        InstructionForm("MRS FPCR", "1101010100 1 1 1 011 0100 0100 000 Rt", writes: ["Rt"]),
        InstructionForm("MRS FPSR", "1101010100 1 1 1 011 0100 0100 001 Rt", writes: ["Rt"]),
    ]
    static let floatingPointControl: [InstructionForm] = [
        InstructionForm("MSR FPCR", "1101010100 0 1 1 011 0100 0100 000 Rt", writes: []),
        InstructionForm("MSR FPSR", "1101010100 0 1 1 011 0100 0100 001 Rt", writes: []),
    ]

    /// To and from general-purpose registers, as integers and with fraction bits.
    private static let conversions: [InstructionForm] = {
        let integers: [(rmode: Int, opcode: Int, name: String)] = [
            (0, 0, "FCVTNS"), (0, 1, "FCVTNU"), (0, 2, "SCVTF"), (0, 3, "UCVTF"), (0, 4, "FCVTAS"), (0, 5, "FCVTAU"),
            (1, 0, "FCVTPS"), (1, 1, "FCVTPU"), (2, 0, "FCVTMS"), (2, 1, "FCVTMU"), (3, 0, "FCVTZS"), (3, 1, "FCVTZU"),
        ]
        var forms: [InstructionForm] = []
        for (rmode, opcode, name) in integers {
            let isToGeneral = !name.hasSuffix("CVTF")
            let registers = isToGeneral ? "Vn Rd" : "Rn Vd"
            let writes = isToGeneral ? ["Rd"] : []
            let head = "sf:1 00 11110 0 sz:1"
            let code = "\(bits(rmode, 2)) \(bits(opcode, 3))"
            forms.append(InstructionForm("\(name) (scalar)", "\(head) 1 \(code) 000000 \(registers)", writes: writes))
            guard !isToGeneral || rmode == 3 else { continue }
            forms.append(
                InstructionForm(
                    "\(name) (scalar, fixed-point)", "\(head) 0 \(code) scale:6 \(registers)", writes: writes
                ) {
                    $0["sf"] == 1 || $0["scale"] >= 32
                })
        }
        return forms
    }()

    private static let generalMoves: [InstructionForm] = [
        InstructionForm("FMOV, S to W", "0 00 11110 00 1 00 110 000000 Vn Rd"),
        InstructionForm("FMOV, W to S", "0 00 11110 00 1 00 111 000000 Rn Vd", writes: []),
        InstructionForm("FMOV, D to X", "1 00 11110 01 1 00 110 000000 Vn Rd"),
        InstructionForm("FMOV, X to D", "1 00 11110 01 1 00 111 000000 Rn Vd", writes: []),
        InstructionForm("FMOV, V.D[1] to X", "1 00 11110 10 1 01 110 000000 Vn Rd"),
        InstructionForm("FMOV, X to V.D[1]", "1 00 11110 10 1 01 111 000000 Rn Vd", writes: []),
    ]

    private static let oneSource: [InstructionForm] = {
        let rows = [
            (0, "FMOV"), (1, "FABS"), (2, "FNEG"), (3, "FSQRT"), (8, "FRINTN"), (9, "FRINTP"), (10, "FRINTM"),
            (11, "FRINTZ"), (12, "FRINTA"), (14, "FRINTX"), (15, "FRINTI"),
        ]
        // From and to: 00 is single, 01 double, 11 half.
        let precisions: [(from: Int, to: Int)] = [(0, 1), (0, 3), (1, 0), (1, 3), (3, 0), (3, 1)]
        return rows.map { opcode, name in
            InstructionForm("\(name) (scalar)", "000 11110 0 sz:1 1 \(bits(opcode, 6)) 10000 Vn Vd", writes: [])
        }
            + precisions.map { from, to in
                InstructionForm(
                    "FCVT, \(from) to \(to)", "000 11110 \(bits(from, 2)) 1 0001 \(bits(to, 2)) 10000 Vn Vd", writes: []
                )
            }
            + [InstructionForm("FMOV (scalar, immediate)", "000 11110 0 sz:1 1 imm8:8 100 00000 Vd", writes: [])]
    }()

    private static let compares: [InstructionForm] = {
        let head = "000 11110 0 sz:1 1"
        return [
            InstructionForm("FCMP", "\(head) Vm 00 1000 Vn 00000", writes: []),
            InstructionForm("FCMP (zero)", "\(head) 00000 00 1000 Vn 01000", writes: []),
            InstructionForm("FCMPE", "\(head) Vm 00 1000 Vn 10000", writes: []),
            InstructionForm("FCMPE (zero)", "\(head) 00000 00 1000 Vn 11000", writes: []),
            InstructionForm("FCCMP", "\(head) Vm cond:4 01 Vn 0 nzcv:4", writes: []),
            InstructionForm("FCCMPE", "\(head) Vm cond:4 01 Vn 1 nzcv:4", writes: []),
            InstructionForm("FCSEL", "\(head) Vm cond:4 11 Vn Vd", writes: []),
        ]
    }()

    private static let twoAndThreeSources: [InstructionForm] = {
        let two = ["FMUL", "FDIV", "FADD", "FSUB", "FMAX", "FMIN", "FMAXNM", "FMINNM", "FNMUL"]
        let three = ["FMADD", "FMSUB", "FNMADD", "FNMSUB"]
        return two.enumerated().map { opcode, name in
            InstructionForm("\(name) (scalar)", "000 11110 0 sz:1 1 Vm \(bits(opcode, 4)) 10 Vn Vd", writes: [])
        }
            + three.enumerated().map { opcode, name in
                InstructionForm(
                    name, "000 11111 0 sz:1 \(opcode >> 1) Vm \(opcode & 1) Va Vn Vd", writes: [])
            }
    }()
}
