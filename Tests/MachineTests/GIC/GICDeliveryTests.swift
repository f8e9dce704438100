import Machine
import Testing

@Suite struct GICDeliveryTests {
    @Test func aLevelInterruptLastsAsLongAsItsInput() {
        let harness = GICHarness.ready()
        harness.enable(33)
        harness.gic.setSPI(1, level: true)
        #expect(harness.gic.irqLevel(vcpu: 0) && !harness.gic.irqLevel(vcpu: 1) && !harness.gic.fiqLevel(vcpu: 0))
        #expect(harness.get(.iar1) == 33)
        #expect(!harness.gic.irqLevel(vcpu: 0), "active, so not signalled again")
        #expect(harness.d(0x204) == 2, "still pending by its input")
        harness.set(.eoir1, 33)
        #expect(harness.gic.irqLevel(vcpu: 0), "the input was not taken back")
        harness.gic.setSPI(1, level: false)
        #expect(!harness.gic.irqLevel(vcpu: 0))
        #expect(harness.get(.iar1) == 1023)
    }

    @Test func anEdgeInterruptIsRememberedOnce() {
        let harness = GICHarness.ready()
        harness.enable(40)
        harness.setEdge(40)
        harness.gic.setSPI(8, level: true)
        harness.gic.setSPI(8, level: false)
        #expect(harness.get(.iar1) == 40)
        #expect(harness.d(0x204) == 0)
        harness.gic.setSPI(8, level: true)
        harness.gic.setSPI(8, level: true)
        #expect(harness.d(0x204) == 1 << 8, "active and pending")
        #expect(!harness.gic.irqLevel(vcpu: 0))
        harness.set(.eoir1, 40)
        #expect(harness.get(.iar1) == 40)
        harness.gic.setSPI(8, level: true)
        harness.set(.eoir1, 40)
        #expect(harness.get(.iar1) == 1023, "a level that stays is no edge")
    }

    @Test func softwareCanMakeAnInterruptPendingAndTakeItBack() {
        let harness = GICHarness.ready()
        harness.enable(35)
        harness.d(0x204, 8)
        #expect(harness.gic.irqLevel(vcpu: 0))
        harness.d(0x284, 8)
        #expect(!harness.gic.irqLevel(vcpu: 0))
        harness.d(0x204, 8)
        #expect(harness.get(.iar1) == 35)
        harness.set(.eoir1, 35)
        #expect(!harness.gic.irqLevel(vcpu: 0))
    }

    /// The conditions for signaling an interrupt; each closure removes one.
    private static let masks: [(String, @Sendable (GICHarness) -> Void)] = [
        ("GICD_CTLR.EnableGrp1", { $0.d(0, 1) }),
        ("GICD_ICENABLER", { $0.d(0x184, 2) }),
        ("ICC_IGRPEN1_EL1", { $0.set(.igrpen1, 0) }),
        ("ICC_PMR_EL1 equal to the priority", { $0.set(.pmr, 0xA0) }),
        ("ICC_PMR_EL1 of zero", { $0.set(.pmr, 0) }),
        ("GICD_IROUTER to the other vCPU", { $0.d(0x6000 + 33 * 8, 1) }),
        ("GICD_IROUTER to nobody", { $0.d(0x6000 + 33 * 8, 0x0005_0000) }),
        ("GICD_ISACTIVER", { $0.d(0x304, 2) }),
        ("an active interrupt of the same priority", { $0.set(.ap1r0, 1 << 20) }),
    ]

    @Test(arguments: masks.indices) func anInterruptIsMaskedByEachOf(_ index: Int) {
        let harness = GICHarness.ready()
        harness.enable(33)
        harness.gic.setSPI(1, level: true)
        #expect(harness.gic.irqLevel(vcpu: 0))
        Self.masks[index].1(harness)
        #expect(!harness.gic.irqLevel(vcpu: 0), "\(Self.masks[index].0)")
        #expect(harness.get(.iar1) == 1023)
    }

    @Test func group0IsFIQAndGroup1IsIRQ() {
        let harness = GICHarness.ready()
        harness.d(0x84, ~2)
        harness.enable(33)
        harness.gic.setSPI(1, level: true)
        #expect(harness.gic.fiqLevel(vcpu: 0) && !harness.gic.irqLevel(vcpu: 0))
        #expect(harness.get(.iar1) == 1023 && harness.get(.hppir1) == 1023 && harness.get(.hppir0) == 33)
        #expect(harness.get(.iar0) == 33)
        #expect(harness.get(.ap0r0) == 1 << 20 && harness.get(.ap1r0) == 0)
        harness.set(.eoir1, 33)
        #expect(harness.get(.rpr) == 0xA0, "the other group's end is not an end")
        harness.set(.eoir0, 33)
        #expect(harness.get(.rpr) == 0xFF)
    }

