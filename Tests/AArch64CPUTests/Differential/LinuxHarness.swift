/// The program that runs test sequences one after the other under Linux and writes down what each ended with.
///
/// It is one signal handler: a sequence ends at an UNDEFINED instruction (or faults), the handler copies the interrupted
/// state from the signal frame into the dump and the next sequence's state into the frame, and returns into it. So all
/// registers, SP, PC and the flags belong to the sequence.
enum LinuxHarness {
    // All within 256 MiB: QEMU allocates for every page between the first and the last segment. And no power of two
    // between the alternate stack and the window: a sequence's SP often points that far from it, and with SP inside the
    // alternate stack a signal would nest on it.
    static let base: UInt64 = 0x12_33ff_0000
    static let descriptors: UInt64 = 0x12_3800_0000
    /// The handler's variables, its alternate stack behind them.
    static let state: UInt64 = 0x12_3d5b_d000
    static let stateSize: UInt64 = 0x1_0000
    static let dumps: UInt64 = 0x12_3e00_0000

    /// x0–x30, SP, PC, PSTATE, TPIDR_EL0; FPSR, FPCR and v0–v31 as the signal frame's fpsimd_context has them; the window.
    ///
    /// That record is the first in the frame's reserved space, 472 bytes into the ucontext behind its magic and size.
    static let descriptorSize = integerSize + vectorSize + AddressSpace.windowSize
    static let integerSize = 35 * 8
    static let vectorSize = 8 + 32 * 16
    /// Signal, fault address, then as the descriptor.
    static let dumpSize = 2 * 8 + descriptorSize

    /// The code, its signal numbers (SIGILL, SIGTRAP, SIGBUS, SIGSEGV), its sigaction and its pointers.
    static var image: [UInt8] {
        var bytes: [UInt8] = []
        for word in code + [4, 5, 7, 11, 0] { bytes.append(littleEndian: word) }
        // SA_SIGINFO | SA_ONSTACK | SA_NODEFER
        let action: [UInt64] = [base + 0x38, 0x4800_0004, 0, 0]
        // The stack_t lies behind the handler's four variables.
        for value in action + [state + 32, state, AddressSpace.window, dumps] { bytes.append(littleEndian: value) }
        return bytes
    }

    /// The handler's variables for `count` sequences, and the stack_t.
    static func stateImage(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in [descriptors, dumps, UInt64(count), 0, state + 64, 0, stateSize - 64] {
            bytes.append(littleEndian: value)
        }
        return bytes
    }

