import AArch64
import Testing

/// Expected values: KVM API, 4.68, and the arm64 `asm/kvm.h` with its `struct kvm_regs`.
@Suite("KVM register ids")
struct KVMRegisterIDTests {
    static let core: [(String, UInt64, UInt64)] = [
        ("x0", KVMRegisterID.x(0), 0x6030_0000_0010_0000), ("x30", KVMRegisterID.x(30), 0x6030_0000_0010_003c),
        ("sp", KVMRegisterID.spEL0, 0x6030_0000_0010_003e), ("pc", KVMRegisterID.pc, 0x6030_0000_0010_0040),
        ("pstate", KVMRegisterID.pstate, 0x6030_0000_0010_0042),
        ("sp_el1", KVMRegisterID.spEL1, 0x6030_0000_0010_0044),
        ("elr_el1", KVMRegisterID.elrEL1, 0x6030_0000_0010_0046),
        ("spsr[EL1]", KVMRegisterID.spsrEL1, 0x6030_0000_0010_0048),
        ("v0", KVMRegisterID.v(0), 0x6040_0000_0010_0054), ("v31", KVMRegisterID.v(31), 0x6040_0000_0010_00d0),
        ("fpsr", KVMRegisterID.fpsr, 0x6020_0000_0010_00d4), ("fpcr", KVMRegisterID.fpcr, 0x6020_0000_0010_00d5),
    ]

    @Test("Core registers", arguments: core)
    func coreRegister(name: String, id: UInt64, expected: UInt64) {
        #expect(id == expected, "\(name)")
    }

    static let system: [(String, UInt64?)] = [
        ("MIDR_EL1", 0x6030_0000_0013_c000), ("MPIDR_EL1", 0x6030_0000_0013_c005),
        ("SCTLR_EL1", 0x6030_0000_0013_c080), ("TCR_EL1", 0x6030_0000_0013_c102),
        ("MDSCR_EL1", 0x6030_0000_0013_8012),
        // Members of kvm_regs.
        ("SP_EL0", 0x6030_0000_0010_003e), ("SP_EL1", 0x6030_0000_0010_0044), ("ELR_EL1", 0x6030_0000_0010_0046),
        ("SPSR_EL1", 0x6030_0000_0010_0048), ("FPCR", 0x6020_0000_0010_00d5),
        // KVM_REG_ARM_TIMER_CNT and _CVAL have each other's encodings.
        ("CNTVCT_EL0", 0x6030_0000_0013_df1a), ("CNTV_CVAL_EL0", 0x6030_0000_0013_df02),
        ("CNTV_CTL_EL0", 0x6030_0000_0013_df19),
        ("NZCV", nil), ("DAIF", nil), ("CurrentEL", nil), ("SPSel", nil), ("PAN", nil),
    ]

    @Test("System registers", arguments: system)
    func systemRegister(name: String, id: UInt64?) throws {
        let row = try #require(SystemRegisterTable.register(named: name))
        #expect(KVMRegisterID.systemRegister(row.encoding) == id)
    }

    static let scalable: [(ScalableRegister, UInt64)] = [
        (.z(0), 0x6080_0000_0015_0000), (.z(31), 0x6080_0000_0015_03e0), (.p(0), 0x6050_0000_0015_0400),
        (.p(15), 0x6050_0000_0015_05e0), (.ffr, 0x6050_0000_0015_0600),
    ]

    @Test("Registers of SVE, as KVM_REG_ARM64_SVE_ZREG and its like give them for slice 0", arguments: scalable)
    func scalableRegister(register: ScalableRegister, id: UInt64) {
        #expect(KVMRegisterID.scalable(register) == id)
        // The largest vectors there can be.
        #expect(KVMRegisterID.byteCount(of: id) == register.byteCount(quadwords: 16))
    }

    @Test("An id says its size")
    func sizes() {
        #expect(KVMRegisterID.byteCount(of: KVMRegisterID.pstate) == 8)
        #expect(KVMRegisterID.byteCount(of: KVMRegisterID.v(3)) == 16)
        #expect(KVMRegisterID.byteCount(of: KVMRegisterID.fpsr) == 4)
        #expect(KVMRegisterID.vectorLengths == 0x6060_0000_0015_ffff)
        #expect(KVMRegisterID.byteCount(of: KVMRegisterID.vectorLengths) == 64)
    }
}
