import AArch64

/// Floating point and Advanced SIMD: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    /// What reaches registers only.
    mutating func translateVector(_ instruction: Instruction, _ word: UInt32) -> Bool {
        guard let handler = VectorHandlers.shared.handler(for: instruction) else { return undefined() }
        checkFloatingPoint()
        emit(.vector(handler, word: word))
        return false
    }

    /// Sees to it that the instruction traps where CPACR_EL1.FPEN says so: CheckFPAdvSIMDEnabled64().
    ///
    /// Once in a block is enough: what changes CPACR_EL1 or the exception level ends it.
    mutating func checkFloatingPoint() {
        guard !isFloatingPointChecked else { return }
        emit(Operation(.checkFloatingPoint))
        isFloatingPointChecked = true
    }
}
