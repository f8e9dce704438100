/// The interpreter's inner loop.
enum RunLoop {
    /// Runs blocks from `first` on, following links, until something needs the outer loop; ``VCPU/loopExit`` says what.
    ///
    /// `x` is a vCPU's state. The vCPU itself is not passed: a fifth long-lived value would cost the loop a register.
    /// One `switch` in one function, on raw pointers only, so that nothing in it counts references, checks exclusivity
    /// or allocates (`Scripts/check-hot-loop` holds it to that). A case that succeeds continues with the next
    /// operation; one that must leave the fast path breaks out of `fast`, and ``VCPU/slowPath(_:_:)`` does that
    /// operation over. A branch chooses a side and leaves `straight`.
    @inline(never)
    static func execute(_ x: UnsafeMutablePointer<UInt64>, _ first: BlockPointer) {
        var next = first
        var f = Frame(x: x, p: first.operations, block: first)
        while true {
            let left = Int64(bitPattern: x[VCPUState.budget] &- next.pointee.count)
            guard left >= 0 else {
                if refill(x) { continue }
                x[VCPUState.programCounter] = next.pointee.virtualAddress
                x[VCPUState.loopExit] = LoopExit.budget.rawValue
                return
            }
            x[VCPUState.budget] = UInt64(bitPattern: left)
            f.block = next
            f.p = next.operations
            var side = 0
            straight: while true {
                fast: do {
                    switch f.p.pointee.opcode {
                    // Leaving the fast path for good reasons.
                    case .dead, .breakpoint, .undefined, .system, .systemEnd, .special, .unprivileged: break fast
                    case .endOfBlock:
                        side = 1
                        break straight
                    case .checkAligned:
                        if f.n & f.immediate != 0 { break fast }
                    case .checkFloatingPoint:
                        if x[VCPUState.floatingPointTrap] != 0 { break fast }
                    case .yield: if f.yieldEndsRun { break fast }
                    case .vector: f.callVectorHandler()
                    case .checkStack:
                        if x[VCPUState.stackPointer] & x[VCPUState.stackAlignmentMask] != 0 { break fast }

                    // Constants and moves.
                    case .moveImmediate: f.d = f.immediate
                    case .moveKeep64: f.d = f.n & ~(0xFFFF &<< f.shift) | f.immediate
                    case .moveKeep32: f.d32 = f.n32 & ~(0xFFFF &<< UInt32(f.shift)) | f.immediate32
                    case .move64: f.d = f.m
                    case .move32: f.d32 = f.m32

                    // Add and subtract.
                    case .addImmediate64: f.d = f.n &+ f.immediate
                    case .addImmediate32: f.d32 = f.n32 &+ f.immediate32
                    case .add64: f.d = f.n &+ f.m
                    case .add32: f.d32 = f.n32 &+ f.m32
                    case .sub64: f.d = f.n &- f.m
                    case .sub32: f.d32 = f.n32 &- f.m32
                    case .addLSL64: f.d = f.n &+ f.m &<< f.shift
                    case .addLSL32: f.d32 = f.n32 &+ f.m32 &<< UInt32(f.shift)
                    case .subLSL64: f.d = f.n &- f.m &<< f.shift
                    case .addSXTW: f.d = f.n &+ UInt64(bitPattern: Int64(Int32(bitPattern: f.m32))) &<< f.shift
                    case .addsImmediate64:
                        let (left, right) = (f.n, f.immediate)
                        f.d = left &+ right
                        f.setFlags(LazyFlags.Kind.add64, left, right)
                    case .addsImmediate32:
                        let (left, right) = (f.n32, f.immediate32)
                        f.d32 = left &+ right
                        f.setFlags(LazyFlags.Kind.add32, UInt64(left), UInt64(right))
                    case .adds64:
                        let (left, right) = (f.n, f.m)
                        f.d = left &+ right
                        f.setFlags(LazyFlags.Kind.add64, left, right)
                    case .adds32:
                        let (left, right) = (f.n32, f.m32)
                        f.d32 = left &+ right
                        f.setFlags(LazyFlags.Kind.add32, UInt64(left), UInt64(right))
                    case .subsImmediate64: _ = f.subtractImmediate64()
                    case .subsImmediate32: _ = f.subtractImmediate32()
                    case .subs64: _ = f.subtract64()
                    case .subs32: _ = f.subtract32()
                    case .adc64: f.d = f.n &+ f.m &+ LazyFlags.carry(x)
                    case .adc32: f.d32 = f.n32 &+ f.m32 &+ UInt32(LazyFlags.carry(x))
                    case .adcs64:
                        let sum = LazyFlags.addWithCarry64(f.n, f.m, LazyFlags.carry(x))
                        f.d = sum.result
                        f.setFlags(packed: sum.nzcv)
                    case .adcs32:
                        let sum = LazyFlags.addWithCarry32(f.n32, f.m32, UInt32(LazyFlags.carry(x)))
                        f.d32 = sum.result
                        f.setFlags(packed: sum.nzcv)
                    case .sbc64: f.d = f.n &+ ~f.m &+ LazyFlags.carry(x)
                    case .sbc32: f.d32 = f.n32 &+ ~f.m32 &+ UInt32(LazyFlags.carry(x))
                    case .sbcs64:
                        let sum = LazyFlags.addWithCarry64(f.n, ~f.m, LazyFlags.carry(x))
                        f.d = sum.result
                        f.setFlags(packed: sum.nzcv)
                    case .sbcs32:
                        let sum = LazyFlags.addWithCarry32(f.n32, ~f.m32, UInt32(LazyFlags.carry(x)))
                        f.d32 = sum.result
                        f.setFlags(packed: sum.nzcv)

                    // Logical.
                    case .andImmediate: f.d = f.n & f.immediate
                    case .orrImmediate64: f.d = f.n | f.immediate
                    case .orrImmediate32: f.d32 = f.n32 | f.immediate32
                    case .eorImmediate64: f.d = f.n ^ f.immediate
                    case .eorImmediate32: f.d32 = f.n32 ^ f.immediate32
                    case .and64: f.d = f.n & f.m
                    case .and32: f.d32 = f.n32 & f.m32
                    case .orr64: f.d = f.n | f.m
                    case .orr32: f.d32 = f.n32 | f.m32
                    case .eor64: f.d = f.n ^ f.m
                    case .eor32: f.d32 = f.n32 ^ f.m32
                    case .bic64: f.d = f.n & ~f.m
                    case .bic32: f.d32 = f.n32 & ~f.m32
                    case .orn64: f.d = f.n | ~f.m
                    case .orn32: f.d32 = f.n32 | ~f.m32
                    case .eon64: f.d = f.n ^ ~f.m
                    case .eon32: f.d32 = f.n32 ^ ~f.m32
                    case .eorLSR64: f.d = f.n ^ f.m &>> f.shift
                    case .eorLSR32: f.d32 = f.n32 ^ f.m32 &>> UInt32(f.shift)
                    case .orrLSL64: f.d = f.n | f.m &<< f.shift
                    case .orrLSL32: f.d32 = f.n32 | f.m32 &<< UInt32(f.shift)
                    case .andsImmediate64: _ = f.and64(f.immediate)
                    case .andsImmediate32: _ = f.and32(f.immediate32)
                    case .ands64: _ = f.and64(f.m)
                    case .ands32: _ = f.and32(f.m32)
                    case .bics64: _ = f.and64(~f.m)
                    case .bics32: _ = f.and32(~f.m32)

                    // Shifts and bitfields.
                    case .shiftRightMask: f.d = f.n &>> f.shift & f.immediate
                    case .shiftLeftMask: f.d = f.n &<< f.shift & f.immediate
                    case .signedField64:
                        f.d = UInt64(bitPattern: Int64(bitPattern: f.n &<< f.shift) &>> Int64(f.p.pointee.ra))
                    case .signedField32:
                        f.d32 = UInt32(truncatingIfNeeded: Int64(bitPattern: f.n &<< f.shift) &>> Int64(f.p.pointee.ra))
                    case .bitfieldInsert64:
                        let rotated = IntegerArithmetic.rotateRight64(f.n, f.shift)
                        f.d = f.m & ~f.immediate | rotated & f.immediate
                    case .bitfieldInsert32:
                        let rotated = IntegerArithmetic.rotateRight32(f.n32, UInt32(f.shift))
                        f.d32 = f.m32 & ~f.immediate32 | rotated & f.immediate32
                    case .extract64: f.d = f.m &>> f.shift | (f.n &<< 1) &<< (63 &- f.shift)
                    case .extract32: f.d32 = f.m32 &>> UInt32(f.shift) | (f.n32 &<< 1) &<< (31 &- UInt32(f.shift))
                    case .shift64: f.d = IntegerArithmetic.shift64(f.n, type: f.p.pointee.ra, amount: f.shift)
                    case .shift32:
                        f.d32 = IntegerArithmetic.shift32(f.n32, type: f.p.pointee.ra, amount: UInt32(f.shift))
                    case .extend: f.d = IntegerArithmetic.extend(f.n, type: f.p.pointee.ra, shift: f.shift)
                    case .lslv64: f.d = f.n &<< f.m
                    case .lslv32: f.d32 = f.n32 &<< f.m32
                    case .lsrv64: f.d = f.n &>> f.m
                    case .lsrv32: f.d32 = f.n32 &>> f.m32
                    case .asrv64: f.d = UInt64(bitPattern: Int64(bitPattern: f.n) &>> Int64(bitPattern: f.m))
                    case .asrv32: f.d32 = UInt32(bitPattern: Int32(bitPattern: f.n32) &>> Int32(bitPattern: f.m32))
                    case .rorv64: f.d = IntegerArithmetic.rotateRight64(f.n, f.m)
                    case .rorv32: f.d32 = IntegerArithmetic.rotateRight32(f.n32, f.m32)

                    // Multiply, divide, count, reverse, CRC.
                    case .madd64: f.d = f.a &+ f.n &* f.m
                    case .madd32: f.d32 = f.a32 &+ f.n32 &* f.m32
                    case .msub64: f.d = f.a &- f.n &* f.m
                    case .msub32: f.d32 = f.a32 &- f.n32 &* f.m32
                    case .smaddl:
                        f.d =
                            f.a &+ UInt64(bitPattern: Int64(Int32(bitPattern: f.n32)))
                            &* UInt64(bitPattern: Int64(Int32(bitPattern: f.m32)))
                    case .smsubl:
                        f.d =
                            f.a &- UInt64(bitPattern: Int64(Int32(bitPattern: f.n32)))
                            &* UInt64(bitPattern: Int64(Int32(bitPattern: f.m32)))
                    case .umaddl: f.d = f.a &+ UInt64(f.n32) &* UInt64(f.m32)
                    case .umsubl: f.d = f.a &- UInt64(f.n32) &* UInt64(f.m32)
                    case .smulh:
                        let product = Int64(bitPattern: f.n).multipliedFullWidth(by: Int64(bitPattern: f.m))
                        f.d = UInt64(bitPattern: product.high)
                    case .umulh: f.d = f.n.multipliedFullWidth(by: f.m).high
                    case .udiv64: f.d = IntegerArithmetic.divide(f.n, f.m)
                    case .udiv32: f.d32 = IntegerArithmetic.divide(f.n32, f.m32)
                    case .sdiv64:
                        f.d = UInt64(
                            bitPattern: IntegerArithmetic.divide(Int64(bitPattern: f.n), Int64(bitPattern: f.m)))
                    case .sdiv32:
                        f.d32 = UInt32(
                            bitPattern: IntegerArithmetic.divide(Int32(bitPattern: f.n32), Int32(bitPattern: f.m32)))
                    case .clz64: f.d = UInt64(truncatingIfNeeded: f.n.leadingZeroBitCount)
                    case .clz32: f.d = UInt64(truncatingIfNeeded: f.n32.leadingZeroBitCount)
                    case .cls64: f.d = IntegerArithmetic.countSignBits(Int64(bitPattern: f.n))
                    case .cls32: f.d = IntegerArithmetic.countSignBits(Int32(bitPattern: f.n32))
                    case .rbit64: f.d = IntegerArithmetic.reverseBits(f.n)
                    case .rbit32: f.d = IntegerArithmetic.reverseBits(f.n) >> 32
                    case .rev64: f.d = f.n.byteSwapped
                    case .rev32: f.d32 = f.n32.byteSwapped
                    case .rev16x64: f.d = IntegerArithmetic.reverseHalfwords(f.n)
                    case .rev16x32: f.d = IntegerArithmetic.reverseHalfwords(f.n & 0xFFFF_FFFF)
                    case .rev32x64: f.d = IntegerArithmetic.reverseWords(f.n)
                    case .crc32: f.d32 = IntegerArithmetic.crc32(f.n32, f.m, sizeLog: f.shift, isCastagnoli: false)
                    case .crc32c: f.d32 = IntegerArithmetic.crc32(f.n32, f.m, sizeLog: f.shift, isCastagnoli: true)

                    // Conditional.
                    case .csel64: f.d = f.condition ? f.n : f.m
                    case .csel32: f.d32 = f.condition ? f.n32 : f.m32
                    case .csinc64: f.d = f.condition ? f.n : f.m &+ 1
                    case .csinc32: f.d32 = f.condition ? f.n32 : f.m32 &+ 1
                    case .csinv64: f.d = f.condition ? f.n : ~f.m
                    case .csinv32: f.d32 = f.condition ? f.n32 : ~f.m32
                    case .csneg64: f.d = f.condition ? f.n : 0 &- f.m
                    case .csneg32: f.d32 = f.condition ? f.n32 : 0 &- f.m32
                    case .ccmp64:
                        if f.condition {
                            f.setFlags(LazyFlags.Kind.subtract64, f.n, f.m &+ f.immediate)
                        } else {
                            f.setFlags(packed: UInt32(f.p.pointee.ra) &<< 28)
                        }
                    case .ccmp32:
                        if f.condition {
                            f.setFlags(LazyFlags.Kind.subtract32, UInt64(f.n32), UInt64(f.m32 &+ f.immediate32))
                        } else {
                            f.setFlags(packed: UInt32(f.p.pointee.ra) &<< 28)
                        }
                    case .ccmn64:
                        if f.condition {
                            f.setFlags(LazyFlags.Kind.add64, f.n, f.m &+ f.immediate)
                        } else {
                            f.setFlags(packed: UInt32(f.p.pointee.ra) &<< 28)
                        }
                    case .ccmn32:
                        if f.condition {
                            f.setFlags(LazyFlags.Kind.add32, UInt64(f.n32), UInt64(f.m32 &+ f.immediate32))
                        } else {
                            f.setFlags(packed: UInt32(f.p.pointee.ra) &<< 28)
                        }

                    // Branches.
                    case .branch: break straight
                    case .branchLink:
                        x[30] = f.immediate
                        break straight
                    case .branchIf:
                        side = f.condition ? 0 : 1
                        break straight
                    case .cbz64:
                        side = f.n == 0 ? 0 : 1
                        break straight
                    case .cbz32:
                        side = f.n32 == 0 ? 0 : 1
                        break straight
                    case .cbnz64:
                        side = f.n != 0 ? 0 : 1
                        break straight
                    case .cbnz32:
                        side = f.n32 != 0 ? 0 : 1
                        break straight
                    case .tbz:
                        side = f.n & f.immediate == 0 ? 0 : 1
                        break straight
                    case .tbnz:
                        side = f.n & f.immediate != 0 ? 0 : 1
                        break straight
                    case .jump:
                        guard let found = f.jumpTarget(f.n) else { break fast }
                        next = found
                        side = -1
                        break straight
                    case .jumpLink:
                        guard let found = f.jumpTarget(f.n) else { break fast }
                        x[30] = f.immediate
                        next = found
                        side = -1
                        break straight

                    // A comparison and the branch on it.
                    case .subsImmediate64EQ:
                        let (a, b) = f.subtractImmediate64()
                        side = a == b ? 0 : 1
                        break straight
                    case .subsImmediate64NE:
                        let (a, b) = f.subtractImmediate64()
                        side = a != b ? 0 : 1
                        break straight
                    case .subsImmediate64CS:
                        let (a, b) = f.subtractImmediate64()
                        side = a >= b ? 0 : 1
                        break straight
                    case .subsImmediate64CC:
                        let (a, b) = f.subtractImmediate64()
                        side = a < b ? 0 : 1
                        break straight
                    case .subsImmediate64MI:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a &- b) < 0 ? 0 : 1
                        break straight
                    case .subsImmediate64PL:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a &- b) >= 0 ? 0 : 1
                        break straight
                    case .subsImmediate64HI:
                        let (a, b) = f.subtractImmediate64()
                        side = a > b ? 0 : 1
                        break straight
                    case .subsImmediate64LS:
                        let (a, b) = f.subtractImmediate64()
                        side = a <= b ? 0 : 1
                        break straight
                    case .subsImmediate64GE:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a) >= Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate64LT:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a) < Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate64GT:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a) > Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate64LE:
                        let (a, b) = f.subtractImmediate64()
                        side = Int64(bitPattern: a) <= Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate32EQ:
                        let (a, b) = f.subtractImmediate32()
                        side = a == b ? 0 : 1
                        break straight
                    case .subsImmediate32NE:
                        let (a, b) = f.subtractImmediate32()
                        side = a != b ? 0 : 1
                        break straight
                    case .subsImmediate32CS:
                        let (a, b) = f.subtractImmediate32()
                        side = a >= b ? 0 : 1
                        break straight
                    case .subsImmediate32CC:
                        let (a, b) = f.subtractImmediate32()
                        side = a < b ? 0 : 1
                        break straight
                    case .subsImmediate32MI:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a &- b) < 0 ? 0 : 1
                        break straight
                    case .subsImmediate32PL:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a &- b) >= 0 ? 0 : 1
                        break straight
                    case .subsImmediate32HI:
                        let (a, b) = f.subtractImmediate32()
                        side = a > b ? 0 : 1
                        break straight
                    case .subsImmediate32LS:
                        let (a, b) = f.subtractImmediate32()
                        side = a <= b ? 0 : 1
                        break straight
                    case .subsImmediate32GE:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a) >= Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate32LT:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a) < Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate32GT:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a) > Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subsImmediate32LE:
                        let (a, b) = f.subtractImmediate32()
                        side = Int32(bitPattern: a) <= Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs64EQ:
                        let (a, b) = f.subtract64()
                        side = a == b ? 0 : 1
                        break straight
                    case .subs64NE:
                        let (a, b) = f.subtract64()
                        side = a != b ? 0 : 1
                        break straight
                    case .subs64CS:
                        let (a, b) = f.subtract64()
                        side = a >= b ? 0 : 1
                        break straight
                    case .subs64CC:
                        let (a, b) = f.subtract64()
                        side = a < b ? 0 : 1
                        break straight
                    case .subs64MI:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a &- b) < 0 ? 0 : 1
                        break straight
                    case .subs64PL:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a &- b) >= 0 ? 0 : 1
                        break straight
                    case .subs64HI:
                        let (a, b) = f.subtract64()
                        side = a > b ? 0 : 1
                        break straight
                    case .subs64LS:
                        let (a, b) = f.subtract64()
                        side = a <= b ? 0 : 1
                        break straight
                    case .subs64GE:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a) >= Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs64LT:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a) < Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs64GT:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a) > Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs64LE:
                        let (a, b) = f.subtract64()
                        side = Int64(bitPattern: a) <= Int64(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs32EQ:
                        let (a, b) = f.subtract32()
                        side = a == b ? 0 : 1
                        break straight
                    case .subs32NE:
                        let (a, b) = f.subtract32()
                        side = a != b ? 0 : 1
                        break straight
                    case .subs32CS:
                        let (a, b) = f.subtract32()
                        side = a >= b ? 0 : 1
                        break straight
                    case .subs32CC:
                        let (a, b) = f.subtract32()
                        side = a < b ? 0 : 1
                        break straight
                    case .subs32MI:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a &- b) < 0 ? 0 : 1
                        break straight
                    case .subs32PL:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a &- b) >= 0 ? 0 : 1
                        break straight
                    case .subs32HI:
                        let (a, b) = f.subtract32()
                        side = a > b ? 0 : 1
                        break straight
                    case .subs32LS:
                        let (a, b) = f.subtract32()
                        side = a <= b ? 0 : 1
                        break straight
                    case .subs32GE:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a) >= Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs32LT:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a) < Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs32GT:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a) > Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .subs32LE:
                        let (a, b) = f.subtract32()
                        side = Int32(bitPattern: a) <= Int32(bitPattern: b) ? 0 : 1
                        break straight
                    case .andsImmediate64EQ:
                        side = f.and64(f.immediate) == 0 ? 0 : 1
                        break straight
                    case .andsImmediate64NE:
                        side = f.and64(f.immediate) != 0 ? 0 : 1
                        break straight
                    case .andsImmediate32EQ:
                        side = f.and32(f.immediate32) == 0 ? 0 : 1
                        break straight
                    case .andsImmediate32NE:
                        side = f.and32(f.immediate32) != 0 ? 0 : 1
                        break straight
                    case .ands64EQ:
                        side = f.and64(f.m) == 0 ? 0 : 1
                        break straight
                    case .ands64NE:
                        side = f.and64(f.m) != 0 ? 0 : 1
                        break straight
                    case .ands32EQ:
                        side = f.and32(f.m32) == 0 ? 0 : 1
                        break straight
                    case .ands32NE:
                        side = f.and32(f.m32) != 0 ? 0 : 1
                        break straight

                    // Loads and stores.
                    case .load8: guard f.load(to: UInt8.self, at: f.offsetAddress) else { break fast }
                    case .load16: guard f.load(to: UInt16.self, at: f.offsetAddress) else { break fast }
                    case .load32: guard f.load(to: UInt32.self, at: f.offsetAddress) else { break fast }
                    case .load64: guard f.load(to: UInt64.self, at: f.offsetAddress) else { break fast }
                    case .loadSigned8x32: guard f.loadSigned32(Int8.self, at: f.offsetAddress) else { break fast }
                    case .loadSigned16x32: guard f.loadSigned32(Int16.self, at: f.offsetAddress) else { break fast }
                    case .loadSigned8x64: guard f.loadSigned64(Int8.self, at: f.offsetAddress) else { break fast }
                    case .loadSigned16x64: guard f.loadSigned64(Int16.self, at: f.offsetAddress) else { break fast }
                    case .loadSigned32x64: guard f.loadSigned64(Int32.self, at: f.offsetAddress) else { break fast }
                    case .store8: guard f.store(f.offsetAddress, UInt8(truncatingIfNeeded: f.d)) else { break fast }
                    case .store16: guard f.store(f.offsetAddress, UInt16(truncatingIfNeeded: f.d)) else { break fast }
                    case .store32: guard f.store(f.offsetAddress, f.d32) else { break fast }
                    case .store64: guard f.store(f.offsetAddress, f.d) else { break fast }
                    case .load8WriteBack:
                        guard f.writeBack(f.load(to: UInt8.self, at: f.writeBackAddress)) else { break fast }
                    case .load16WriteBack:
                        guard f.writeBack(f.load(to: UInt16.self, at: f.writeBackAddress)) else { break fast }
                    case .load32WriteBack:
                        guard f.writeBack(f.load(to: UInt32.self, at: f.writeBackAddress)) else { break fast }
                    case .load64WriteBack:
                        guard f.writeBack(f.load(to: UInt64.self, at: f.writeBackAddress)) else { break fast }
                    case .loadSigned8x32WriteBack:
                        guard f.writeBack(f.loadSigned32(Int8.self, at: f.writeBackAddress)) else { break fast }
                    case .loadSigned16x32WriteBack:
                        guard f.writeBack(f.loadSigned32(Int16.self, at: f.writeBackAddress)) else { break fast }
                    case .loadSigned8x64WriteBack:
                        guard f.writeBack(f.loadSigned64(Int8.self, at: f.writeBackAddress)) else { break fast }
                    case .loadSigned16x64WriteBack:
                        guard f.writeBack(f.loadSigned64(Int16.self, at: f.writeBackAddress)) else { break fast }
                    case .loadSigned32x64WriteBack:
                        guard f.writeBack(f.loadSigned64(Int32.self, at: f.writeBackAddress)) else { break fast }
                    case .store8WriteBack:
                        guard f.writeBack(f.store(f.writeBackAddress, UInt8(truncatingIfNeeded: f.d))) else {
                            break fast
                        }
                    case .store16WriteBack:
                        guard f.writeBack(f.store(f.writeBackAddress, UInt16(truncatingIfNeeded: f.d))) else {
                            break fast
                        }
                    case .store32WriteBack: guard f.writeBack(f.store(f.writeBackAddress, f.d32)) else { break fast }
                    case .store64WriteBack: guard f.writeBack(f.store(f.writeBackAddress, f.d)) else { break fast }
                    case .load8Register: guard f.load(to: UInt8.self, at: f.registerAddress) else { break fast }
                    case .load16Register: guard f.load(to: UInt16.self, at: f.registerAddress) else { break fast }
                    case .load32Register: guard f.load(to: UInt32.self, at: f.registerAddress) else { break fast }
                    case .load64Register: guard f.load(to: UInt64.self, at: f.registerAddress) else { break fast }
                    case .loadSigned8x32Register:
                        guard f.loadSigned32(Int8.self, at: f.registerAddress) else { break fast }
                    case .loadSigned16x32Register:
                        guard f.loadSigned32(Int16.self, at: f.registerAddress) else { break fast }
                    case .loadSigned8x64Register:
                        guard f.loadSigned64(Int8.self, at: f.registerAddress) else { break fast }
                    case .loadSigned16x64Register:
                        guard f.loadSigned64(Int16.self, at: f.registerAddress) else { break fast }
                    case .loadSigned32x64Register:
                        guard f.loadSigned64(Int32.self, at: f.registerAddress) else { break fast }
                    case .store8Register:
                        guard f.store(f.registerAddress, UInt8(truncatingIfNeeded: f.d)) else { break fast }
                    case .store16Register:
                        guard f.store(f.registerAddress, UInt16(truncatingIfNeeded: f.d)) else { break fast }
                    case .store32Register: guard f.store(f.registerAddress, f.d32) else { break fast }
                    case .store64Register: guard f.store(f.registerAddress, f.d) else { break fast }
                    case .loadPair32: guard f.loadPair(UInt32.self, at: f.offsetAddress) else { break fast }
                    case .loadPairSigned32: guard f.loadPairSigned32(at: f.offsetAddress) else { break fast }
                    case .loadPair64: guard f.loadPair(UInt64.self, at: f.offsetAddress) else { break fast }
                    case .storePair32: guard f.storePair(UInt32.self, at: f.offsetAddress) else { break fast }
                    case .storePair64: guard f.storePair(UInt64.self, at: f.offsetAddress) else { break fast }
                    case .loadPair32WriteBack:
                        guard f.writeBack(f.loadPair(UInt32.self, at: f.writeBackAddress)) else { break fast }
                    case .loadPairSigned32WriteBack:
                        guard f.writeBack(f.loadPairSigned32(at: f.writeBackAddress)) else { break fast }
                    case .loadPair64WriteBack:
                        guard f.writeBack(f.loadPair(UInt64.self, at: f.writeBackAddress)) else { break fast }
                    case .storePair32WriteBack:
                        guard f.writeBack(f.storePair(UInt32.self, at: f.writeBackAddress)) else { break fast }
                    case .storePair64WriteBack:
                        guard f.writeBack(f.storePair(UInt64.self, at: f.writeBackAddress)) else { break fast }
                    case .load128: guard f.load128(at: f.offsetAddress) else { break fast }
                    case .store128: guard f.store128(at: f.offsetAddress) else { break fast }
                    case .load128WriteBack:
                        guard f.writeBack(f.load128(at: f.writeBackAddress)) else { break fast }
                    case .store128WriteBack:
                        guard f.writeBack(f.store128(at: f.writeBackAddress)) else { break fast }
                    case .load128Register: guard f.load128(at: f.registerAddress) else { break fast }
                    case .store128Register: guard f.store128(at: f.registerAddress) else { break fast }
                    case .loadPair128: guard f.loadPair128(at: f.offsetAddress) else { break fast }
                    case .storePair128: guard f.storePair128(at: f.offsetAddress) else { break fast }
                    case .loadPair128WriteBack:
                        guard f.writeBack(f.loadPair128(at: f.writeBackAddress)) else { break fast }
                    case .storePair128WriteBack:
                        guard f.writeBack(f.storePair128(at: f.writeBackAddress)) else { break fast }
                    case .loadStructure: guard f.moveStructure(TranslationBank.tagRead) else { break fast }
                    case .storeStructure: guard f.moveStructure(TranslationBank.tagWrite) else { break fast }
                    }
                    f.p += 1
                    continue straight
                }
                guard let resumed = slowPath(x, f.p, f.block) else { return }
                f.p = resumed
            }
            if side >= 0 {
                if let linked = f.block.links[side] {
                    next = linked
                } else if let found = follow(x, f.block, side: side) {
                    next = found
                } else {
                    return
                }
            }
        }
    }

    @inline(never)
    private static func slowPath(
        _ x: UnsafeMutablePointer<UInt64>, _ p: OperationPointer, _ block: BlockPointer
    ) -> OperationPointer? {
        VCPU.withOwner(of: x) { $0.slowPath(p, block) }
    }

    /// Gives the run loop more of its slice; false if it must be left.
    @inline(never)
    private static func refill(_ x: UnsafeMutablePointer<UInt64>) -> Bool {
        VCPU.withOwner(of: x) { $0.refillBudget() }
    }

    @inline(never)
    private static func follow(
        _ x: UnsafeMutablePointer<UInt64>, _ block: BlockPointer, side: Int
    ) -> BlockPointer? {
        VCPU.withOwner(of: x) { $0.follow(block, side: side) }
    }
}
