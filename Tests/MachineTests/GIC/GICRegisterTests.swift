import Machine
import Testing

@Suite struct GICRegisterTests {
    @Test func distributorSaysWhatItIs() {
        let harness = GICHarness()
        #expect(harness.d(0x0) == 0x50)
        #expect(harness.d(0x4) == 8 | 9 << 19 | 1 << 24)
        #expect(harness.d(0x8) == 0x43B)
        #expect(harness.d(0xFFE8) == 0x3B)
        #expect([0xFFF0, 0xFFF4, 0xFFF8, 0xFFFC].map { harness.d($0) } == [0x0D, 0xF0, 0x05, 0xB1])
        harness.d(0, ~0)
        #expect(harness.d(0) == 0x53)
    }

    @Test func redistributorsSayWhoseTheyAreAndWhichIsLast() {
        let harness = GICHarness(vcpus: 18)
        #expect(harness.redistributors.read(offset: 8, size: 8, vcpu: 0) == 0)
        #expect(harness.redistributors.read(offset: 3 * 0x20000 + 8, size: 8, vcpu: 0) == 3 << 32 | 3 << 8)
        #expect(
            harness.redistributors.read(offset: 17 * 0x20000 + 8, size: 8, vcpu: 0) == 0x101 << 32 | 17 << 8 | 1 << 4)
        #expect(harness.r(17, 0x8) == 17 << 8 | 1 << 4)
        #expect(harness.r(17, 0xC) == 0x101)
        #expect(harness.r(5, 0xFFE8) == 0x3B)
        #expect(harness.r(5, 0x4) == 0x43B)
    }

    @Test func wakingFollowsProcessorSleep() {
        let harness = GICHarness()
        #expect(harness.r(1, 0x14) == 6)
        harness.r(1, 0x14, 0)
        #expect(harness.r(1, 0x14) == 0 && harness.r(0, 0x14) == 6)
        harness.r(1, 0x14, 2)
        #expect(harness.r(1, 0x14) == 6)
    }

    /// Offset of a distributor register, what is written, what it then reads.
    private static let distributorRows: [(String, UInt64, UInt32, UInt32)] = [
        ("GICD_IGROUPR1", 0x084, 0x1234_5678, 0x1234_5678),
        ("GICD_ISENABLER8", 0x120, 0x8000_0001, 0x8000_0001),
        ("GICD_ISPENDR2", 0x208, 0xF0, 0xF0),
        ("GICD_ISACTIVER1", 0x304, 0xF, 0xF),
        ("GICD_IPRIORITYR8 has 5 bits", 0x420, 0xFFEE_DDCC, 0xF8E8_D8C8),
        ("GICD_ICFGR2 has the upper bits", 0xC08, 0xFFFF_FFFF, 0xAAAA_AAAA),
        ("GICD_IROUTER32", 0x6100, 0xFFFF_FFFF, 0x80FF_FFFF),
        ("GICD_IROUTER32, upper word", 0x6104, 0xFFFF_FFFF, 0xFF),
        ("GICD_IROUTER31 is not there", 0x60F8, 0xFFFF_FFFF, 0),
        ("GICD_IROUTER288 is not there", 0x6900, 0xFFFF_FFFF, 0),
        ("GICD_IGROUPR0 is the redistributor's", 0x080, 0xFFFF_FFFF, 0),
        ("GICD_IPRIORITYR0 is the redistributor's", 0x400, 0xFFFF_FFFF, 0),
        ("GICD_IGROUPR9 is beyond the last interrupt", 0x0A4, 0xFFFF_FFFF, 0),
        ("GICD_IGRPMODR1 is RES0 with DS", 0xD04, 0xFFFF_FFFF, 0),
        ("GICD_ITARGETSR8 is RAZ/WI with ARE", 0x820, 0xFFFF_FFFF, 0),
        ("GICD_SGIR is RES0 with ARE", 0xF00, 0xFFFF_FFFF, 0),
        ("GICD_TYPER is read-only", 0x4, 0, 8 | 9 << 19 | 1 << 24),
    ]

    @Test(arguments: distributorRows)
    func distributorRegistersKeepTheirBits(_ name: String, _ offset: UInt64, _ value: UInt32, _ expected: UInt32) {
        let harness = GICHarness()
        harness.d(offset, value)
        #expect(harness.d(offset) == expected)
    }

    private static let redistributorRows: [(String, UInt64, UInt32, UInt32)] = [
        ("GICR_IGROUPR0", 0x10080, 0x1234_5678, 0x1234_5678),
        ("GICR_ISENABLER0", 0x10100, 0x8001_FFFF, 0x8001_FFFF),
        ("GICR_ISPENDR0", 0x10200, 0x1_0001, 0x1_0001),
        ("GICR_ISACTIVER0", 0x10300, 0xFF, 0xFF),
        ("GICR_IPRIORITYR7", 0x1041C, 0xFFFF_FFFF, 0xF8F8_F8F8),
        ("GICR_ICFGR0: SGIs are edge-triggered", 0x10C00, 0, 0xAAAA_AAAA),
        ("GICR_ICFGR1", 0x10C04, 0xFFFF_FFFF, 0xAAAA_AAAA),
        ("GICR_IGROUPR1 is not there", 0x10084, 0xFFFF_FFFF, 0),
        ("GICR_IPRIORITYR8 is not there", 0x10420, 0xFFFF_FFFF, 0),
        ("GICR_CTLR has no LPIs to enable", 0x0, 0xFFFF_FFFF, 0),
        ("GICR_PROPBASER is not there", 0x70, 0xFFFF_FFFF, 0),
    ]

    @Test(arguments: redistributorRows)
    func redistributorRegistersKeepTheirBits(_ name: String, _ offset: UInt64, _ value: UInt32, _ expected: UInt32) {
        let harness = GICHarness()
        harness.r(1, offset, value)
        #expect(harness.r(1, offset) == expected)
        #expect(harness.r(0, offset) == (GICHarness().r(0, offset)))
    }

    @Test func clearRegistersClearWhatIsOneInTheValue() {
        let harness = GICHarness()
        for (set, clear) in [(0x104, 0x184), (0x204, 0x284), (0x304, 0x384)] as [(UInt64, UInt64)] {
            harness.d(set, 0xFF)
            harness.d(set, 0x100)
            harness.d(clear, 0xF)
            #expect(harness.d(set) == 0x1F0 && harness.d(clear) == 0x1F0)
        }
    }

    @Test func bytesReachPrioritiesOnly() {
        let harness = GICHarness()
        harness.distributor.write(offset: 0x425, size: 1, value: 0x48, vcpu: 0)
        #expect(harness.d(0x424) == 0x4800)
        #expect(harness.distributor.read(offset: 0x425, size: 1, vcpu: 0) == 0x48)
        harness.distributor.write(offset: 0x104, size: 1, value: 0xFF, vcpu: 0)
        harness.distributor.write(offset: 0x104, size: 2, value: 0xFF, vcpu: 0)
        harness.distributor.write(offset: 0x102, size: 4, value: 0xFFFF_FFFF, vcpu: 0)
        #expect(harness.d(0x104) == 0)
        harness.distributor.write(offset: 0x6100, size: 8, value: 0x12_0034_5678, vcpu: 0)
        #expect(harness.distributor.read(offset: 0x6100, size: 8, vcpu: 0) == 0x12_0034_5678)
    }

    /// ICC register, what is written, what it then reads; nil for UNDEFINED.
    private static let interfaceRows: [(ICCRegister, UInt64, UInt64?)] = [
        (.pmr, 0xFF, 0xF8), (.pmr, 0x1A7, 0xA0), (.bpr0, 0, 2), (.bpr0, 7, 7), (.bpr1, 0, 3), (.bpr1, 0xFF, 7),
        (.ap0r0, 0xFFFF_FFFF_FFFF, 0xFFFF_FFFF), (.ap1r0, 5, 5), (.ctlr, ~0, 0x8403), (.ctlr, 0, 0x8400), (.sre, 0, 7),
        (.igrpen0, 3, 1), (.igrpen1, 1, 1), (.eoir0, 0, nil), (.eoir1, 0, nil), (.dir, 0, nil), (.sgi0r, 0, nil),
        (.sgi1r, 0, nil), (.asgi1r, 0, nil),
    ]

    @Test(arguments: interfaceRows)
    func interfaceRegistersKeepTheirBits(_ register: ICCRegister, _ value: UInt64, _ expected: UInt64?) {
        let harness = GICHarness()
        #expect(harness.gic.writeSystemRegister(register.rawValue, value: value, vcpu: 1))
        #expect(harness.get(register, 1) == expected)
    }

    @Test(arguments: [ICCRegister.iar0, .iar1, .hppir0, .hppir1, .rpr])
    func readOnlyInterfaceRegistersRefuseWrites(_ register: ICCRegister) {
        let harness = GICHarness()
        #expect(!harness.gic.writeSystemRegister(register.rawValue, value: 0, vcpu: 0))
        #expect(harness.get(register) == (register == .rpr ? 0xFF : 1023))
    }

    @Test func encodingsAreTheArchitectures() {
        let table: [(ICCRegister, UInt16, UInt16, UInt16)] = [
            (.pmr, 4, 6, 0), (.iar0, 12, 8, 0), (.eoir0, 12, 8, 1), (.hppir0, 12, 8, 2), (.bpr0, 12, 8, 3),
            (.ap0r0, 12, 8, 4), (.ap1r0, 12, 9, 0), (.dir, 12, 11, 1), (.rpr, 12, 11, 3), (.sgi1r, 12, 11, 5),
            (.asgi1r, 12, 11, 6), (.sgi0r, 12, 11, 7), (.iar1, 12, 12, 0), (.eoir1, 12, 12, 1), (.hppir1, 12, 12, 2),
            (.bpr1, 12, 12, 3), (.ctlr, 12, 12, 4), (.sre, 12, 12, 5), (.igrpen0, 12, 12, 6), (.igrpen1, 12, 12, 7),
        ]
        #expect(table.count == ICCRegister.allCases.count)
        for (register, crn, crm, op2) in table {
            #expect(register.rawValue == ICCRegister.encoding(3, 0, crn, crm, op2), "\(register)")
        }
    }

    @Test func otherEncodingsAndVCPUsAreUndefined() {
        let harness = GICHarness()
        // ICC_AP1R1_EL1 needs 6 bits of preemption; ICC_SRE_EL2 is not EL1's.
        for encoding in [0, 0xC649, 0xFFFF, ICCRegister.encoding(3, 4, 12, 9, 5)] as [UInt16] {
            #expect(harness.gic.readSystemRegister(encoding, vcpu: 0) == nil)
            #expect(!harness.gic.writeSystemRegister(encoding, value: 0, vcpu: 0))
        }
        #expect(harness.gic.readSystemRegister(ICCRegister.pmr.rawValue, vcpu: 2) == nil)
        #expect(harness.gic.readSystemRegister(ICCRegister.pmr.rawValue, vcpu: -1) == nil)
    }
}
