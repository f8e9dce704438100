extension LinuxHarness {
    /// The handler, as llvm-objdump shows it.
    ///
    /// `_start` sets the alternate stack and the handler of four signals, and runs into the first. `handler` refuses a frame
    /// whose first record is no `fpsimd_context` with status 3, writes the dump (but not the first time), `load`s the next
    /// descriptor into the frame, and `finish` writes all dumps to the standard output.
    static let code: [UInt32] = [
        // _start:
        0x5800_0cc0,  // 000: ldr x0, 0x198 <stack>
        0xd280_0001,  // 004: mov x1, #0
        0xd280_1088,  // 008: mov x8, #132
        0xd400_0001,  // 00c: svc #0
        0x1000_0ab3,  // 010: adr x19, #340
        0xb840_4660,  // 014: ldr w0, [x19], #4
        0x3400_00e0,  // 018: cbz w0, 0x34 <next+0x20>
        0x1000_0ae1,  // 01c: adr x1, #348
        0xd280_0002,  // 020: mov x2, #0
        0xd280_0103,  // 024: mov x3, #8
        0xd280_10c8,  // 028: mov x8, #134
        0xd400_0001,  // 02c: svc #0
        0x17ff_fff9,  // 030: b 0x14 <next>
        0x0000_0000,  // 034: udf #0
        // handler:
        0x5800_0b43,  // 038: ldr x3, 0x1a0 <state>
        0xa940_1464,  // 03c: ldp x4, x5, [x3]
        0xa941_1c66,  // 040: ldp x6, x7, [x3, #16]
        0x5800_0b2b,  // 044: ldr x11, 0x1a8 <window>
        0xb941_d048,  // 048: ldr w8, [x2, #464]
        0x1800_08a9,  // 04c: ldr w9, 0x160 <magic>
        0x6b09_011f,  // 050: cmp w8, w9
        0x5400_0801,  // 054: b.ne 0x154 <badframe>
        0xb400_0307,  // 058: cbz x7, 0xb8 <load>
        0xf800_84a0,  // 05c: str x0, [x5], #8
        0x9102_c048,  // 060: add x8, x2, #176
        0xd280_0469,  // 064: mov x9, #35
        0xf840_850a,  // 068: ldr x10, [x8], #8
        0xf800_84aa,  // 06c: str x10, [x5], #8
        0xf100_0529,  // 070: subs x9, x9, #1
        0x54ff_ffa1,  // 074: b.ne 0x68 <handler+0x30>
        0xd53b_d04a,  // 078: mrs x10, TPIDR_EL0
        0xf800_84aa,  // 07c: str x10, [x5], #8
        0x9107_6048,  // 080: add x8, x2, #472
        0xd280_0829,  // 084: mov x9, #65
        0xf840_850a,  // 088: ldr x10, [x8], #8
        0xf800_84aa,  // 08c: str x10, [x5], #8
        0xf100_0529,  // 090: subs x9, x9, #1
        0x54ff_ffa1,  // 094: b.ne 0x88 <handler+0x50>
        0xaa0b_03e8,  // 098: mov x8, x11
        0xd280_0809,  // 09c: mov x9, #64
        0xf840_850a,  // 0a0: ldr x10, [x8], #8
        0xf800_84aa,  // 0a4: str x10, [x5], #8
        0xf100_0529,  // 0a8: subs x9, x9, #1
        0x54ff_ffa1,  // 0ac: b.ne 0xa0 <handler+0x68>
        0xf900_0465,  // 0b0: str x5, [x3, #8]
        0xd100_04c6,  // 0b4: sub x6, x6, #1
        // load:
        0xb400_0326,  // 0b8: cbz x6, 0x11c <finish>
        0xd280_0027,  // 0bc: mov x7, #1
        0xa901_1c66,  // 0c0: stp x6, x7, [x3, #16]
        0x9102_e048,  // 0c4: add x8, x2, #184
        0xd280_0449,  // 0c8: mov x9, #34
        0xf840_848a,  // 0cc: ldr x10, [x4], #8
        0xf800_850a,  // 0d0: str x10, [x8], #8
        0xf100_0529,  // 0d4: subs x9, x9, #1
        0x54ff_ffa1,  // 0d8: b.ne 0xcc <load+0x14>
        0xf840_848a,  // 0dc: ldr x10, [x4], #8
        0xd51b_d04a,  // 0e0: msr TPIDR_EL0, x10
        0x9107_6048,  // 0e4: add x8, x2, #472
        0xd280_0829,  // 0e8: mov x9, #65
        0xf840_848a,  // 0ec: ldr x10, [x4], #8
        0xf800_850a,  // 0f0: str x10, [x8], #8
        0xf100_0529,  // 0f4: subs x9, x9, #1
        0x54ff_ffa1,  // 0f8: b.ne 0xec <load+0x34>
        0xaa0b_03e8,  // 0fc: mov x8, x11
        0xd280_0809,  // 100: mov x9, #64
        0xf840_848a,  // 104: ldr x10, [x4], #8
        0xf800_850a,  // 108: str x10, [x8], #8
        0xf100_0529,  // 10c: subs x9, x9, #1
        0x54ff_ffa1,  // 110: b.ne 0x104 <load+0x4c>
        0xf900_0064,  // 114: str x4, [x3]
        0xd65f_03c0,  // 118: ret
        // finish:
        0x5800_04b3,  // 11c: ldr x19, 0x1b0 <dumps>
        0xeb13_00a2,  // 120: subs x2, x5, x19
        0x5400_0120,  // 124: b.eq 0x148 <finish+0x2c>
        0xd280_0020,  // 128: mov x0, #1
        0xaa13_03e1,  // 12c: mov x1, x19
        0xd280_0808,  // 130: mov x8, #64
        0xd400_0001,  // 134: svc #0
        0xf100_001f,  // 138: cmp x0, #0
        0x5400_006d,  // 13c: b.le 0x148 <finish+0x2c>
        0x8b00_0273,  // 140: add x19, x19, x0
        0x17ff_fff7,  // 144: b 0x120 <finish+0x4>
        0xd280_0000,  // 148: mov x0, #0
        0xd280_0bc8,  // 14c: mov x8, #94
        0xd400_0001,  // 150: svc #0
        // badframe:
        0xd280_0060,  // 154: mov x0, #3
        0xd280_0bc8,  // 158: mov x8, #94
        0xd400_0001,  // 15c: svc #0
    ]
}
