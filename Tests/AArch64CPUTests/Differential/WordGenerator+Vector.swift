/// Words of floating point and Advanced SIMD the reference executes and the software CPU, which doesn't offer their
/// features, must not: each of them has tests of its own at the decoder.
extension WordGenerator {
    static let vectorExclusions: [Exclusion] = [
        Exclusion(reason: "FEAT_FP16: scalar, and FCVT from half with it", mask: 0x5ec0_0000, value: 0x1ec0_0000),
        Exclusion(reason: "FEAT_FP16: three same", mask: 0x8f60_c400, value: 0x0e40_0400),
        Exclusion(reason: "FEAT_FP16: two-register miscellaneous", mask: 0x8f7e_0c00, value: 0x0e78_0800),
        Exclusion(reason: "FEAT_FP16: across lanes and pairwise", mask: 0xaf3f_cc00, value: 0x0e30_c800),
        Exclusion(reason: "FEAT_FP16: by element", mask: 0x8fc0_0400, value: 0x0f00_0000),
        Exclusion(reason: "FEAT_FP16: FMOV (vector, immediate)", mask: 0xbff8_fc00, value: 0x0f00_fc00),
        // Arm ARM, DDI 0487, C4.1, "Advanced SIMD modified immediate": o2 set is FMOV of half precision, with op clear.
        Exclusion(
            reason: "unallocated; qemu 7.2 takes o2 and op set for FMOV (vector, immediate) of doubles",
            mask: 0xbff8_fc00, value: 0x2f00_fc00),
        Exclusion(reason: "FEAT_FP16: SCVTF, UCVTF (fixed-point)", mask: 0x8ff0_fc00, value: 0x0f10_e400),
        Exclusion(reason: "FEAT_FP16: FCVTZS, FCVTZU (fixed-point)", mask: 0x8ff0_fc00, value: 0x0f10_fc00),
        Exclusion(reason: "FEAT_DotProd: SDOT, UDOT (vector)", mask: 0x9f20_fc00, value: 0x0e00_9400),
        Exclusion(reason: "FEAT_DotProd: SDOT, UDOT (by element)", mask: 0x9f00_f400, value: 0x0f00_e000),
    ]
}
