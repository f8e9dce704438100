import AArch64

/// FEAT_PAuth: Arm ARM, DDI 0487, C4.1.
extension BlockBuilder {
    mutating func translatePointerAuthentication(_ instruction: Instruction, _ word: UInt32) -> Bool {
        switch instruction {
        case .eretaa, .eretab:
            emit(Operation(.systemEnd, immediate: UInt64(word)))
            return true
        case .braaz, .brabz, .braa, .brab, .retaa, .retab:
            emit(.vector(Self.authenticateBranch, word: word))
            emit(Operation(.jump, rn: VCPUState.temporary))
            return true
        case .blraaz, .blrabz, .blraa, .blrab:
            emit(.vector(Self.authenticateBranch, word: word))
            emit(Operation(.jumpLink, rn: VCPUState.temporary, immediate: address &+ 4))
            return true
        case .ldraa, .ldrab:
            checkStack(word)
            emit(.vector(Self.authenticateAddress, word: word))
            emit(Operation(.load64, rd: destination(word, 0), rn: VCPUState.temporary))
            if word.bit(11) {
                let base = withStackPointer(word, 5)
                if base == VCPUState.stackPointer { isStackAligned = false }
                emit(Operation(.move64, rd: base, rm: VCPUState.temporary))
            }
            return false
        case .xpaclri, .pacia1716, .pacib1716, .autia1716, .autib1716, .paciaz, .paciasp, .pacibz, .pacibsp, .autiaz,
            .autiasp, .autibz, .autibsp:
            emit(.vector(Self.changeImplied, word: word))
            return false
        case .pacga:
            emit(.vector(Self.generic, word: word))
            return false
        case .pacia, .pacib, .pacda, .pacdb, .autia, .autib, .autda, .autdb, .paciza, .pacizb, .pacdza, .pacdzb,
            .autiza, .autizb, .autdza, .autdzb, .xpaci, .xpacd:
            emit(.vector(Self.change, word: word))
            return false
        default:
            return undefined()
        }
    }

    /// Returns the modifier from register `n`, where 31 is SP.
    @inline(__always)
    private static func modifier(_ x: VectorState, _ n: Int) -> UInt64 {
        x.slots[n == 31 ? VCPUState.stackPointer : n]
    }

    /// Authenticates the target of BRAA, BLRAA, RETAA and their variants into the temporary.
    private static let authenticateBranch: VectorHandler = { state, word in
        let x = VectorState(state)
        let isReturn = word.field(21, 4) == 0b0010
        // Bit 24 is set if there is a modifier; the modifier of RETAA is SP.
        let modifier = isReturn ? x.slots[VCPUState.stackPointer] : word.bit(24) ? modifier(x, word.register(0)) : 0
        let pointer = x.x(isReturn ? 30 : word.register(5))
        x.slots[VCPUState.temporary] = VCPU.withOwner(of: x.slots) {
            $0.authenticate(pointer, modifier: modifier, word.bit(10) ? .ib : .ia)
        }
    }

    /// Authenticates the base of LDRAA and LDRAB and puts the address into the temporary.
    private static let authenticateAddress: VectorHandler = { state, word in
        let x = VectorState(state)
        let base = modifier(x, word.register(5))
        let offset = Int64(word.bit(22) ? -512 : 0) + Int64(word.field(12, 9))
        let address = VCPU.withOwner(of: x.slots) {
            $0.authenticate(base, modifier: 0, word.bit(23) ? .db : .da)
        }
        x.slots[VCPUState.temporary] = address &+ UInt64(bitPattern: offset &* 8)
    }

    /// Executes the instructions in the hint space: on X30 with SP or zero as modifier, or on X17 with X16.
    private static let changeImplied: VectorHandler = { state, word in
        let x = VectorState(state)
        // CRm:op2: 0_111 XPACLRI, 1_0x0 PACI_1716, 1_1x0 AUTI_1716, 3_xxx on X30 (bit 0: SP, bit 1: B, bit 2: AUT).
        let number = word.field(5, 7)
        let isLink = number == 7 || number >= 24
        let register = isLink ? 30 : 17
        let modifier = !isLink ? x.x(16) : number & 1 != 0 ? x.slots[VCPUState.stackPointer] : 0
        let pointer = x.x(register)
        let result = VCPU.withOwner(of: x.slots) {
            if number == 7 { return $0.stripAuthentication(pointer, isData: false) }
            let key: VCPU.AuthenticationKey = number & 2 != 0 ? .ib : .ia
            return number & 4 != 0
                ? $0.authenticate(pointer, modifier: modifier, key) : $0.sign(pointer, modifier: modifier, key)
        }
        x.setX(register, result)
    }

    /// Executes PACIA to XPACD: bits 15:10 are Z, the operation and the key.
    private static let change: VectorHandler = { state, word in
        let x = VectorState(state)
        let register = word.register(0)
        let pointer = x.x(register)
        let modifier = word.bit(13) ? 0 : modifier(x, word.register(5))
        let result = VCPU.withOwner(of: x.slots) {
            if word.bit(14) { return $0.stripAuthentication(pointer, isData: word.bit(10)) }
            let key: VCPU.AuthenticationKey =
                switch word.field(10, 2) {
                case 0: .ia
                case 1: .ib
                case 2: .da
                default: .db
                }
            return word.bit(12)
                ? $0.authenticate(pointer, modifier: modifier, key) : $0.sign(pointer, modifier: modifier, key)
        }
        x.setX(register, result)
    }

    /// Executes PACGA.
    private static let generic: VectorHandler = { state, word in
        let x = VectorState(state)
        let value = x.x(word.register(5))
        let modifier = modifier(x, word.register(16))
        x.setX(word.register(0), VCPU.withOwner(of: x.slots) { $0.genericCode(value, modifier: modifier) })
    }
}