    @Test func theMoreUrgentComesFirstAndOfEqualsTheLowerNumber() {
        let harness = GICHarness.ready()
        for intid in [50, 34, 36] {
            harness.enable(intid)
            harness.gic.setSPI(intid - 32, level: true)
        }
        harness.setPriority(50, 0x20)
        #expect(harness.get(.hppir1) == 50)
        var order: [UInt64?] = []
        for _ in 0..<3 {
            let intid = harness.get(.iar1)
            order.append(intid)
            harness.gic.setSPI(Int(intid ?? 0) - 32, level: false)
            harness.set(.eoir1, intid ?? 0)
        }
        #expect(order == [50, 34, 36])
    }

    @Test func aMoreUrgentInterruptPreemptsAndEndsFirst() {
        let harness = GICHarness.ready()
        harness.enable(34)
        harness.enable(35)
        harness.setPriority(35, 0x40)
        harness.gic.setSPI(2, level: true)
        #expect(harness.get(.iar1) == 34 && harness.get(.rpr) == 0xA0)
        harness.gic.setSPI(3, level: true)
        #expect(harness.gic.irqLevel(vcpu: 0))
        #expect(harness.get(.iar1) == 35 && harness.get(.rpr) == 0x40)
        #expect(harness.get(.ap1r0) == 1 << 20 | 1 << 8)
        harness.gic.setSPI(3, level: false)
        harness.set(.eoir1, 35)
        #expect(harness.get(.rpr) == 0xA0)
        harness.gic.setSPI(2, level: false)
        harness.set(.eoir1, 34)
        #expect(harness.get(.rpr) == 0xFF && !harness.gic.irqLevel(vcpu: 0))
    }

    /// ICC_BPR1_EL1, priority of the active and of the new interrupt, whether the new one preempts.
    private static let binaryPoints: [(UInt64, UInt8, UInt8, Bool)] = [
        (3, 0x88, 0x80, true), (4, 0x88, 0x80, false), (4, 0x90, 0x80, true), (7, 0xF8, 0x80, false),
        (7, 0x80, 0x78, true), (5, 0x9F, 0x80, false), (5, 0xA0, 0x98, true),
    ]

    @Test(arguments: binaryPoints)
    func theBinaryPointDecidesOnPreemption(_ point: UInt64, _ active: UInt8, _ new: UInt8, _ preempts: Bool) {
        let harness = GICHarness.ready()
        harness.set(.pmr, 0xFF)
        harness.set(.bpr1, point)
        harness.setPriority(34, active)
        harness.setPriority(35, new)
        harness.enable(34)
        harness.enable(35)
        if active & 0xF8 == 0xF8 { harness.setPriority(34, 0xF0) }
        harness.gic.setSPI(2, level: true)
        #expect(harness.get(.iar1) == 34)
        harness.gic.setSPI(3, level: true)
        #expect(harness.gic.irqLevel(vcpu: 0) == preempts)
        #expect(harness.get(.hppir1) == 35, "pending all the same")
    }

    @Test func commonBinaryPointGivesGroup1TheOtherRegister() {
        let harness = GICHarness.ready()
        harness.set(.bpr0, 4)
        harness.set(.ctlr, 1)
        #expect(harness.get(.bpr1) == 5)
        harness.set(.bpr1, 7)
        #expect(harness.get(.bpr1) == 5)
        harness.setPriority(34, 0x98)
        harness.setPriority(35, 0x80)
        harness.enable(34)
        harness.enable(35)
        harness.gic.setSPI(2, level: true)
        _ = harness.get(.iar1)
        harness.gic.setSPI(3, level: true)
        #expect(!harness.gic.irqLevel(vcpu: 0))
        harness.set(.ctlr, 0)
        #expect(harness.get(.bpr1) == 3)
    }

    @Test func splitEndOfInterruptDropsThePriorityFirst() {
        let harness = GICHarness.ready()
        harness.set(.ctlr, 2)
        harness.enable(34)
        harness.gic.setSPI(2, level: true)
        #expect(harness.get(.iar1) == 34)
        harness.set(.eoir1, 34)
        #expect(harness.get(.rpr) == 0xFF)
        #expect(harness.d(0x304) == 4, "still active")
        #expect(!harness.gic.irqLevel(vcpu: 0))
        harness.set(.dir, 34)
        #expect(harness.d(0x304) == 0)
        #expect(harness.gic.irqLevel(vcpu: 0))
        harness.set(.ctlr, 0)
        #expect(harness.get(.iar1) == 34)
        harness.set(.dir, 34)
        #expect(harness.d(0x304) == 4, "without EOImode a write of DIR does nothing")
    }

    @Test func anEndOfTheLessUrgentGroupIsIgnored() {
        let harness = GICHarness.ready()
        harness.d(0x84, ~4)
        harness.enable(33)
        harness.enable(34)
        harness.setPriority(34, 0x40)
        harness.gic.setSPI(1, level: true)
        #expect(harness.get(.iar1) == 33)
        harness.gic.setSPI(2, level: true)
        #expect(harness.get(.iar0) == 34)
        harness.set(.eoir1, 33)
        #expect(harness.get(.rpr) == 0x40 && harness.get(.ap1r0) == 1 << 20 && harness.d(0x304) == 6)
        harness.set(.eoir0, 34)
        #expect(harness.get(.rpr) == 0xA0 && harness.d(0x304) == 2)
        harness.set(.eoir1, 33)
        #expect(harness.get(.rpr) == 0xFF && harness.d(0x304) == 0)
    }

