/// What an A64 word is: one case for each instruction a processor tells apart.
///
/// A case stands for one page of the manual ("ADD (immediate)"), or one addressing mode of it, with the operand sizes
/// left in the word where the manual has them in a field (`sf`, `size`, `Q`). ``decode(_:features:)`` finds the case; the
/// fields are then taken from the word with ``Swift/UInt32/field(_:_:)``.
///
/// Arm ARM, DDI 0487, C4 "A64 Instruction Set Encoding".
package enum Instruction: UInt16, CaseIterable, Sendable {
    /// No allocated encoding, or none of the features the processor has: taken as UNDEFINED.
    case unallocated
    /// Permanently UNDEFINED, with an immediate for software.
    case udf

    // Data processing -- immediate.
    case adr, adrp
    case addImmediate, addsImmediate, subImmediate, subsImmediate
    case andImmediate, orrImmediate, eorImmediate, andsImmediate
    case movn, movz, movk
    case sbfm, bfm, ubfm, extr

    // Branches.
    case b, bl, bCond, cbz, cbnz, tbz, tbnz
    case br, blr, ret, eret, drps

    // Exception generation.
    case svc, hvc, smc, brk, hlt, dcps1, dcps2, dcps3

    // System: hints, barriers, PSTATE and system registers.
    case hint, nop, yield, wfe, wfi, sev, sevl
    case clrex, dsb, dmb, isb, sb
    case msrImmediate, msrRegister, mrs, sys, sysl

    // Loads and stores: exclusive, ordered, compare and swap. `size` is bits 31:30.
    case stxr, stlxr, ldxr, ldaxr
    case stxp, stlxp, ldxp, ldaxp
    case stlr, ldar, stllr, ldlar
    case cas, casp

    // Atomic memory operations. `size` is bits 31:30, acquire bit 23, release bit 22.
    case ldadd, ldclr, ldeor, ldset, ldsmax, ldsmin, ldumax, ldumin, swp

    // Loads of literals.
    case ldrLiteral, ldrswLiteral, prfmLiteral

    // Pairs. `opc` is bits 31:30.
    case stnp, ldnp
    case stpPostIndex, ldpPostIndex, ldpswPostIndex
    case stpOffset, ldpOffset, ldpswOffset
    case stpPreIndex, ldpPreIndex, ldpswPreIndex

    // One register, unsigned scaled offset.
    case strbUnsignedOffset, ldrbUnsignedOffset, ldrsbUnsignedOffset
    case strhUnsignedOffset, ldrhUnsignedOffset, ldrshUnsignedOffset
    case strUnsignedOffset, ldrUnsignedOffset, ldrswUnsignedOffset, prfmUnsignedOffset

    // One register, unscaled signed offset.
    case sturb, ldurb, ldursb, sturh, ldurh, ldursh, stur, ldur, ldursw, prfum

    // One register, post-indexed.
    case strbPostIndex, ldrbPostIndex, ldrsbPostIndex
    case strhPostIndex, ldrhPostIndex, ldrshPostIndex
    case strPostIndex, ldrPostIndex, ldrswPostIndex

    // One register, pre-indexed.
    case strbPreIndex, ldrbPreIndex, ldrsbPreIndex
    case strhPreIndex, ldrhPreIndex, ldrshPreIndex
    case strPreIndex, ldrPreIndex, ldrswPreIndex

    // One register, as if at EL0.
    case sttrb, ldtrb, ldtrsb, sttrh, ldtrh, ldtrsh, sttr, ldtr, ldtrsw

    // One register, register offset.
    case strbRegister, ldrbRegister, ldrsbRegister
    case strhRegister, ldrhRegister, ldrshRegister
    case strRegister, ldrRegister, ldrswRegister, prfmRegister

    // Data processing -- register.
    case andShiftedRegister, bicShiftedRegister, orrShiftedRegister, ornShiftedRegister
    case eorShiftedRegister, eonShiftedRegister, andsShiftedRegister, bicsShiftedRegister
    case addShiftedRegister, addsShiftedRegister, subShiftedRegister, subsShiftedRegister
    case addExtendedRegister, addsExtendedRegister, subExtendedRegister, subsExtendedRegister
    case adc, adcs, sbc, sbcs
    case ccmnRegister, ccmpRegister, ccmnImmediate, ccmpImmediate
    case csel, csinc, csinv, csneg
    case madd, msub, smaddl, smsubl, smulh, umaddl, umsubl, umulh
    case udiv, sdiv, lslv, lsrv, asrv, rorv, crc32, crc32c
    case rbit, rev16, rev32, rev, clz, cls
}
