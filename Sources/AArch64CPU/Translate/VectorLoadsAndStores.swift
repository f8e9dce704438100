import AArch64

/// Loads and stores of SIMD and floating-point registers: Arm ARM, DDI 0487, C4.1.
///
/// A V register is two slots of the state. An access of up to 64 bits is an integer load or store of the lower slot,
/// and after a load another operation clears the upper slot.
extension BlockBuilder {
    mutating func translateVectorLoadOrStore(_ instruction: Instruction, _ word: UInt32) -> Bool {
        checkFloatingPoint()
        if instruction == .ldrLiteralSIMD {
            let target = address &+ UInt64(bitPattern: word.signedField(5, 19) << 2)
            emitVector(
                VectorAccess(sizeLog2: 2 + Int(word.field(30, 2)), isLoad: true), .offset, word, rn: VCPUState.zero,
                immediate: target)
            return false
        }
        checkStack(word)
        if instruction.rawValue < Instruction.ldrLiteralSIMD.rawValue {
            translateVectorPair(word)
        } else if instruction.rawValue < Instruction.st1Multiple.rawValue {
            translateVectorSingle(word)
        } else {
            translateVectorStructure(word)
        }
        return false
    }

    /// A vector access: its size, its direction, and the size that must be aligned, both as binary logarithms of bytes.
    struct VectorAccess {
        var sizeLog2: Int
        var isLoad: Bool
        var elementLog2: Int

        init(sizeLog2: Int, isLoad: Bool, elementLog2: Int? = nil) {
            self.sizeLog2 = sizeLog2
            self.isLoad = isLoad
            self.elementLog2 = elementLog2 ?? sizeLog2
        }
    }

    /// The addressing modes, in the order of the opcodes.
    enum VectorAddressing: Int { case offset, writeBack, register }

    /// Returns the lower slot of the V register in the five bits from `low` up.
    private static func slot(_ word: UInt32, _ low: UInt32) -> Int { VCPUState.vectors + 2 * word.register(low) }

    private mutating func emitVector(
        _ access: VectorAccess, _ addressing: VectorAddressing, _ word: UInt32, rn: Int, rm: Int = VCPUState.zero,
        shift: Int = 0, immediate: UInt64 = 0
    ) {
        let slot = Self.slot(word, 0)
        let opcode: Opcode =
            access.sizeLog2 == 4
            ? (access.isLoad ? Opcode.load128 : .store128).advanced(by: 2 * addressing.rawValue)
            : (access.isLoad ? Opcode.load8 : .store8)
                .advanced(by: access.sizeLog2 + AccessKind.count * addressing.rawValue)
        emit(
            Operation(
                opcode, rd: slot, rn: rn, rm: rm, ra: access.elementLog2, shift: shift, immediate: immediate))
        if access.isLoad && access.sizeLog2 < 4 { clearUpperHalf(slot) }
    }

    private mutating func clearUpperHalf(_ slot: Int) {
        emit(Operation(.moveImmediate, rd: slot + 1, immediate: 0))
    }

    /// LDR, STR, LDUR and STUR.
    private mutating func translateVectorSingle(_ word: UInt32) {
        let access = VectorAccess(
            sizeLog2: Int(word.field(30, 2) | word.field(23, 1) << 2), isLoad: word.bit(22))
        let rn = withStackPointer(word, 5)
        if word.bit(24) {
            let offset = UInt64(word.field(10, 12)) << UInt64(access.sizeLog2)
            return emitVector(access, .offset, word, rn: rn, immediate: offset)
        }
        if word.bit(21) {
            let index = translateIndex(word, scale: access.sizeLog2)
            return emitVector(access, .register, word, rn: rn, rm: index.register, shift: index.shift)
        }
        let offset = word.signedField(12, 9)
        guard word.bit(10) else {
            return emitVector(access, .offset, word, rn: rn, immediate: UInt64(bitPattern: offset))
        }
        let isPreIndex = word.bit(11)
        emitVector(
            access, .writeBack, word, rn: rn,
            immediate: Self.writeBack(offset: isPreIndex ? offset : 0, change: offset))
        recordStackChange(rn, by: offset)
    }

    /// LDP, STP, LDNP and STNP.
    private mutating func translateVectorPair(_ word: UInt32) {
        let sizeLog2 = 2 + Int(word.field(30, 2))
        let isLoad = word.bit(22)
        let rn = withStackPointer(word, 5)
        let offset = word.signedField(15, 7) << Int64(sizeLog2)
        let writesBack = word.bit(23)
        emitVectorPair(
            VectorAccess(sizeLog2: sizeLog2, isLoad: isLoad), first: Self.slot(word, 0), second: Self.slot(word, 10),
            rn: rn, writesBack: writesBack,
            immediate: writesBack
                ? Self.writeBack(offset: word.bit(24) ? offset : 0, change: offset) : UInt64(bitPattern: offset))
        if writesBack { recordStackChange(rn, by: offset) }
    }

    private mutating func emitVectorPair(
        _ access: VectorAccess, first: Int, second: Int, rn: Int, writesBack: Bool, immediate: UInt64
    ) {
        let opcode: Opcode
        if access.sizeLog2 == 4 {
            opcode = (access.isLoad ? Opcode.loadPair128 : .storePair128).advanced(by: writesBack ? 2 : 0)
        } else {
            let kind: PairKind =
                access.sizeLog2 == 2
                ? (access.isLoad ? .load32 : .store32) : (access.isLoad ? .load64 : .store64)
            opcode = Opcode.loadPair32.advanced(by: Int(kind.rawValue) + (writesBack ? PairKind.count : 0))
        }
        emit(Operation(opcode, rd: first, rn: rn, rm: second, ra: access.elementLog2, immediate: immediate))
        if access.isLoad && access.sizeLog2 < 4 {
            clearUpperHalf(first)
            clearUpperHalf(second)
        }
    }

    /// Translates LD1–LD4, ST1–ST4 and LD1R–LD4R; accesses of one or two whole registers become plain loads and stores.
    private mutating func translateVectorStructure(_ word: UInt32) {
        let structure = VectorStructure(word)
        let rn = withStackPointer(word, 5)
        if structure.isWholeRegisters && structure.registerCount <= 2 {
            let access = VectorAccess(
                sizeLog2: word.bit(30) ? 4 : 3, isLoad: word.bit(22), elementLog2: structure.elementLog2)
            if structure.registerCount == 1 {
                emitVector(access, .offset, word, rn: rn)
            } else {
                let next = VCPUState.vectors + 2 * ((word.register(0) + 1) & 31)
                emitVectorPair(
                    access, first: Self.slot(word, 0), second: next, rn: rn, writesBack: false, immediate: 0)
            }
        } else {
            emit(
                Operation(
                    word.bit(22) ? .loadStructure : .storeStructure, rn: rn, ra: structure.elementLog2,
                    shift: structure.byteCount, immediate: UInt64(word)))
        }
        guard word.bit(23) else { return }
        if rn == VCPUState.stackPointer { isStackAligned = false }
        let index = word.register(16)
        emit(
            index == 31
                ? Operation(.addImmediate64, rd: rn, rn: rn, immediate: UInt64(structure.byteCount))
                : Operation(.add64, rd: rn, rn: rn, rm: index))
    }
}