    @Test func aVCPUMayDeactivateTheInterruptOfAnother() {
        let harness = GICHarness.ready()
        harness.set(.ctlr, 2, 0)
        harness.set(.ctlr, 2, 1)
        harness.enable(33)
        harness.d(0x6000 + 33 * 8, 1)
        harness.gic.setSPI(1, level: true)
        #expect(harness.get(.iar1, 1) == 33)
        harness.set(.eoir1, 33, 1)
        #expect(!harness.gic.irqLevel(vcpu: 1))
        harness.set(.dir, 33, 0)
        #expect(harness.gic.irqLevel(vcpu: 1) && harness.get(.iar1, 1) == 33)
    }

    @Test(arguments: [1020, 1023, 5000, 288, 0xFF_FFFF] as [UInt64])
    func endsOfNoInterruptChangeNothing(_ intid: UInt64) {
        let harness = GICHarness.ready()
        harness.enable(34)
        harness.gic.setSPI(2, level: true)
        _ = harness.get(.iar1)
        harness.set(.eoir1, intid)
        harness.set(.eoir0, intid)
        harness.set(.ctlr, 2)
        harness.set(.dir, intid)
        #expect(harness.get(.rpr) == 0xA0 && harness.d(0x304) == 4)
    }

    @Test func privateInterruptsAreTheirVCPUsOwn() {
        let harness = GICHarness.ready()
        harness.r(0, GICHarness.sgiBase + 0x100, 1 << 27)
        harness.r(1, GICHarness.sgiBase + 0x100, 1 << 27)
        harness.gic.setPPI(11, vcpu: 1, level: true)
        #expect(!harness.gic.irqLevel(vcpu: 0) && harness.gic.irqLevel(vcpu: 1))
        #expect(harness.get(.iar1, 0) == 1023 && harness.get(.iar1, 1) == 27)
        harness.gic.setPPI(11, vcpu: 1, level: false)
        harness.set(.eoir1, 27, 1)
        #expect(!harness.gic.irqLevel(vcpu: 1))
    }

    @Test func oneOfNGoesToTheFirstThatTakesPart() {
        let harness = GICHarness.ready(vcpus: 3)
        harness.enable(33)
        harness.d(0x6000 + 33 * 8, 1 << 31)
        harness.set(.igrpen1, 0, 0)
        harness.gic.setSPI(1, level: true)
        #expect((0..<3).map { harness.gic.irqLevel(vcpu: $0) } == [false, true, false])
        harness.set(.igrpen1, 1, 0)
        #expect((0..<3).map { harness.gic.irqLevel(vcpu: $0) } == [true, false, false])
    }

    @Test func outputChangesAreToldWithTheirVCPU() {
        let harness = GICHarness.ready()
        harness.enable(33)
        harness.changed = []
        harness.gic.setSPI(1, level: true)
        harness.gic.setSPI(1, level: true)
        harness.d(0x6000 + 33 * 8, 1)
        harness.gic.setSPI(1, level: false)
        #expect(harness.changed == [0, 0, 1, 1])
    }

    @Test func looksOfADebuggerHaveNoEffect() {
        let harness = GICHarness.ready()
        harness.enable(33)
        harness.gic.setSPI(1, level: true)
        let before = harness.gic.interruptState(33, vcpu: 0)
        #expect(harness.gic.peekSystemRegister(ICCRegister.iar1.rawValue, vcpu: 0) == 33)
        #expect(harness.gic.peekSystemRegister(ICCRegister.rpr.rawValue, vcpu: 0) == 0xFF)
        #expect(harness.gic.interruptState(33, vcpu: 0) == before)
        #expect(before?.isPending == true && before?.isActive == false && before?.isEnabled == true)
        #expect(before?.priority == 0xA0 && before?.route == 0 && before?.isEdgeTriggered == false)
        #expect(harness.gic.interruptState(288, vcpu: 0) == nil && harness.gic.interruptState(-1, vcpu: 0) == nil)
        #expect(harness.gic.interruptState(0, vcpu: 7) == nil)
        #expect(harness.gic.irqLevel(vcpu: 0))
    }

    @Test func resetTakesEverythingBack() {
        let harness = GICHarness.ready()
        harness.enable(33)
        harness.gic.setSPI(1, level: true)
        harness.gic.reset()
        #expect(!harness.gic.irqLevel(vcpu: 0))
        #expect(harness.d(0) == 0x50 && harness.d(0x104) == 0 && harness.d(0x204) == 0 && harness.get(.pmr) == 0)
    }
}
