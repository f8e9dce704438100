import TestSupport
import Testing
import X86_64

@Suite("x86-64 steps")
struct StepTests {
    struct Row {
        var text: String
        var stepClass: StepClass
        var bits = 64

        init(_ text: String, _ stepClass: StepClass, _ bits: Int = 64) {
            self.text = text
            self.stepClass = stepClass
            self.bits = bits
        }
    }

    static let rows: [Row] = [
        Row("nop", .plain), Row("mov %rax, %rbx", .plain), Row("jmp .", .plain), Row("ret", .plain),
        Row("pushfq", .pushesFlags(size: 8)), Row("pushfw", .pushesFlags(size: 2)),
        Row("pushfl", .pushesFlags(size: 4), 32), Row("pushfw", .pushesFlags(size: 2), 32),
        Row("pushfw", .pushesFlags(size: 2), 16), Row("pushfl", .pushesFlags(size: 4), 16),
        Row("popfq", .popsFlags(size: 8)), Row("popfw", .popsFlags(size: 2)), Row("popfl", .popsFlags(size: 4), 32),
        Row("iretq", .interruptReturn(size: 8)), Row("iretl", .interruptReturn(size: 4)),
        Row("iretw", .interruptReturn(size: 2)), Row("iretl", .interruptReturn(size: 4), 32),
        Row("syscall", .systemCall), Row("sysretq", .systemReturn), Row("sysretl", .systemReturn),
        Row("sysenter", .systemEnter), Row("sysexitq", .plain),
        Row("cli", .clearsInterruptFlag), Row("sti", .setsInterruptFlag), Row("cld", .plain),
        Row("int3", .softwareInterrupt(vector: 3)), Row("int $0x80", .softwareInterrupt(vector: 0x80)),
        Row(".byte 0xcd, 3", .softwareInterrupt(vector: 3)), Row(".byte 0xf1", .softwareInterrupt(vector: 1)),
        Row("hlt", .waits), Row("mwait", .waits), Row("mwaitx", .waits), Row("pause", .plain), Row("monitor", .plain),
        Row("mov %eax, %ss", .blocksTraps), Row("mov (%rax), %ss", .blocksTraps), Row("mov %eax, %ds", .plain),
        Row("mov %ss, %eax", .plain), Row("pop %ss", .blocksTraps, 32), Row("pop %ss", .blocksTraps, 16),
        Row("lss (%rax), %rsp", .plain), Row("rep movsb", .repeats), Row("rep stosq", .repeats),
        Row("repne scasb", .repeats), Row("rep insb (%dx), %es:(%rdi)", .repeats), Row("movsb", .plain),
        Row("cpuid", .plain), Row("rdmsr", .plain), Row("wrmsr", .plain), Row("swapgs", .plain), Row("ud2", .plain),
        Row("vzeroupper", .plain), Row("vaddps %ymm0, %ymm1, %ymm2", .plain), Row("lock incl (%rax)", .plain),
        // 9c, 9d, cf, fa, f4 and cc as operands.
        Row("mov $0x9d9cfaf4, %eax", .plain), Row("mov $0xcc, %al", .plain), Row("add $-100, %al", .plain),
        Row(".byte 0x26, 0x9c", .pushesFlags(size: 8)), Row(".byte 0xf3, 0xf4", .waits),
        // REX counts only right before the opcode.
        Row(".byte 0x48, 0x66, 0xcf", .interruptReturn(size: 2)),
        Row(".byte 0x48, 0x67, 0xcf", .interruptReturn(size: 4)),
        Row(".byte 0x66, 0x48, 0xcf", .interruptReturn(size: 8)),
        // In other modes it is INC and DEC.
        Row(".byte 0x48, 0x9c", .plain, 32),
    ]

    static func codeSize(_ bits: Int) -> CodeSize { bits == 64 ? .bits64 : bits == 32 ? .bits32 : .bits16 }

    @Test("Each instruction has its class and length")
    func classification() throws {
        for bits in [16, 32, 64] {
            let rows = Self.rows.filter { $0.bits == bits }
            let encodings = try Assembler.x86_64(rows.map(\.text), bits: bits)
            for (row, bytes) in zip(rows, encodings) {
                let instruction = StepInstruction(bytes + [0x90, 0x9c], codeSize: Self.codeSize(bits))
                #expect(instruction.stepClass == row.stepClass, "\(row.text), \(bits) bits: \(bytes)")
                if let length = instruction.length {
                    // MOV of two-byte opcodes is looked at no farther than it must be.
                    #expect(length == bytes.count, "\(row.text)")
                }
            }
        }
    }

