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

    /// x0–x30, SP, PC, PSTATE, TPIDR_EL0, the window.
    static let descriptorSize = 35 * 8 + AddressSpace.windowSize
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
        0x5800_0a40,  // 000: ldr x0, 0x148 <stack>
        0xd280_0001,  // 004: mov x1, #0
        0xd280_1088,  // 008: mov x8, #132
        0xd400_0001,  // 00c: svc #0
        0x1000_0833,  // 010: adr x19, #260
        0xb840_4660,  // 014: ldr w0, [x19], #4
        0x3400_00e0,  // 018: cbz w0, 0x34 <_start+0x34>
        0x1000_0861,  // 01c: adr x1, #268
        0xd280_0002,  // 020: mov x2, #0
        0xd280_0103,  // 024: mov x3, #8
        0xd280_10c8,  // 028: mov x8, #134
        0xd400_0001,  // 02c: svc #0
        0x17ff_fff9,  // 030: b 0x14 <_start+0x14>
        0x0000_0000,  // 034: udf #0
        // handler:
        0x5800_08c3,  // 038: ldr x3, 0x150 <state>
        0xa940_1464,  // 03c: ldp x4, x5, [x3]
        0xa941_1c66,  // 040: ldp x6, x7, [x3, #16]
        0x5800_08ab,  // 044: ldr x11, 0x158 <window>
        0xb400_0247,  // 048: cbz x7, 0x90 <load>
        0xf800_84a0,  // 04c: str x0, [x5], #8
        0x9102_c048,  // 050: add x8, x2, #176
        0xd280_0469,  // 054: mov x9, #35
        0xf840_850a,  // 058: ldr x10, [x8], #8
        0xf800_84aa,  // 05c: str x10, [x5], #8
        0xf100_0529,  // 060: subs x9, x9, #1
        0x54ff_ffa1,  // 064: b.ne 0x58 <handler+0x20>
        0xd53b_d04a,  // 068: mrs x10, TPIDR_EL0
        0xf800_84aa,  // 06c: str x10, [x5], #8
        0xaa0b_03e8,  // 070: mov x8, x11
        0xd280_0809,  // 074: mov x9, #64
        0xf840_850a,  // 078: ldr x10, [x8], #8
        0xf800_84aa,  // 07c: str x10, [x5], #8
        0xf100_0529,  // 080: subs x9, x9, #1
        0x54ff_ffa1,  // 084: b.ne 0x78 <handler+0x40>
        0xf900_0465,  // 088: str x5, [x3, #8]
        0xd100_04c6,  // 08c: sub x6, x6, #1
        // load:
        0xb400_0266,  // 090: cbz x6, 0xdc <finish>
        0xd280_0027,  // 094: mov x7, #1
        0xa901_1c66,  // 098: stp x6, x7, [x3, #16]
        0x9102_e048,  // 09c: add x8, x2, #184
        0xd280_0449,  // 0a0: mov x9, #34
        0xf840_848a,  // 0a4: ldr x10, [x4], #8
        0xf800_850a,  // 0a8: str x10, [x8], #8
        0xf100_0529,  // 0ac: subs x9, x9, #1
        0x54ff_ffa1,  // 0b0: b.ne 0xa4 <load+0x14>
        0xf840_848a,  // 0b4: ldr x10, [x4], #8
        0xd51b_d04a,  // 0b8: msr TPIDR_EL0, x10
        0xaa0b_03e8,  // 0bc: mov x8, x11
        0xd280_0809,  // 0c0: mov x9, #64
        0xf840_848a,  // 0c4: ldr x10, [x4], #8
        0xf800_850a,  // 0c8: str x10, [x8], #8
        0xf100_0529,  // 0cc: subs x9, x9, #1
        0x54ff_ffa1,  // 0d0: b.ne 0xc4 <load+0x34>
        0xf900_0064,  // 0d4: str x4, [x3]
        0xd65f_03c0,  // 0d8: ret
        // finish:
        0x5800_0433,  // 0dc: ldr x19, 0x160 <dumps>
        0xeb13_00a2,  // 0e0: subs x2, x5, x19
        0x5400_0120,  // 0e4: b.eq 0x108 <finish+0x2c>
        0xd280_0020,  // 0e8: mov x0, #1
        0xaa13_03e1,  // 0ec: mov x1, x19
        0xd280_0808,  // 0f0: mov x8, #64
        0xd400_0001,  // 0f4: svc #0
        0xf100_001f,  // 0f8: cmp x0, #0
        0x5400_006d,  // 0fc: b.le 0x108 <finish+0x2c>
        0x8b00_0273,  // 100: add x19, x19, x0
        0x17ff_fff7,  // 104: b 0xe0 <finish+0x4>
        0xd280_0000,  // 108: mov x0, #0
        0xd280_0bc8,  // 10c: mov x8, #94
        0xd400_0001,  // 110: svc #0
    ]
}

extension [UInt8] {
    mutating func append<Value: FixedWidthInteger>(littleEndian value: Value) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
