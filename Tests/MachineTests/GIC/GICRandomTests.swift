import Machine
import TestSupport
import Testing

@Suite struct GICRandomTests {
    /// After random accesses of every kind, the outputs follow from the registers, and each change was reported.
    @Test func outputsAlwaysFollowTheRegisters() {
        var random = SeededRandom.announced("GIC")
        let count = 3
        let harness = GICHarness.ready(vcpus: count)
        let gic = harness.gic
        var told = (0..<count).map { (gic.irqLevel(vcpu: $0), gic.fiqLevel(vcpu: $0)) }
        gic.onOutputChange = { told[$0] = (gic.irqLevel(vcpu: $0), gic.fiqLevel(vcpu: $0)) }
        var interrupts = 0
        for step in 0..<20_000 {
            let vcpu = Int.random(in: 0..<count, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: gic.setSPI(Int.random(in: -1...260, using: &random), level: Bool.random(using: &random))
            case 1: gic.setPPI(Int.random(in: -1...16, using: &random), vcpu: vcpu, level: Bool.random(using: &random))
            case 2: Self.access(harness.distributor, 0x10000, &random)
            case 3: Self.access(harness.redistributors, UInt64(count) * 0x20000, &random)
            case 4:
                let register = ICCRegister.allCases.randomElement(using: &random) ?? .pmr
                let value = Bool.random(using: &random) ? random.next() : UInt64.random(in: 0...300, using: &random)
                _ = gic.writeSystemRegister(register.rawValue, value: value, vcpu: vcpu)
            case 5:
                harness.d(0, 3)
                harness.set(.pmr, 0xFF, vcpu)
                harness.set(.igrpen0, 1, vcpu)
                harness.set(.igrpen1, 1, vcpu)
                harness.set(.ap0r0, 0, vcpu)
                harness.set(.ap1r0, 0, vcpu)
                harness.set(.ctlr, 0, vcpu)
                for bank: UInt64 in 1...8 {
                    harness.d(0x100 + bank * 4, ~0)
                    harness.d(0x380 + bank * 4, ~0)
                }
            default:
                for (iar, eoir) in [(ICCRegister.iar1, ICCRegister.eoir1), (.iar0, .eoir0)] {
                    let intid = harness.get(iar, vcpu) ?? 0
                    if intid != 1023 { interrupts += 1 }
                    harness.set(eoir, intid, vcpu)
                }
            }
            for vcpu in 0..<count {
                let irq = gic.peekSystemRegister(ICCRegister.iar1.rawValue, vcpu: vcpu) != 1023
                let fiq = gic.peekSystemRegister(ICCRegister.iar0.rawValue, vcpu: vcpu) != 1023
                guard gic.irqLevel(vcpu: vcpu) == irq, gic.fiqLevel(vcpu: vcpu) == fiq, told[vcpu] == (irq, fiq) else {
                    Issue.record("vCPU \(vcpu) after step \(step), \(random.comment)")
                    return
                }
            }
        }
        #expect(interrupts > 1000, random.comment)
        print("GIC: 20000 steps, \(interrupts) interrupts taken")
    }

    private static func access(_ device: any Device, _ range: UInt64, _ random: inout SeededRandom) {
        let size = [1, 2, 4, 4, 4, 8].randomElement(using: &random) ?? 4
        var offset = UInt64.random(in: 0...range - UInt64(size), using: &random)
        // Mostly where registers are.
        if Bool.random(using: &random) { offset = offset & ~0xFFFF | UInt64.random(in: 0..<0xD00, using: &random) & ~3 }
        if Bool.random(using: &random) {
            _ = device.read(offset: offset, size: size, vcpu: 0)
        } else {
            device.write(offset: offset, size: size, value: random.next(), vcpu: 0)
        }
    }
}
