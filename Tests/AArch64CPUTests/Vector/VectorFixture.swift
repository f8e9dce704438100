import AArch64CPU

/// Executes single vector instructions on chosen registers.
final class VectorFixture {
    let engine = EngineFixture()
    var cpu: VCPU { engine.cpu }
    private var address = EngineFixture.ram

    init() {
        // FPEN: nothing traps.
        cpu.setX(0, 3 << 20)
        execute("msr cpacr_el1, x0")
    }

    /// One instruction, at an address of its own.
    func execute(_ line: String) {
        engine.put([line], at: address)
        cpu.pc = address
        engine.step()
        address += 4
    }

    /// Vd of an instruction whose operands are V0 (what Vd holds before), V1 and V2.
    func result(_ line: String, _ v0: UInt128 = 0, _ v1: UInt128 = 0, _ v2: UInt128 = 0) -> UInt128 {
        for (number, value) in [v0, v1, v2].enumerated() { self[number] = value }
        execute(line)
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
