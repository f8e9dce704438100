import TestSupport

/// Floating point and Advanced SIMD.
extension SequenceGenerator {
    /// An instruction of the SIMD&FP registers, or fresh values for them: those that are computed are soon all NaNs.
    mutating func emitVectorGroup() {
        switch random.below(100) {
        case 0..<14: emit(pick(InstructionForm.vectorLiterals), setting: [("Vt", UInt32(random.below(6)))])
        case 14..<34: emit(pick(InstructionForm.floatingPoint))
        case 34..<55: emit(pick(InstructionForm.advSIMDFloatingPoint))
        case 55..<75: emit(pick(InstructionForm.advSIMD))
        case 75..<94: emit(pick(InstructionForm.vectorLoadsAndStores))
        case 94..<97: emitFloatingPointControl(pick(InstructionForm.floatingPointControl))
        default: emit(pick(InstructionForm.floatingPointStatus))
        }
    }

    /// An LDR (literal) with 16 bytes of its own in the pool.
    mutating func emit(_ literal: InstructionForm, setting: [(String, UInt32)]) {
        vectorLiterals.append(words.count)
        append(fill(literal, setting: setting))
    }

    /// Writes FPCR or FPSR, in bits both implementations have.
    mutating func emitFloatingPointControl(_ form: InstructionForm) {
        let register = freeRegister()
        let isControl = form.name == "MSR FPCR"
        // With the minimizer's NOP in its place, bits that are RES0 would stay in the register.
        pinned.insert(words.count)
        load(isControl ? random.floatingPointControl() : random.floatingPointStatus(), into: register)
        append(fill(form, setting: [("Rt", register)]))
    }

    /// A SIMD&FP register, with a few that meet often.
    mutating func vectorRegisterNumber() -> Int { random.below(random.chance(50) ? 6 : 32) }
}