    @Test("RDTSC, RDTSCP and RDMSR read the time, whatever their prefixes; nothing else does")
    func timeReads() {
        for bytes: [UInt8] in [
            [0x0f, 0x31], [0x0f, 0x32], [0x0f, 0x01, 0xf9], [0x48, 0x0f, 0x31], [0x66, 0x0f, 0x31],
        ] {
            #expect(StepInstruction(bytes, codeSize: .bits64).readsTime, "\(bytes)")
        }
        for bytes: [UInt8] in [[0x90], [0x0f, 0x30], [0x0f, 0x33], [0x0f, 0x01, 0xf8], [0x31, 0xc0], [0x0f]] {
            #expect(!StepInstruction(bytes, codeSize: .bits64).readsTime, "\(bytes)")
        }
    }

    @Test("What is cut short or too long is plain, and never read beyond its end")
    func hostileBytes() {
        #expect(StepInstruction([], codeSize: .bits64).stepClass == .plain)
        for bytes: [UInt8] in [[0x66], [0x0f], [0xcd], [0x8e], [0x0f, 0x01], [0x48], [0xf3, 0x48]] {
            #expect(StepInstruction(bytes, codeSize: .bits64).stepClass == .plain)
        }
        // 14 prefixes and an opcode are 15 bytes; 15 prefixes leave none.
        let prefixes = [UInt8](repeating: 0x2e, count: 14)
        #expect(StepInstruction(prefixes + [0xf4], codeSize: .bits64).stepClass == .waits)
        #expect(StepInstruction(prefixes + [0x2e, 0xf4], codeSize: .bits64).stepClass == .plain)
        var random = SeededRandom(seed: 5)
        for _ in 0..<20_000 {
            let bytes = (0..<random.below(18)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            for size in CodeSize.allCases {
                if let length = StepInstruction(bytes, codeSize: size).length {
                    #expect(length <= min(15, bytes.count))
                }
            }
        }
    }

    @Test("The code size comes from LMA, L and D")
    func codeSizes() {
        #expect(CodeSize(longMode: true, l: true, d: false) == .bits64)
        #expect(CodeSize(longMode: true, l: false, d: true) == .bits32)
        #expect(CodeSize(longMode: true, l: false, d: false) == .bits16)
        #expect(CodeSize(longMode: false, l: true, d: true) == .bits32)
        #expect(CodeSize(longMode: false, l: false, d: false) == .bits16)
    }

    // MARK: Afterwards

    static let tf: UInt64 = 0x100
    static let interrupts: UInt64 = 0x200

    /// An interpreter of what each class does to RFLAGS by the SDM's pseudocode, run with the guest's own flags and with
    /// the borrowed ones: the fix-up must turn the second outcome into the first.
    struct Outcome: Equatable {
        var rflags: UInt64
        var r11: UInt64
        var pushed: UInt64?
    }

    static func execute(_ kind: StepClass, rflags: UInt64, before: StepFixUp.Before) -> Outcome {
        let mayChangeIF = before.cpl <= Int(before.rflags.rawValue >> 12 & 3)
        func loaded(_ value: UInt64) -> UInt64 {
            mayChangeIF ? value : value & ~interrupts | rflags & interrupts
        }
        switch kind {
        case .pushesFlags: return Outcome(rflags: rflags, r11: before.r11, pushed: rflags)
        case .popsFlags, .interruptReturn: return Outcome(rflags: loaded(before.loadedFlags), r11: before.r11)
        case .systemCall: return Outcome(rflags: rflags & ~before.sfmask, r11: rflags)
        case .systemReturn: return Outcome(rflags: before.r11, r11: before.r11)
        case .systemEnter: return Outcome(rflags: rflags & ~interrupts, r11: before.r11)
        case .clearsInterruptFlag: return Outcome(rflags: rflags & ~interrupts, r11: before.r11)
        case .setsInterruptFlag: return Outcome(rflags: rflags | interrupts, r11: before.r11)
        case .softwareInterrupt:
            let cleared = before.gate.isTrapGate ? tf : tf | interrupts
            return Outcome(rflags: rflags & ~cleared, r11: before.r11, pushed: rflags)
        case .plain, .waits, .blocksTraps, .repeats: return Outcome(rflags: rflags ^ 0x8d5, r11: before.r11)
        }
    }

    static let kinds: [StepClass] = [
        .plain, .pushesFlags(size: 8), .popsFlags(size: 8), .interruptReturn(size: 8), .systemCall, .systemReturn,
        .systemEnter, .clearsInterruptFlag, .setsInterruptFlag, .softwareInterrupt(vector: 0x80), .waits,
        .blocksTraps, .repeats,
    ]

    @Test("The guest sees what it would have seen without a debugger", arguments: kinds, StepFixUp.Borrowed.allCases)
    func fixUps(kind: StepClass, borrowed: StepFixUp.Borrowed) {
        for own in Self.flagCombinations {
            for other in Self.flagCombinations {
                for cpl in [0, 3] {
                    for isTrapGate in [false, true] {
                        let gate = Gate(
                            offset: 0, selector: 8, isTrapGate: isTrapGate, privilegeLevel: 3, fieldSize: 8)
                        let before = StepFixUp.Before(
                            rflags: RFLAGS(rawValue: own), cpl: cpl, sfmask: other & 0x300, r11: other,
                            loadedFlags: other, gate: gate)
                        // CLI and STI above IOPL fault: that is `taken`.
                        if cpl > Int(own >> 12 & 3) {
                            if kind == .clearsInterruptFlag || kind == .setsInterruptFlag { continue }
                        }
                        let wanted = Self.execute(kind, rflags: own, before: before)
                        let lent = (own & ~borrowed.bits) | Self.tf
                        var made = Self.execute(kind, rflags: lent, before: before)
                        // KVM shows RFLAGS without TF while it steps.
                        made.rflags &= ~Self.tf
                        let fixUp = StepFixUp.after(
                            kind, before: before, borrowed: borrowed, after: RFLAGS(rawValue: made.rflags),
                            r11: made.r11)
                        made.rflags = fixUp.rflags.rawValue
                        if let r11 = fixUp.r11 { made.r11 = r11 }
                        if let pushed = made.pushed {
                            #expect(fixUp.pushedFlagsOffset != nil)
                            made.pushed = pushed & ~fixUp.pushedBits | fixUp.pushedValue
                        } else {
                            #expect(fixUp.pushedFlagsOffset == nil)
                        }
                        #expect(made == wanted, "own \(own), other \(other), CPL \(cpl)")
                    }
                }
            }
        }
    }

    /// TF, IF and IOPL in all combinations, with some flags beside them.
    static let flagCombinations: [UInt64] = (0..<16).map { n in
        (n & 1 != 0 ? tf : 0) | (n & 2 != 0 ? interrupts : 0) | (n & 4 != 0 ? 0x3000 : 0) | (n & 8 != 0 ? 0x8d5 : 2)
    }

    @Test("The flags of a frame are where the gate's size and the error code put them")
    func frames() {
        let before = StepFixUp.Before(rflags: RFLAGS(rawValue: 0x202), cpl: 0)
        for (size, hasErrorCode, offset) in [
            (8, false, 16), (8, true, 24), (4, false, 8), (4, true, 12), (2, false, 4),
        ] {
            let gate = Gate(offset: 0, selector: 8, isTrapGate: false, privilegeLevel: 0, fieldSize: size)
            let fixUp = StepFixUp.taken(
                by: gate, hasErrorCode: hasErrorCode, before: before, borrowed: .trapAndInterrupt,
                after: RFLAGS(rawValue: 2))
            #expect(fixUp.pushedFlagsOffset == offset && fixUp.pushedBits == 0x300 && fixUp.pushedValue == 0x200)
            #expect(fixUp.rflags.rawValue == 2)
        }
        #expect(
            StepFixUp.after(
                .pushesFlags(size: 8), before: before, borrowed: .trap, after: before.rflags, r11: 0
            ).pushedFlagsOffset == 0)
    }

