/// The optional features of the architecture that the decoder and the functions of this module depend on.
///
/// The names follow the `FEAT_` names of the Arm ARM. The software CPU defines its own set; the set of a guest under a
/// hypervisor is read from its ID registers.
public struct ArchitectureFeatures: OptionSet, Hashable, Sendable {
    /// The set as a bit mask.
    public let rawValue: UInt128

    /// Creates a set from a bit mask.
    @inlinable
    public init(rawValue: UInt128) {
        self.rawValue = rawValue
    }

    // Process state.

    /// FEAT_PAN: PSTATE.PAN, privileged access never.
    public static let pan = Self(rawValue: 1 << 0)
    /// FEAT_PAN3: SCTLR_EL1.EPAN, with which PAN also covers pages that EL0 may only execute.
    public static let pan3 = Self(rawValue: 1 << 1)
    /// FEAT_UAO: PSTATE.UAO, user access override.
    public static let uao = Self(rawValue: 1 << 2)
    /// FEAT_DIT: PSTATE.DIT, data independent timing.
    public static let dit = Self(rawValue: 1 << 3)
    /// FEAT_SSBS: PSTATE.SSBS, speculative store bypass safe.
    public static let ssbs = Self(rawValue: 1 << 4)
    /// FEAT_BTI: PSTATE.BTYPE, branch target identification.
    public static let bti = Self(rawValue: 1 << 5)
    /// FEAT_MTE2: PSTATE.TCO and allocation tags.
    public static let mte = Self(rawValue: 1 << 6)
    /// FEAT_NMI: PSTATE.ALLINT, non-maskable interrupts.
    public static let nmi = Self(rawValue: 1 << 7)
    /// FEAT_PAuth: pointer authentication, and TCR_EL1.TBID0 and TBID1.
    public static let pauth = Self(rawValue: 1 << 8)
    /// FEAT_RAS: the error record registers and ESB.
    public static let ras = Self(rawValue: 1 << 9)
    /// FEAT_AA32EL0: AArch32 at EL0.
    public static let aarch32 = Self(rawValue: 1 << 11)
    /// FEAT_IDST: reads of ID registers at EL0 are reported with exception class 0x18.
    public static let idst = Self(rawValue: 1 << 10)

    // Translation.

    /// FEAT_HPDS: TCR_EL1.HPD0 and HPD1, which disable hierarchical permissions.
    public static let hpds = Self(rawValue: 1 << 16)
    /// FEAT_E0PD: TCR_EL1.E0PD0 and E0PD1.
    public static let e0pd = Self(rawValue: 1 << 17)
    /// FEAT_LVA: 52-bit virtual addresses with the 64 KiB granule.
    public static let lva = Self(rawValue: 1 << 18)
    /// FEAT_LPA2 at stage 1 for the 4 KiB granule: TCR_EL1.DS.
    public static let lpa2Granule4K = Self(rawValue: 1 << 19)
    /// FEAT_LPA2 at stage 1 for the 16 KiB granule: TCR_EL1.DS.
    public static let lpa2Granule16K = Self(rawValue: 1 << 20)
    /// FEAT_TTST: T0SZ and T1SZ up to 48 (47 with the 64 KiB granule).
    public static let ttst = Self(rawValue: 1 << 21)
    /// The 4 KiB granule at stage 1.
    public static let granule4K = Self(rawValue: 1 << 22)
    /// The 16 KiB granule at stage 1.
    public static let granule16K = Self(rawValue: 1 << 23)
    /// The 64 KiB granule at stage 1.
    public static let granule64K = Self(rawValue: 1 << 24)
    /// 16-bit address space identifiers.
    public static let asid16 = Self(rawValue: 1 << 25)

    // Instructions.

    /// FEAT_LSE: the atomic instructions.
    public static let lse = Self(rawValue: 1 << 32)
    /// FEAT_CRC32: CRC32 and CRC32C.
    public static let crc32 = Self(rawValue: 1 << 33)
    /// Floating point and Advanced SIMD.
    public static let floatingPoint = Self(rawValue: 1 << 34)
    /// FEAT_SVE: the Scalable Vector Extension.
    public static let sve = Self(rawValue: 1 << 35)
    /// FEAT_RNG: RNDR and RNDRRS.
    public static let rng = Self(rawValue: 1 << 36)
    /// FEAT_LOR: limited ordering regions.
    public static let lor = Self(rawValue: 1 << 37)
    /// FEAT_DPB: DC CVAP.
    public static let dpb = Self(rawValue: 1 << 38)

    // System registers outside the core.

    /// The system registers of the GIC CPU interface, ICC_*.
    public static let gicSystemRegisters = Self(rawValue: 1 << 48)
    /// FEAT_PMUv3: the performance monitors.
    public static let pmu = Self(rawValue: 1 << 49)
    /// FEAT_ECV: the self-synchronized views of the counters.
    public static let ecv = Self(rawValue: 1 << 50)
    /// FEAT_CSV2_2: SCXTNUM_EL0 and SCXTNUM_EL1.
    public static let csv2 = Self(rawValue: 1 << 51)
    /// FEAT_CCIDX: the 64-bit format of CCSIDR_EL1.
    public static let ccidx = Self(rawValue: 1 << 52)
    /// FEAT_SME: TPIDR2_EL0 and SVCR.
    public static let sme = Self(rawValue: 1 << 53)

    // Fields of system registers only.

