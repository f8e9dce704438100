import AArch64

/// Data processing -- register: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    mutating func translateDataProcessingRegister(_ instruction: Instruction, _ word: UInt32) -> Bool {
        let is64Bit = word.bit(31)
        let rd = destination(word, 0)
        let rn = source(word, 5)
        let rm = source(word, 16)

        /// Makes an operation on registers in its 64-bit form, or in its 32-bit form, which is the next case.
        func plain(_ opcode: Opcode, rm: Int, ra: Int = 0, shift: Int = 0) -> Operation {
            Operation(is64Bit ? opcode : opcode.advanced(by: 1), rd: rd, rn: rn, rm: rm, ra: ra, shift: shift)
        }

        switch instruction {
        case .andShiftedRegister, .bicShiftedRegister, .orrShiftedRegister, .ornShiftedRegister,
            .eorShiftedRegister, .eonShiftedRegister, .andsShiftedRegister, .bicsShiftedRegister,
            .addShiftedRegister, .addsShiftedRegister, .subShiftedRegister, .subsShiftedRegister:
            translateShifted(instruction, word)
        case .addExtendedRegister, .addsExtendedRegister, .subExtendedRegister, .subsExtendedRegister:
            translateExtended(instruction, word)
        case .adc: emit(plain(.adc64, rm: rm))
        case .adcs: emit(plain(.adcs64, rm: rm))
        case .sbc: emit(plain(.sbc64, rm: rm))
        case .sbcs: emit(plain(.sbcs64, rm: rm))
        case .ccmnRegister, .ccmpRegister, .ccmnImmediate, .ccmpImmediate:
            let isImmediate = instruction == .ccmnImmediate || instruction == .ccmpImmediate
            let base: Opcode = instruction == .ccmpRegister || instruction == .ccmpImmediate ? .ccmp64 : .ccmn64
            emit(
                Operation(
                    is64Bit ? base : base.advanced(by: 1), rn: rn, rm: isImmediate ? VCPUState.zero : rm,
                    ra: Int(word.field(0, 4)), shift: Int(word.field(12, 4)),
                    immediate: isImmediate ? UInt64(word.field(16, 5)) : 0))
        case .csel: emit(plain(.csel64, rm: rm, shift: Int(word.field(12, 4))))
        case .csinc: emit(plain(.csinc64, rm: rm, shift: Int(word.field(12, 4))))
        case .csinv: emit(plain(.csinv64, rm: rm, shift: Int(word.field(12, 4))))
        case .csneg: emit(plain(.csneg64, rm: rm, shift: Int(word.field(12, 4))))
        case .madd: emit(plain(.madd64, rm: rm, ra: source(word, 10)))
        case .msub: emit(plain(.msub64, rm: rm, ra: source(word, 10)))
        case .smaddl: emit(Operation(.smaddl, rd: rd, rn: rn, rm: rm, ra: source(word, 10)))
        case .smsubl: emit(Operation(.smsubl, rd: rd, rn: rn, rm: rm, ra: source(word, 10)))
        case .umaddl: emit(Operation(.umaddl, rd: rd, rn: rn, rm: rm, ra: source(word, 10)))
        case .umsubl: emit(Operation(.umsubl, rd: rd, rn: rn, rm: rm, ra: source(word, 10)))
        case .smulh: emit(Operation(.smulh, rd: rd, rn: rn, rm: rm))
        case .umulh: emit(Operation(.umulh, rd: rd, rn: rn, rm: rm))
        case .udiv: emit(plain(.udiv64, rm: rm))
        case .sdiv: emit(plain(.sdiv64, rm: rm))
        case .lslv: emit(plain(.lslv64, rm: rm))
        case .lsrv: emit(plain(.lsrv64, rm: rm))
        case .asrv: emit(plain(.asrv64, rm: rm))
        case .rorv: emit(plain(.rorv64, rm: rm))
        case .crc32: emit(Operation(.crc32, rd: rd, rn: rn, rm: rm, shift: Int(word.field(10, 2))))
        case .crc32c: emit(Operation(.crc32c, rd: rd, rn: rn, rm: rm, shift: Int(word.field(10, 2))))
        case .rbit: emit(plain(.rbit64, rm: rm))
        case .rev16: emit(plain(.rev16x64, rm: rm))
        case .rev32: emit(Operation(.rev32x64, rd: rd, rn: rn))
        case .rev: emit(plain(.rev64, rm: rm))
        case .clz: emit(plain(.clz64, rm: rm))
        case .cls: emit(plain(.cls64, rm: rm))
        default: return undefined()
        }
        return false
    }

    /// Returns the opcode of an operation on registers, in its 64-bit form.
    private func opcode(of instruction: Instruction) -> Opcode {
        switch instruction {
        case .andShiftedRegister: .and64
        case .bicShiftedRegister: .bic64
        case .orrShiftedRegister: .orr64
        case .ornShiftedRegister: .orn64
        case .eorShiftedRegister: .eor64
        case .eonShiftedRegister: .eon64
        case .andsShiftedRegister: .ands64
        case .bicsShiftedRegister: .bics64
        case .addShiftedRegister, .addExtendedRegister: .add64
        case .addsShiftedRegister, .addsExtendedRegister: .adds64
        case .subShiftedRegister, .subExtendedRegister: .sub64
        default: .subs64
        }
    }

    private mutating func translateShifted(_ instruction: Instruction, _ word: UInt32) {
        let is64Bit = word.bit(31)
        let rd = destination(word, 0)
        let rn = source(word, 5)
        let rm = source(word, 16)
        let amount = Int(word.field(10, 6))
        let type = ShiftType(word, at: 22)
        let base = opcode(of: instruction)
        let width = is64Bit ? 0 : 1
        if amount == 0 {
            if base == .orr64 && rn == VCPUState.zero {
                emit(Operation(Opcode.move64.advanced(by: width), rd: rd, rm: rm))
            } else {
                emit(Operation(base.advanced(by: width), rd: rd, rn: rn, rm: rm))
            }
            return
        }
        let combined: Opcode? =
            switch (base, type) {
            case (.add64, .lsl): .addLSL64.advanced(by: width)
            case (.sub64, .lsl) where is64Bit: .subLSL64
            case (.orr64, .lsl): .orrLSL64.advanced(by: width)
            case (.eor64, .lsr): .eorLSR64.advanced(by: width)
            default: nil
            }
        if let combined {
            emit(Operation(combined, rd: rd, rn: rn, rm: rm, shift: amount))
            return
        }
        emit(
            Operation(
                Opcode.shift64.advanced(by: width), rd: VCPUState.temporary, rn: rm, ra: Int(type.rawValue),
                shift: amount))
        emit(Operation(base.advanced(by: width), rd: rd, rn: rn, rm: VCPUState.temporary))
    }

    private mutating func translateExtended(_ instruction: Instruction, _ word: UInt32) {
        let is64Bit = word.bit(31)
        let setsFlags = word.bit(29)
        let rd = setsFlags ? destination(word, 0) : withStackPointer(word, 0)
        let rn = withStackPointer(word, 5)
        let rm = source(word, 16)
        let amount = Int(word.field(10, 3))
        let type = ExtendType(word, at: 13)
        if rd == VCPUState.stackPointer { isStackAligned = false }
        let base = opcode(of: instruction)
        if amount == 0 && (type == .uxtx || type == .sxtx || (!is64Bit && (type == .uxtw || type == .sxtw))) {
            emit(Operation(is64Bit ? base : base.advanced(by: 1), rd: rd, rn: rn, rm: rm))
            return
        }
        if base == .add64 && is64Bit && type == .sxtw {
            emit(Operation(.addSXTW, rd: rd, rn: rn, rm: rm, shift: amount))
            return
        }
        emit(
            Operation(
                .extend, rd: VCPUState.temporary, rn: rm, ra: Int(type.rawValue), shift: amount))
        emit(
            Operation(
                is64Bit ? base : base.advanced(by: 1), rd: rd, rn: rn, rm: VCPUState.temporary))
    }
}
