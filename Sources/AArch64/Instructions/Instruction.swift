/// An A64 instruction, as decoded from an instruction word.
///
/// A case stands for one instruction page of the manual, such as "ADD (immediate)", or for one addressing mode of it.
/// Operand sizes that the manual encodes in a field (`sf`, `size`, `Q`) do not make separate cases.
/// ``decode(_:features:)`` returns the case; ``Swift/UInt32/field(_:_:)`` extracts the fields from the word.
///
/// Arm ARM, DDI 0487, C4 "A64 Instruction Set Encoding".
package enum Instruction: UInt16, CaseIterable, Sendable {
    /// An UNDEFINED word: its encoding is unallocated or belongs to a feature that the CPU does not have.
    case unallocated
    /// UDF, which is permanently UNDEFINED and has an immediate for software.
    case udf

    /// Data processing -- immediate.
    case adr, adrp, addImmediate, addsImmediate, subImmediate, subsImmediate, andImmediate, orrImmediate,
        eorImmediate, andsImmediate, movn, movz, movk, sbfm, bfm, ubfm, extr

    /// Branches.
    case b, bl, bCond, cbz, cbnz, tbz, tbnz, br, blr, ret, eret, drps

    /// Exception generation.
    case svc, hvc, smc, brk, hlt, dcps1, dcps2, dcps3

    /// System: hints, barriers, PSTATE and system registers.
    case hint, nop, yield, wfe, wfi, sev, sevl, clrex, dsb, dmb, isb, sb, msrImmediate, msrRegister, mrs, sys, sysl

    /// Load/store exclusive, load/store ordered, compare and swap. `size` is bits 31:30.
    case stxr, stlxr, ldxr, ldaxr, stxp, stlxp, ldxp, ldaxp, stlr, ldar, stllr, ldlar, cas, casp

    /// Atomic memory operations. `size` is bits 31:30, acquire bit 23, release bit 22.
    case ldadd, ldclr, ldeor, ldset, ldsmax, ldsmin, ldumax, ldumin, swp

    /// Load register (literal).
    case ldrLiteral, ldrswLiteral, prfmLiteral

    /// Load/store pair. `opc` is bits 31:30.
    case stnp, ldnp, stpPostIndex, ldpPostIndex, ldpswPostIndex, stpOffset, ldpOffset, ldpswOffset, stpPreIndex,
        ldpPreIndex, ldpswPreIndex

    /// Load/store register (unsigned immediate).
    case strbUnsignedOffset, ldrbUnsignedOffset, ldrsbUnsignedOffset, strhUnsignedOffset, ldrhUnsignedOffset,
        ldrshUnsignedOffset, strUnsignedOffset, ldrUnsignedOffset, ldrswUnsignedOffset, prfmUnsignedOffset

    /// Load/store register (unscaled immediate).
    case sturb, ldurb, ldursb, sturh, ldurh, ldursh, stur, ldur, ldursw, prfum

    /// Load/store register (immediate post-indexed).
    case strbPostIndex, ldrbPostIndex, ldrsbPostIndex, strhPostIndex, ldrhPostIndex, ldrshPostIndex, strPostIndex,
        ldrPostIndex, ldrswPostIndex

    /// Load/store register (immediate pre-indexed).
    case strbPreIndex, ldrbPreIndex, ldrsbPreIndex, strhPreIndex, ldrhPreIndex, ldrshPreIndex, strPreIndex,
        ldrPreIndex, ldrswPreIndex

    /// Load/store register (unprivileged).
    case sttrb, ldtrb, ldtrsb, sttrh, ldtrh, ldtrsh, sttr, ldtr, ldtrsw

    /// Load/store register (register offset).
    case strbRegister, ldrbRegister, ldrsbRegister, strhRegister, ldrhRegister, ldrshRegister, strRegister,
        ldrRegister, ldrswRegister, prfmRegister

    /// Data processing -- register.
    case andShiftedRegister, bicShiftedRegister, orrShiftedRegister, ornShiftedRegister, eorShiftedRegister,
        eonShiftedRegister, andsShiftedRegister, bicsShiftedRegister, addShiftedRegister, addsShiftedRegister,
        subShiftedRegister, subsShiftedRegister, addExtendedRegister, addsExtendedRegister, subExtendedRegister,
        subsExtendedRegister, adc, adcs, sbc, sbcs, ccmnRegister, ccmpRegister, ccmnImmediate, ccmpImmediate, csel,
        csinc, csinv, csneg, madd, msub, smaddl, smsubl, smulh, umaddl, umsubl, umulh, udiv, sdiv, lslv, lsrv, asrv,
        rorv, crc32, crc32c, rbit, rev16, rev32, rev, clz, cls

    /// Load/store no-allocate pair and pair (SIMD&FP).
    case stnpSIMD, ldnpSIMD, stpSIMDPostIndex, ldpSIMDPostIndex, stpSIMDOffset, ldpSIMDOffset, stpSIMDPreIndex,
        ldpSIMDPreIndex

    /// Load register (literal, SIMD&FP).
    case ldrLiteralSIMD

    /// Load/store register (SIMD&FP); the 128-bit variants have size 0b00 and opc<1> set.
    case strSIMDUnsignedOffset, ldrSIMDUnsignedOffset, sturSIMD, ldurSIMD, strSIMDPostIndex, ldrSIMDPostIndex,
        strSIMDPreIndex, ldrSIMDPreIndex, strSIMDRegister, ldrSIMDRegister

    /// Load/store multiple structures.
    case st1Multiple, st2Multiple, st3Multiple, st4Multiple, st1MultiplePostIndex, st2MultiplePostIndex,
        st3MultiplePostIndex, st4MultiplePostIndex, ld1Multiple, ld2Multiple, ld3Multiple, ld4Multiple,
        ld1MultiplePostIndex, ld2MultiplePostIndex, ld3MultiplePostIndex, ld4MultiplePostIndex

    /// Load/store single structure.
    case st1Single, st2Single, st3Single, st4Single, st1SinglePostIndex, st2SinglePostIndex, st3SinglePostIndex,
        st4SinglePostIndex, ld1Single, ld2Single, ld3Single, ld4Single, ld1SinglePostIndex, ld2SinglePostIndex,
        ld3SinglePostIndex, ld4SinglePostIndex, ld1r, ld2r, ld3r, ld4r, ld1rPostIndex, ld2rPostIndex, ld3rPostIndex,
        ld4rPostIndex

    /// Conversion between floating-point and fixed-point.
    case scvtfFixedPoint, ucvtfFixedPoint, fcvtzsFixedPoint, fcvtzuFixedPoint

    /// Conversion between floating-point and integer.
    case fcvtnsInteger, fcvtnuInteger, scvtfInteger, ucvtfInteger, fcvtasInteger, fcvtauInteger, fcvtpsInteger,
        fcvtpuInteger, fcvtmsInteger, fcvtmuInteger, fcvtzsInteger, fcvtzuInteger, fmovToGeneral, fmovFromGeneral,
        fjcvtzs

    /// Floating-point data-processing (1 source).
    case fmovRegister, fabsScalar, fnegScalar, fsqrtScalar, frintnScalar, frintpScalar, frintmScalar, frintzScalar,
        frintaScalar, frintxScalar, frintiScalar, fcvt, bfcvt, frint32zScalar, frint32xScalar, frint64zScalar,
        frint64xScalar

    /// Floating-point compare and immediate.
    case fcmp, fcmpZero, fcmpe, fcmpeZero, fmovScalarImmediate

    /// Floating-point conditional compare and select.
    case fccmp, fccmpe, fcsel

    /// Floating-point data-processing (2 source).
    case fmulScalar, fdivScalar, faddScalar, fsubScalar, fmaxScalar, fminScalar, fmaxnmScalar, fminnmScalar,
        fnmulScalar

    /// Floating-point data-processing (3 source).
    case fmadd, fmsub, fnmadd, fnmsub

    /// Advanced SIMD three same, U = 0.
    case shaddVector, sqaddVector, srhaddVector, shsubVector, sqsubVector, cmgtVector, cmgeVector, sshlVector,
        sqshlVector, srshlVector, sqrshlVector, smaxVector, sminVector, sabdVector, sabaVector, addVector,
        cmtstVector, mlaVector, mulVector, smaxpVector, sminpVector, sqdmulhVector, addpVector

    /// Advanced SIMD three same, U = 1.
    case uhaddVector, uqaddVector, urhaddVector, uhsubVector, uqsubVector, cmhiVector, cmhsVector, ushlVector,
        uqshlVector, urshlVector, uqrshlVector, umaxVector, uminVector, uabdVector, uabaVector, subVector,
        cmeqVector, mlsVector, pmul, umaxpVector, uminpVector, sqrdmulhVector

    /// Advanced SIMD three same, logical.
    case andVector, bicVector, orrVector, ornVector, eorVector, bsl, bit, bif

    /// Advanced SIMD three same, floating-point.
    case fmaxnmVector, fmlaVector, faddVector, fmulxVector, fcmeqVector, fmaxVector, frecpsVector, fminnmVector,
        fmlsVector, fsubVector, fminVector, frsqrtsVector, fmaxnmpVector, faddpVector, fmulVector, fcmgeVector,
        facgeVector, fmaxpVector, fdivVector, fminnmpVector, fabdVector, fcmgtVector, facgtVector, fminpVector,
        fmlalVector, fmlslVector, fmlal2Vector, fmlsl2Vector

    /// Advanced SIMD three different.
    case saddlVector, saddwVector, ssublVector, ssubwVector, addhnVector, sabalVector, subhnVector, sabdlVector,
        smlalVector, sqdmlalVector, smlslVector, sqdmlslVector, smullVector, sqdmullVector, uaddlVector,
        uaddwVector, usublVector, usubwVector, raddhnVector, uabalVector, rsubhnVector, uabdlVector, umlalVector,
        umlslVector, umullVector, pmull

    /// Advanced SIMD three-register extension.
    case sqrdmlahVector, sqrdmlshVector, sdotVector, udotVector, usdotVector, smmla, ummla, usmmla, fcmlaVector,
        fcadd, bfdotVector, bfmlalVector, bfmmla

    /// Advanced SIMD across lanes.
    case saddlv, smaxv, sminv, addv, uaddlv, umaxv, uminv, fmaxnmv, fminnmv, fmaxv, fminv

    /// Advanced SIMD copy.
    case dupElementVector, dupGeneral, smov, umov, insGeneral, insElement

    /// Advanced SIMD permute, extract and table look-up.
    case uzp1, trn1, zip1, uzp2, trn2, zip2, ext, tbl, tbx

    /// Advanced SIMD two-register miscellaneous, U = 0.
    case rev64Vector, rev16Vector, saddlpVector, suqaddVector, clsVector, cntVector, sadalpVector, sqabsVector,
        cmgtZeroVector, cmeqZeroVector, cmltZeroVector, absVector, xtnVector, sqxtnVector

    /// Advanced SIMD two-register miscellaneous, U = 1.
    case rev32Vector, uaddlpVector, usqaddVector, clzVector, notVector, rbitVector, uadalpVector, sqnegVector,
        cmgeZeroVector, cmleZeroVector, negVector, sqxtunVector, shllVector, uqxtnVector

    /// Advanced SIMD two-register miscellaneous, conversions of precision and estimates.
    case fcvtn, fcvtl, fcvtxnVector, bfcvtn, urecpe, ursqrte, frint32zVector, frint64zVector, frint32xVector,
        frint64xVector

    /// Advanced SIMD two-register miscellaneous, floating-point.
    case frintnVector, frintmVector, fcvtnsVector, fcvtmsVector, fcvtasVector, scvtfVector, fcmgtZeroVector,
        fcmeqZeroVector, fcmltZeroVector, fabsVector, frintpVector, frintzVector, fcvtpsVector, fcvtzsVector,
        frecpeVector, frintaVector, frintxVector, fcvtnuVector, fcvtmuVector, fcvtauVector, ucvtfVector,
        fcmgeZeroVector, fcmleZeroVector, fnegVector, frintiVector, fcvtpuVector, fcvtzuVector, frsqrteVector,
        fsqrtVector

    /// Advanced SIMD modified immediate.
    case movi, orrVectorImmediate, mvni, bicVectorImmediate, fmovVectorImmediate

    /// Advanced SIMD shift by immediate.
    case sshrVector, ssraVector, srshrVector, srsraVector, shlVector, sqshlImmediateVector, shrnVector, rshrnVector,
        sqshrnVector, sqrshrnVector, sshllVector, ushrVector, usraVector, urshrVector, ursraVector, sriVector,
        sliVector, sqshluVector, uqshlImmediateVector, sqshrunVector, sqrshrunVector, uqshrnVector, uqrshrnVector,
        ushllVector, scvtfFixedPointVector, fcvtzsFixedPointVector, ucvtfFixedPointVector, fcvtzuFixedPointVector

    /// Advanced SIMD scalar shift by immediate.
    case sshrScalar, ssraScalar, srshrScalar, srsraScalar, shlScalar, sqshlImmediateScalar, sqshrnScalar,
        sqrshrnScalar, ushrScalar, usraScalar, urshrScalar, ursraScalar, sriScalar, sliScalar, sqshluScalar,
        uqshlImmediateScalar, sqshrunScalar, sqrshrunScalar, uqshrnScalar, uqrshrnScalar, scvtfFixedPointScalar,
        fcvtzsFixedPointScalar, ucvtfFixedPointScalar, fcvtzuFixedPointScalar

    /// Advanced SIMD vector x indexed element.
    case smlalByElementVector, sqdmlalByElementVector, smlslByElementVector, sqdmlslByElementVector,
        mulByElementVector, smullByElementVector, sqdmullByElementVector, sqdmulhByElementVector,
        sqrdmulhByElementVector, mlaByElementVector, umlalByElementVector, mlsByElementVector, umlslByElementVector,
        umullByElementVector, sqrdmlahByElementVector, sqrdmlshByElementVector, fmlaByElementVector,
        fmlsByElementVector, fmulByElementVector, fmulxByElementVector, sdotByElementVector, udotByElementVector,
        usdotByElementVector, sudotByElementVector, bfdotByElementVector, bfmlalByElementVector,
        fmlalByElementVector, fmlslByElementVector, fmlal2ByElementVector, fmlsl2ByElementVector,
        fcmlaByElementVector

    /// Advanced SIMD scalar x indexed element.
    case sqdmlalByElementScalar, sqdmlslByElementScalar, sqdmullByElementScalar, sqdmulhByElementScalar,
        sqrdmulhByElementScalar, sqrdmlahByElementScalar, sqrdmlshByElementScalar, fmlaByElementScalar,
        fmlsByElementScalar, fmulByElementScalar, fmulxByElementScalar

    /// Advanced SIMD scalar three same.
    case sqaddScalar, sqsubScalar, cmgtScalar, cmgeScalar, sshlScalar, sqshlScalar, srshlScalar, sqrshlScalar,
        addScalar, cmtstScalar, sqdmulhScalar, uqaddScalar, uqsubScalar, cmhiScalar, cmhsScalar, ushlScalar,
        uqshlScalar, urshlScalar, uqrshlScalar, subScalar, cmeqScalar, sqrdmulhScalar, fmulxScalar, fcmeqScalar,
        frecpsScalar, frsqrtsScalar, fcmgeScalar, facgeScalar, fabdScalar, fcmgtScalar, facgtScalar

    /// Advanced SIMD scalar three same extra and three different.
    case sqrdmlahScalar, sqrdmlshScalar, sqdmlalScalar, sqdmlslScalar, sqdmullScalar

    /// Advanced SIMD scalar two-register miscellaneous.
    case suqaddScalar, sqabsScalar, cmgtZeroScalar, cmeqZeroScalar, cmltZeroScalar, absScalar, sqxtnScalar,
        usqaddScalar, sqnegScalar, cmgeZeroScalar, cmleZeroScalar, negScalar, sqxtunScalar, uqxtnScalar,
        fcvtxnScalar, fcvtnsScalar, fcvtmsScalar, fcvtasScalar, scvtfScalar, fcmgtZeroScalar, fcmeqZeroScalar,
        fcmltZeroScalar, fcvtpsScalar, fcvtzsScalar, frecpeScalar, frecpxScalar, fcvtnuScalar, fcvtmuScalar,
        fcvtauScalar, ucvtfScalar, fcmgeZeroScalar, fcmleZeroScalar, fcvtpuScalar, fcvtzuScalar, frsqrteScalar

    /// Advanced SIMD scalar pairwise and copy.
    case addpScalar, fmaxnmpScalar, faddpScalar, fmaxpScalar, fminnmpScalar, fminpScalar, dupElementScalar

    /// Cryptographic AES.
    case aese, aesd, aesmc, aesimc

    /// Cryptographic SHA.
    case sha1c, sha1p, sha1m, sha1su0, sha256h, sha256h2, sha256su1, sha1h, sha1su1, sha256su0, sha512h, sha512h2,
        sha512su1, sha512su0

    /// Cryptographic SHA3.
    case rax1, eor3, bcax, xar

    /// Cryptographic SM3 and SM4.
    case sm3ss1, sm3tt1a, sm3tt1b, sm3tt2a, sm3tt2b, sm3partw1, sm3partw2, sm4e, sm4ekey

    /// FEAT_FlagM and FEAT_FlagM2.
    case cfinv, rmif, setf8, setf16, xaflag, axflag

    /// FEAT_WFxT, FEAT_XS and FEAT_HBC.
    case wfet, wfit, dsbNXS, bcCond

    /// FEAT_LRCPC and FEAT_LRCPC2.
    case ldapr, stlur, ldapur, ldapursb, ldapursh, ldapursw

    /// FEAT_LSE128.
    case ldclrp, ldsetp, swpp

    /// FEAT_LS64 and its variants.
    case st64b, ld64b, st64bv, st64bv0

    /// FEAT_CSSC.
    case smaxImmediate, umaxImmediate, sminImmediate, uminImmediate, smaxRegister, umaxRegister, sminRegister,
        uminRegister, ctz, cntRegister, absRegister

    /// FEAT_MOPS.
    case cpyfp, cpyfm, cpyfe, cpyp, cpym, cpye, setp, setm, sete, setgp, setgm, setge

    /// Encoding spaces that are reserved for one feature.
    case sve, sme

    /// FEAT_PAuth, hint space: without the feature, the encodings match HINT, which executes as NOP.
    case xpaclri, pacia1716, pacib1716, autia1716, autib1716, paciaz, paciasp, pacibz, pacibsp, autiaz, autiasp,
        autibz, autibsp, bti

    /// FEAT_PAuth, data processing.
    case pacia, pacib, pacda, pacdb, autia, autib, autda, autdb, paciza, pacizb, pacdza, pacdzb, autiza, autizb,
        autdza, autdzb, xpaci, xpacd, pacga

    /// FEAT_PAuth, branches.
    case braaz, brabz, blraaz, blrabz, retaa, retab, eretaa, eretab, braa, brab, blraa, blrab

    /// FEAT_PAuth, loads; bit 11 is write-back.
    case ldraa, ldrab

    /// FEAT_MTE, data processing.
    case addg, subg, subp, subps, irg, gmi

    /// FEAT_MTE, loads and stores of tags.
    case stgPostIndex, stgOffset, stgPreIndex, stzgPostIndex, stzgOffset, stzgPreIndex, st2gPostIndex, st2gOffset,
        st2gPreIndex, stz2gPostIndex, stz2gOffset, stz2gPreIndex, ldg, stzgm, stgm, ldgm, stgpPostIndex, stgpOffset,
        stgpPreIndex
}