    /// FEAT_HAFDBS: TCR_EL1.HA and HD.
    public static let hafdbs = Self(rawValue: 1 << 100)
    /// FEAT_TWED: SCTLR_EL1.TWEDEn and TWEDEL.
    public static let twed = Self(rawValue: 1 << 101)
    /// FEAT_AFP: FPCR.FIZ, AH and NEP.
    public static let afp = Self(rawValue: 1 << 102)
    /// FEAT_TIDCP1: SCTLR_EL1.TIDCP.
    public static let tidcp1 = Self(rawValue: 1 << 103)
    /// FEAT_CMOW: SCTLR_EL1.CMOW.
    public static let cmow = Self(rawValue: 1 << 104)
    /// FEAT_LSMAOC: SCTLR_EL1.LSMAOE and nTLSMD.
    public static let lsmaoc = Self(rawValue: 1 << 105)
    /// FEAT_LSE2: SCTLR_EL1.nAA.
    public static let lse2 = Self(rawValue: 1 << 106)
    /// FEAT_IESB: SCTLR_EL1.IESB.
    public static let iesb = Self(rawValue: 1 << 107)
    /// FEAT_ExS: SCTLR_EL1.EIS and EOS.
    public static let exs = Self(rawValue: 1 << 108)
    /// FEAT_SPECRES: SCTLR_EL1.EnRCTX.
    public static let specres = Self(rawValue: 1 << 109)

    // Instructions only.

    /// FEAT_SB: the speculation barrier.
    public static let sb = Self(rawValue: 1 << 64)
    /// FEAT_RDM: SQRDMLAH and SQRDMLSH.
    public static let rdm = Self(rawValue: 1 << 65)
    /// FEAT_LRCPC: LDAPR.
    public static let lrcpc = Self(rawValue: 1 << 66)
    /// FEAT_LRCPC2: LDAPUR and STLUR.
    public static let lrcpc2 = Self(rawValue: 1 << 67)
    /// FEAT_FlagM: CFINV, RMIF, SETF8 and SETF16.
    public static let flagM = Self(rawValue: 1 << 68)
    /// FEAT_FlagM2: AXFLAG and XAFLAG.
    public static let flagM2 = Self(rawValue: 1 << 69)
    /// FEAT_DotProd: SDOT and UDOT.
    public static let dotProd = Self(rawValue: 1 << 70)
    /// FEAT_FP16: half-precision arithmetic.
    public static let fp16 = Self(rawValue: 1 << 71)
    /// FEAT_FHM: FMLAL and FMLSL.
    public static let fhm = Self(rawValue: 1 << 72)
    /// FEAT_FCMA: FCADD and FCMLA, complex arithmetic.
    public static let fcma = Self(rawValue: 1 << 73)
    /// FEAT_JSCVT: FJCVTZS.
    public static let jscvt = Self(rawValue: 1 << 74)
    /// FEAT_LS64: 64-byte loads and stores.
    public static let ls64 = Self(rawValue: 1 << 75)
    /// FEAT_LS64_V: ST64BV.
    public static let ls64V = Self(rawValue: 1 << 76)
    /// FEAT_LS64_ACCDATA: ST64BV0.
    public static let ls64AccData = Self(rawValue: 1 << 77)
    /// FEAT_MOPS: CPY* and SET*.
    public static let mops = Self(rawValue: 1 << 78)
    /// FEAT_WFxT: WFET and WFIT.
    public static let wfxt = Self(rawValue: 1 << 79)
    /// FEAT_CSSC: ABS, CNT, CTZ, SMAX, SMIN, UMAX and UMIN of general-purpose registers.
    public static let cssc = Self(rawValue: 1 << 80)
    /// FEAT_AES: AESE, AESD, AESMC and AESIMC.
    public static let aes = Self(rawValue: 1 << 81)
    /// FEAT_PMULL: PMULL of doublewords.
    public static let pmull = Self(rawValue: 1 << 82)
    /// FEAT_SHA1: the SHA1 instructions.
    public static let sha1 = Self(rawValue: 1 << 83)
    /// FEAT_SHA256: the SHA256 instructions.
    public static let sha256 = Self(rawValue: 1 << 84)
    /// FEAT_SHA512: the SHA512 instructions.
    public static let sha512 = Self(rawValue: 1 << 85)
    /// FEAT_SHA3: RAX1, EOR3, BCAX and XAR.
    public static let sha3 = Self(rawValue: 1 << 86)
    /// FEAT_SM3: the SM3 instructions.
    public static let sm3 = Self(rawValue: 1 << 87)
    /// FEAT_SM4: SM4E and SM4EKEY.
    public static let sm4 = Self(rawValue: 1 << 88)
    /// FEAT_FRINTTS: FRINT32 and FRINT64.
    public static let frintts = Self(rawValue: 1 << 89)
    /// FEAT_BF16: BFloat16 instructions.
    public static let bf16 = Self(rawValue: 1 << 90)
    /// FEAT_I8MM: matrix multiplication of 8-bit integers.
    public static let i8mm = Self(rawValue: 1 << 91)
    /// FEAT_HBC: BC.cond.
    public static let hbc = Self(rawValue: 1 << 92)
    /// FEAT_XS: DSB nXS.
    public static let xs = Self(rawValue: 1 << 93)
    /// FEAT_LSE128: LDCLRP, LDSETP and SWPP.
    public static let lse128 = Self(rawValue: 1 << 94)

    /// ARMv8.0 with all three granules, 16-bit address space identifiers and floating point.
    public static let armv8_0: Self = [.granule4K, .granule16K, .granule64K, .asid16, .floatingPoint]
    /// The set with every bit set.
    public static let all = Self(rawValue: ~0)
}
