/// Data processing: immediate and register (Arm ARM, "A64 instruction set encoding").
extension InstructionForm {
    static let dataProcessing: [InstructionForm] = immediates + registers + multiplies + conditionals

    /// 32-bit forms have no shift amounts above 31.
    private static let amountFits: @Sendable (Encoding) -> Bool = { $0["sf"] == 1 || $0["imm6"] < 32 }

    /// DecodeBitMasks: reserved are N:NOT(imms) with no size, an element of all ones, and 64-bit ones for W.
    private static let bitMaskIsValid: @Sendable (Encoding) -> Bool = { encoding in
        let combined = encoding["N"] << 6 | (~encoding["imms"] & 0x3f)
        guard combined > 1, !(encoding["sf"] == 0 && encoding["N"] == 1) else { return false }
        let length = 31 - UInt32(combined.leadingZeroBitCount)
        let levels: UInt32 = (1 << length) - 1
        return encoding["imms"] & levels != levels
    }

    private static let immediates: [InstructionForm] = {
        var rows = [
            InstructionForm("ADR", "0 immlo:2 10000 immhi:19 Rd"),
            InstructionForm("ADRP", "1 immlo:2 10000 immhi:19 Rd"),
        ]
        for (op, name) in ["ADD", "ADDS", "SUB", "SUBS"].enumerated() {
            rows.append(InstructionForm("\(name) (immediate)", "sf:1 \(bits(op, 2)) 100010 sh:1 imm12:12 Rn Rd"))
        }
        for (op, name) in ["AND", "ORR", "EOR", "ANDS"].enumerated() {
            rows.append(
                InstructionForm(
                    "\(name) (immediate)", "sf:1 \(bits(op, 2)) 100100 N:1 immr:6 imms:6 Rn Rd",
                    accepts: bitMaskIsValid))
        }
        for (op, name) in [(0, "MOVN"), (2, "MOVZ"), (3, "MOVK")] {
            rows.append(
                InstructionForm(name, "sf:1 \(bits(op, 2)) 100101 hw:2 imm16:16 Rd") { $0["sf"] == 1 || $0["hw"] < 2 })
        }
        for (op, name) in ["SBFM", "BFM", "UBFM"].enumerated() {
            rows.append(
                InstructionForm(name + " (32-bit)", "0 \(bits(op, 2)) 100110 0 0 immr:5 0 imms:5 Rn Rd"))
            rows.append(InstructionForm(name + " (64-bit)", "1 \(bits(op, 2)) 100110 1 immr:6 imms:6 Rn Rd"))
        }
        rows.append(InstructionForm("EXTR (32-bit)", "0 00 100111 0 0 Rm 0 imms:5 Rn Rd"))
        rows.append(InstructionForm("EXTR (64-bit)", "1 00 100111 1 0 Rm imms:6 Rn Rd"))
        return rows
    }()

    private static let registers: [InstructionForm] = {
        var rows: [InstructionForm] = []
        for (op, name) in ["AND", "BIC", "ORR", "ORN", "EOR", "EON", "ANDS", "BICS"].enumerated() {
            rows.append(
                InstructionForm(
                    "\(name) (shifted register)", "sf:1 \(bits(op >> 1, 2)) 01010 shift:2 \(op & 1) Rm imm6:6 Rn Rd",
                    accepts: amountFits))
        }
        for (op, name) in ["ADD", "ADDS", "SUB", "SUBS"].enumerated() {
            rows.append(
                InstructionForm(
                    "\(name) (shifted register)", "sf:1 \(bits(op, 2)) 01011 shift:2 0 Rm imm6:6 Rn Rd",
                    accepts: { amountFits($0) && $0["shift"] != 3 }))
            rows.append(
                InstructionForm(
                    "\(name) (extended register)", "sf:1 \(bits(op, 2)) 01011 00 1 Rm option:3 imm3:3 Rn Rd"
                ) { $0["imm3"] <= 4 })
        }
        for (op, name) in ["ADC", "ADCS", "SBC", "SBCS"].enumerated() {
            rows.append(InstructionForm(name, "sf:1 \(bits(op, 2)) 11010000 Rm 000000 Rn Rd"))
        }
        let twoSources = [(2, "UDIV"), (3, "SDIV"), (8, "LSLV"), (9, "LSRV"), (10, "ASRV"), (11, "RORV")]
        for (opcode, name) in twoSources {
            rows.append(InstructionForm(name, "sf:1 0 0 11010110 Rm \(bits(opcode, 6)) Rn Rd"))
        }
        for (size, suffix) in ["B", "H", "W"].enumerated() {
            rows.append(InstructionForm("CRC32\(suffix)", "0 0 0 11010110 Rm 0100 \(bits(size, 2)) Rn Rd"))
            rows.append(InstructionForm("CRC32C\(suffix)", "0 0 0 11010110 Rm 0101 \(bits(size, 2)) Rn Rd"))
        }
        rows.append(InstructionForm("CRC32X", "1 0 0 11010110 Rm 0100 11 Rn Rd"))
        rows.append(InstructionForm("CRC32CX", "1 0 0 11010110 Rm 0101 11 Rn Rd"))
        for (opcode, name) in [(0, "RBIT"), (1, "REV16"), (4, "CLZ"), (5, "CLS")] {
            rows.append(InstructionForm(name, "sf:1 1 0 11010110 00000 \(bits(opcode, 6)) Rn Rd"))
        }
        rows.append(InstructionForm("REV (32-bit)", "0 1 0 11010110 00000 000010 Rn Rd"))
        rows.append(InstructionForm("REV32", "1 1 0 11010110 00000 000010 Rn Rd"))
        rows.append(InstructionForm("REV (64-bit)", "1 1 0 11010110 00000 000011 Rn Rd"))
        return rows
    }()

    private static let multiplies: [InstructionForm] = {
        var rows = [
            InstructionForm("MADD", "sf:1 00 11011 000 Rm 0 Ra Rn Rd"),
            InstructionForm("MSUB", "sf:1 00 11011 000 Rm 1 Ra Rn Rd"),
            InstructionForm("SMULH", "1 00 11011 010 Rm 0 11111 Rn Rd"),
            InstructionForm("UMULH", "1 00 11011 110 Rm 0 11111 Rn Rd"),
        ]
        for (unsigned, letter) in ["S", "U"].enumerated() {
            rows.append(InstructionForm("\(letter)MADDL", "1 00 11011 \(unsigned) 01 Rm 0 Ra Rn Rd"))
            rows.append(InstructionForm("\(letter)MSUBL", "1 00 11011 \(unsigned) 01 Rm 1 Ra Rn Rd"))
        }
        return rows
    }()

    private static let conditionals: [InstructionForm] = {
        var rows: [InstructionForm] = []
        for (op, name) in ["CCMN", "CCMP"].enumerated() {
            rows.append(
                InstructionForm(
                    "\(name) (register)", "sf:1 \(op) 1 11010010 Rm cond:4 0 0 Rn 0 nzcv:4", writes: []))
            rows.append(
                InstructionForm(
                    "\(name) (immediate)", "sf:1 \(op) 1 11010010 imm5:5 cond:4 1 0 Rn 0 nzcv:4", writes: []))
        }
        for (op, name) in ["CSEL", "CSINC", "CSINV", "CSNEG"].enumerated() {
            rows.append(InstructionForm(name, "sf:1 \(op >> 1) 0 11010100 Rm cond:4 0 \(op & 1) Rn Rd"))
        }
        return rows
    }()

    /// `value` as `width` binary digits.
    static func bits(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 2)
        return String(repeating: "0", count: width - digits.count) + digits
    }
}
