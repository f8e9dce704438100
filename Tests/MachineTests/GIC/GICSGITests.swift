import Machine
import Testing

@Suite struct GICSGITests {
    /// A value for ICC_SGI1R_EL1.
    private static func sgi(
        _ intid: UInt64, targets: UInt64 = 0, aff1: UInt64 = 0, aff2: UInt64 = 0, aff3: UInt64 = 0, range: UInt64 = 0,
        toOthers: Bool = false
    ) -> UInt64 {
        targets | aff1 << 16 | intid << 24 | aff2 << 32 | (toOthers ? 1 << 40 : 0) | range << 44 | aff3 << 48
    }

    /// Values that vCPU 1 of 20 writes, and the vCPUs that get SGI 5.
    private static let rows: [(UInt64, [Int])] = [
        (sgi(5, targets: 0b1), [0]),
        (sgi(5, targets: 0b10), [1]),
        (sgi(5, targets: 0b1001), [0, 3]),
        (sgi(5, targets: 0xFFFF), Array(0..<16)),
        (sgi(5, targets: 0b11, aff1: 1), [16, 17]),
        (sgi(5, targets: 0xFFFF, aff1: 1), [16, 17, 18, 19]),
        (sgi(5, targets: 0xFFFF, aff1: 2), []),
        (sgi(5, targets: 0xFFFF, aff2: 1), []),
        (sgi(5, targets: 0xFFFF, aff3: 1), []),
        (sgi(5, targets: 0xFFFF, range: 1), []),
        (sgi(5, targets: 0), []),
        (sgi(5, toOthers: true), [0] + Array(2..<20)),
        (sgi(5, targets: 0b10, aff1: 9, toOthers: true), [0] + Array(2..<20)),
        (sgi(6, targets: 1), []),
        (~0, []),
    ]

    @Test(arguments: rows.indices) func sgisReachTheVCPUsOfTheirAffinity(_ index: Int) {
        let (value, receivers) = Self.rows[index]
        let harness = GICHarness.ready(vcpus: 20)
        for vcpu in 0..<20 { harness.r(vcpu, GICHarness.sgiBase + 0x100, 1 << 5) }
        harness.set(.sgi1r, value, 1)
        #expect((0..<20).filter { harness.gic.irqLevel(vcpu: $0) } == receivers)
    }

    @Test func anSGIIsTakenOnceOnEachVCPU() {
        let harness = GICHarness.ready()
        for vcpu in 0..<2 { harness.r(vcpu, GICHarness.sgiBase + 0x100, 0xFFFF) }
        harness.set(.sgi1r, Self.sgi(3, targets: 3), 0)
        harness.set(.sgi1r, Self.sgi(3, targets: 3), 1)
        for vcpu in 0..<2 {
            #expect(harness.get(.iar1, vcpu) == 3)
            #expect(harness.get(.iar1, vcpu) == 1023)
            harness.set(.eoir1, 3, vcpu)
            #expect(!harness.gic.irqLevel(vcpu: vcpu))
        }
    }

    /// The register, whether SGI 2 is in Group 1, whether it arrives.
    private static let groups: [(ICCRegister, Bool, Bool)] = [
        (.sgi1r, true, true), (.sgi1r, false, true), (.sgi0r, true, false), (.sgi0r, false, true),
        (.asgi1r, true, false), (.asgi1r, false, true),
    ]

    @Test(arguments: groups) func theGroupHasToFitTheRegister(
        _ register: ICCRegister, _ isGroup1: Bool, _ arrives: Bool
    ) {
        let harness = GICHarness.ready()
        harness.r(1, GICHarness.sgiBase + 0x80, isGroup1 ? 4 : 0)
        harness.r(1, GICHarness.sgiBase + 0x100, 4)
        harness.set(register, Self.sgi(2, targets: 2), 0)
        #expect(harness.gic.irqLevel(vcpu: 1) == (arrives && isGroup1))
        #expect(harness.gic.fiqLevel(vcpu: 1) == (arrives && !isGroup1))
    }

    @Test func sgisArePendingUntilEnabled() {
        let harness = GICHarness.ready()
        harness.set(.sgi1r, Self.sgi(9, targets: 1), 1)
        #expect(!harness.gic.irqLevel(vcpu: 0) && harness.r(0, GICHarness.sgiBase + 0x200) == 1 << 9)
        harness.enable(9)
        #expect(harness.gic.irqLevel(vcpu: 0))
        harness.r(0, GICHarness.sgiBase + 0x280, 1 << 9)
        #expect(!harness.gic.irqLevel(vcpu: 0))
    }
}