    private static let code: [UInt32] = [
        // _start:
        0x5800_0bc0,  // 000: ldr x0, 0x178 <stack>
        0xd280_0001,  // 004: mov x1, #0
        0xd280_1088,  // 008: mov x8, #132
        0xd400_0001,  // 00c: svc #0
        0x1000_09b3,  // 010: adr x19, 0x144 <signals>
        0xb840_4660,  // 014: ldr w0, [x19], #4
        0x3400_00e0,  // 018: cbz w0, 0x34 <_start+0x34>
        0x1000_09e1,  // 01c: adr x1, 0x158 <action>
        0xd280_0002,  // 020: mov x2, #0
        0xd280_0103,  // 024: mov x3, #8
        0xd280_10c8,  // 028: mov x8, #134
        0xd400_0001,  // 02c: svc #0
        0x17ff_fff9,  // 030: b 0x14 <_start+0x14>
        0x0000_0000,  // 034: udf #0
        // handler:
        0x5800_0a43,  // 038: ldr x3, 0x180 <state>
        0xa940_1464,  // 03c: ldp x4, x5, [x3]
        0xa941_1c66,  // 040: ldp x6, x7, [x3, #16]
        0x5800_0a2b,  // 044: ldr x11, 0x188 <window>
        0xb400_0307,  // 048: cbz x7, 0xa8 <load>
        0xf800_84a0,  // 04c: str x0, [x5], #8
        0x9102_c048,  // 050: add x8, x2, #176
        0xd280_0469,  // 054: mov x9, #35
        0xf840_850a,  // 058: ldr x10, [x8], #8
        0xf800_84aa,  // 05c: str x10, [x5], #8
        0xf100_0529,  // 060: subs x9, x9, #1
        0x54ff_ffa1,  // 064: b.ne 0x58 <handler+0x20>
        0xd53b_d04a,  // 068: mrs x10, TPIDR_EL0
        0xf800_84aa,  // 06c: str x10, [x5], #8
        0x9107_6048,  // 070: add x8, x2, #472
        0xd280_0829,  // 074: mov x9, #65
        0xf840_850a,  // 078: ldr x10, [x8], #8
        0xf800_84aa,  // 07c: str x10, [x5], #8
        0xf100_0529,  // 080: subs x9, x9, #1
        0x54ff_ffa1,  // 084: b.ne 0x78 <handler+0x40>
        0xaa0b_03e8,  // 088: mov x8, x11
        0xd280_0809,  // 08c: mov x9, #64
        0xf840_850a,  // 090: ldr x10, [x8], #8
        0xf800_84aa,  // 094: str x10, [x5], #8
        0xf100_0529,  // 098: subs x9, x9, #1
        0x54ff_ffa1,  // 09c: b.ne 0x90 <handler+0x58>
        0xf900_0465,  // 0a0: str x5, [x3, #8]
        0xd100_04c6,  // 0a4: sub x6, x6, #1
        // load:
        0xb400_0326,  // 0a8: cbz x6, 0x10c <finish>
        0xd280_0027,  // 0ac: mov x7, #1
        0xa901_1c66,  // 0b0: stp x6, x7, [x3, #16]
        0x9102_e048,  // 0b4: add x8, x2, #184
        0xd280_0449,  // 0b8: mov x9, #34
        0xf840_848a,  // 0bc: ldr x10, [x4], #8
        0xf800_850a,  // 0c0: str x10, [x8], #8
        0xf100_0529,  // 0c4: subs x9, x9, #1
        0x54ff_ffa1,  // 0c8: b.ne 0xbc <load+0x14>
        0xf840_848a,  // 0cc: ldr x10, [x4], #8
        0xd51b_d04a,  // 0d0: msr TPIDR_EL0, x10
        0x9107_6048,  // 0d4: add x8, x2, #472
        0xd280_0829,  // 0d8: mov x9, #65
        0xf840_848a,  // 0dc: ldr x10, [x4], #8
        0xf800_850a,  // 0e0: str x10, [x8], #8
        0xf100_0529,  // 0e4: subs x9, x9, #1
        0x54ff_ffa1,  // 0e8: b.ne 0xdc <load+0x34>
        0xaa0b_03e8,  // 0ec: mov x8, x11
        0xd280_0809,  // 0f0: mov x9, #64
        0xf840_848a,  // 0f4: ldr x10, [x4], #8
        0xf800_850a,  // 0f8: str x10, [x8], #8
        0xf100_0529,  // 0fc: subs x9, x9, #1
        0x54ff_ffa1,  // 100: b.ne 0xf4 <load+0x4c>
        0xf900_0064,  // 104: str x4, [x3]
        0xd65f_03c0,  // 108: ret
        // finish:
        0x5800_0433,  // 10c: ldr x19, 0x190 <dumps>
        0xeb13_00a2,  // 110: subs x2, x5, x19
        0x5400_0120,  // 114: b.eq 0x138 <finish+0x2c>
        0xd280_0020,  // 118: mov x0, #1
        0xaa13_03e1,  // 11c: mov x1, x19
        0xd280_0808,  // 120: mov x8, #64
        0xd400_0001,  // 124: svc #0
        0xf100_001f,  // 128: cmp x0, #0
        0x5400_006d,  // 12c: b.le 0x138 <finish+0x2c>
        0x8b00_0273,  // 130: add x19, x19, x0
        0x17ff_fff7,  // 134: b 0x110 <finish+0x4>
        0xd280_0000,  // 138: mov x0, #0
        0xd280_0bc8,  // 13c: mov x8, #94
        0xd400_0001,  // 140: svc #0
    ]
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
