import AArch64

/// Floating point and Advanced SIMD: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    /// Translates an instruction that accesses registers only.
    mutating func translateVector(_ instruction: Instruction, _ word: UInt32) -> Bool {
        guard let handler = VectorHandlers.shared.handler(for: instruction) else { return undefined() }
        checkFloatingPoint()
        emit(.vector(handler, word: word))
        return false
    }

    /// Emits a check that CPACR_EL1.FPEN does not trap the instruction: CheckFPAdvSIMDEnabled64().
    ///
    /// One check per block is enough, because an instruction that changes CPACR_EL1 or the exception level ends the
    /// block.
    mutating func checkFloatingPoint() {
        guard !isFloatingPointChecked else { return }
        emit(Operation(.checkFloatingPoint))
        isFloatingPointChecked = true
    }
}
