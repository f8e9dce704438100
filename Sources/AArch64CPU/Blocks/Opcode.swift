/// The function of a decoded operation.
///
/// Operations are close to A64 instructions, with the work that is possible at decoding done: an alias is the operation
/// it stands for, a shifted or extended operand is a separate operation into ``VCPUState/temporary``, and a comparison
/// and the branch after it are one operation. Raw values are dense, so that the interpreter's `switch` is one jump
/// table.
enum Opcode: UInt16 {
    // Leaving the block. `dead` replaces the first operation of a dropped block.
    case dead, endOfBlock, breakpoint, undefined
    case system, systemEnd, special, checkStack
    /// Leaves the fast path if another vCPU may run (``CPUCluster/yieldEndsRun``).
    case yield
    /// Leaves the fast path if CPACR_EL1.FPEN traps the vector instruction that follows.
    case checkFloatingPoint
    /// Calls the ``VectorHandler`` whose address is the immediate.
    case vector
    /// Checks the alignment of an ordered access: the immediate is the mask, `shift` is nonzero for a store.
    case checkAligned

    // Constants and moves.
    case moveImmediate, moveKeep64, moveKeep32, move64, move32

    // Add and subtract; flags are set lazily.
    case addImmediate64, addImmediate32, add64, add32, sub64, sub32
    case addLSL64, addLSL32, subLSL64, addSXTW
    case addsImmediate64, addsImmediate32, adds64, adds32
    case subsImmediate64, subsImmediate32, subs64, subs32
    case adc64, adc32, adcs64, adcs32, sbc64, sbc32, sbcs64, sbcs32

    // Logical.
    case andImmediate, orrImmediate64, orrImmediate32, eorImmediate64, eorImmediate32
    case and64, and32, orr64, orr32, eor64, eor32, bic64, bic32, orn64, orn32, eon64, eon32
    case eorLSR64, eorLSR32, orrLSL64, orrLSL32
    case andsImmediate64, andsImmediate32, ands64, ands32, bics64, bics32

    // Shifts and bitfields.
    case shiftRightMask, shiftLeftMask, signedField64, signedField32
    case bitfieldInsert64, bitfieldInsert32, extract64, extract32
    case shift64, shift32, extend
    case lslv64, lslv32, lsrv64, lsrv32, asrv64, asrv32, rorv64, rorv32

    // Multiply, divide, count, reverse, CRC.
    case madd64, madd32, msub64, msub32, smaddl, smsubl, umaddl, umsubl, smulh, umulh
    case udiv64, udiv32, sdiv64, sdiv32
    case clz64, clz32, cls64, cls32, rbit64, rbit32, rev64, rev32, rev16x64, rev16x32, rev32x64
    case crc32, crc32c

    // Conditional. The condition is in `shift`.
    case csel64, csel32, csinc64, csinc32, csinv64, csinv32, csneg64, csneg32
    case ccmp64, ccmp32, ccmn64, ccmn32

    // Branches to the block's links.
    case branch, branchLink, branchIf
    case cbz64, cbz32, cbnz64, cbnz32, tbz, tbnz
    case jump, jumpLink

    // A comparison and the branch on it: SUBS with an immediate or a register, then B.cond.
    case subsImmediate64EQ, subsImmediate64NE, subsImmediate64CS, subsImmediate64CC, subsImmediate64MI
    case subsImmediate64PL, subsImmediate64HI, subsImmediate64LS
    case subsImmediate64GE, subsImmediate64LT, subsImmediate64GT, subsImmediate64LE
    case subsImmediate32EQ, subsImmediate32NE, subsImmediate32CS, subsImmediate32CC, subsImmediate32MI
    case subsImmediate32PL, subsImmediate32HI, subsImmediate32LS
    case subsImmediate32GE, subsImmediate32LT, subsImmediate32GT, subsImmediate32LE
    case subs64EQ, subs64NE, subs64CS, subs64CC, subs64MI
    case subs64PL, subs64HI, subs64LS
    case subs64GE, subs64LT, subs64GT, subs64LE
    case subs32EQ, subs32NE, subs32CS, subs32CC, subs32MI
    case subs32PL, subs32HI, subs32LS
    case subs32GE, subs32LT, subs32GT, subs32LE
    case andsImmediate64EQ, andsImmediate64NE, andsImmediate32EQ, andsImmediate32NE
    case ands64EQ, ands64NE, ands32EQ, ands32NE