    @Test("Only what clears TF on its way needs a breakpoint at its end")
    func handlers() {
        #expect(StepInstruction([0x0f, 0x05], codeSize: .bits64).entersHandler)
        #expect(StepInstruction([0xcd, 0x80], codeSize: .bits64).entersHandler)
        #expect(StepInstruction([0xcc], codeSize: .bits64).entersHandler)
        #expect(!StepInstruction([0x0f, 0x34], codeSize: .bits64).entersHandler)
        #expect(!StepInstruction([0x9d], codeSize: .bits64).entersHandler)
    }

    /// SDM volume 3A, figures 6-2 and 6-8.
    @Test("Gates of the IDT are read, and what is no usable gate is refused")
    func gates() {
        let bytes: [UInt8] = [
            0x78, 0x56, 0x10, 0x00, 0x03, 0xee, 0x34, 0x12, 0x81, 0xff, 0xff, 0xff, 0, 0, 0, 0,
        ]
        let gate = Gate(bytes, longMode: true)
        #expect(gate?.offset == 0xffff_ff81_1234_5678 && gate?.selector == 0x10 && gate?.isTrapGate == false)
        #expect(gate?.privilegeLevel == 3 && gate?.fieldSize == 8)
        var trap = bytes
        trap[5] = 0x8f
        #expect(Gate(trap, longMode: true)?.isTrapGate == true && Gate(trap, longMode: true)?.privilegeLevel == 0)
        let legacy = Gate(Array(trap.prefix(8)), longMode: false)
        #expect(legacy?.offset == 0x1234_5678 && legacy?.fieldSize == 4)
        var short = trap
        short[5] = 0x86
        #expect(Gate(short, longMode: false)?.offset == 0x5678 && Gate(short, longMode: false)?.fieldSize == 2)
        for type: UInt8 in [0x0e, 0x85, 0x86, 0x8c, 0x80, 0x00] {
            var other = bytes
            other[5] = type
            #expect(Gate(other, longMode: true) == nil)
        }
        #expect(Gate(Array(bytes.prefix(15)), longMode: true) == nil && Gate([], longMode: false) == nil)
        #expect(Gate.offset(vector: 0x80, longMode: true) == 0x800 && Gate.offset(vector: 14, longMode: false) == 0x70)
    }
}
