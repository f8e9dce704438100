import AArch64CPU

/// Executes single vector instructions on chosen registers.
final class VectorFixture {
    let engine = EngineFixture()
    var cpu: VCPU { engine.cpu }
    private var address = EngineFixture.ram

    init() {
        // msr cpacr_el1, x0: FPEN, nothing traps.
        cpu.setX(0, 3 << 20)
        execute(0xD518_1040)
    }

    /// One instruction, at an address of its own.
    func execute(_ word: UInt32) {
        engine.store(address, word)
        cpu.pc = address
        engine.step()
        address += 4
    }

    /// Vd of an instruction whose operands are V0 (what Vd holds before), V1 and V2.
    func result(_ word: UInt32, _ v0: UInt128 = 0, _ v1: UInt128 = 0, _ v2: UInt128 = 0) -> UInt128 {
        for (number, value) in [v0, v1, v2].enumerated() { self[number] = value }
        execute(word)
        return self[0]
    }

    subscript(register: Int) -> UInt128 {
        get {
            let (low, high) = cpu.v(register)
            return UInt128(high) << 64 | UInt128(low)
        }
        set { cpu.setV(register, (UInt64(truncatingIfNeeded: newValue), UInt64(truncatingIfNeeded: newValue >> 64))) }
    }
}