    // Loads and stores, in the order of ``AccessKind``: base plus immediate, with write-back, base plus register.
    case load8, load16, load32, load64, loadSigned8x32, loadSigned16x32
    case loadSigned8x64, loadSigned16x64, loadSigned32x64, store8, store16, store32, store64
    case load8WriteBack, load16WriteBack, load32WriteBack, load64WriteBack
    case loadSigned8x32WriteBack, loadSigned16x32WriteBack
    case loadSigned8x64WriteBack, loadSigned16x64WriteBack, loadSigned32x64WriteBack
    case store8WriteBack, store16WriteBack, store32WriteBack, store64WriteBack
    case load8Register, load16Register, load32Register, load64Register
    case loadSigned8x32Register, loadSigned16x32Register
    case loadSigned8x64Register, loadSigned16x64Register, loadSigned32x64Register
    case store8Register, store16Register, store32Register, store64Register

    // Pairs, in the order of ``PairKind``: immediate offset, then with write-back.
    case loadPair32, loadPairSigned32, loadPair64, storePair32, storePair64
    case loadPair32WriteBack, loadPairSigned32WriteBack, loadPair64WriteBack
    case storePair32WriteBack, storePair64WriteBack

    // Loads and stores with the permissions of EL0 (LDTR, STTR): the ``AccessKind`` is in `shift`.
    case unprivileged

    // V registers of 128 bits; smaller ones are integer loads and stores of their slots. The binary logarithm of the
    // size that must be aligned is in `ra`.
    case load128, store128, load128WriteBack, store128WriteBack, load128Register, store128Register
    case loadPair128, storePair128, loadPair128WriteBack, storePair128WriteBack
    /// The rest of the structure loads and stores: the immediate is the instruction word, `shift` the bytes in memory.
    case loadStructure, storeStructure

    /// Returns the operation `distance` cases after this one.
    @inline(__always)
    func advanced(by distance: Int) -> Opcode {
        Opcode(rawValue: rawValue &+ UInt16(truncatingIfNeeded: distance)) ?? .undefined
    }
}

/// The size, direction and extension of a load or store of one register.
enum AccessKind: UInt8 {
    case load8, load16, load32, load64, loadSigned8x32, loadSigned16x32
    case loadSigned8x64, loadSigned16x64, loadSigned32x64, store8, store16, store32, store64

    static let count = 13

    var isStore: Bool { rawValue >= AccessKind.store8.rawValue }

    var size: UInt64 {
        switch self {
        case .load8, .loadSigned8x32, .loadSigned8x64, .store8: 1
        case .load16, .loadSigned16x32, .loadSigned16x64, .store16: 2
        case .load32, .loadSigned32x64, .store32: 4
        case .load64, .store64: 8
        }
    }

    /// Returns the register's value after a load of `value`.
    func extended(_ value: UInt64) -> UInt64 {
        switch self {
        case .loadSigned8x32: UInt64(UInt32(bitPattern: Int32(Int8(truncatingIfNeeded: value))))
        case .loadSigned16x32: UInt64(UInt32(bitPattern: Int32(Int16(truncatingIfNeeded: value))))
        case .loadSigned8x64: UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: value)))
        case .loadSigned16x64: UInt64(bitPattern: Int64(Int16(truncatingIfNeeded: value)))
        case .loadSigned32x64: UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
        default: value
        }
    }
}

/// The size, direction and extension of a load or store of two registers.
enum PairKind: UInt8 {
    case load32, loadSigned32, load64, store32, store64

    static let count = 5

    var isStore: Bool { rawValue >= PairKind.store32.rawValue }
    /// The size of each register's access, in bytes.
    var size: UInt64 { self == .load64 || self == .store64 ? 8 : 4 }
}
