/// Shifts, and what changes the elements' width.
extension AdvSIMDCase {
    static let shiftsByRegister = [
        AdvSIMDCase(
            "sshl v0.8b, v1.8b, v2.8b", 0x80800101_80808080, 0xFFF80807_0080F77F,
            gives: 0xC0FF0080_80FFFF00),
        AdvSIMDCase(
            "srshl v0.8b, v1.8b, v2.8b", 0x80807F01_FFFF8080, 0xFFF8F8FF_FF00F780,
            gives: 0xC0000001_00FF0000),
        AdvSIMDCase(
            "ushl v0.8b, v1.8b, v2.8b", 0xFFFF0101_FF808080, 0xFFF80807_0080F77F,
            gives: 0x7F000080_FF000000),
        AdvSIMDCase(
            "urshl v0.8b, v1.8b, v2.8b", 0xFFFFF101_FF807F80, 0xFFF8F7FF_00F8F8F9,
            gives: 0x80010001_FF010001),
        AdvSIMDCase(
            "sqshl v0.8b, v1.8b, v2.8b", 0x4080FF01_007F8080, 0x01010107_7F000180,
            gives: 0x7F80FE7F_007F80FF, saturates: true),
        AdvSIMDCase(
            "uqshl v0.4h, v1.4h, v2.4h", 0x80000001_00000001, 0x0001000F_00FF0010,
            gives: 0xFFFF8000_0000FFFF, saturates: true),
        AdvSIMDCase(
            "sqrshl v0.4h, v1.4h, v2.4h", 0x7FFF8000_00010003, 0x00FF00F0_00FF00FF,
            gives: 0x40000000_00010002),
        AdvSIMDCase("sshl d0, d1, d2", 0x80000000_00000000, 0x0080, gives: 0xFFFFFFFF_FFFFFFFF),
    ]

    static let shiftsByImmediate = [
        AdvSIMDCase("sshr d0, d1, #64", 0x80000000_00000000, gives: 0xFFFFFFFF_FFFFFFFF),
        AdvSIMDCase("ushr v0.8b, v1.8b, #8", 0xFFFFFFFF_FFFFFFFF, gives: 0),
        AdvSIMDCase("srshr v0.8b, v1.8b, #8", 0x80FF7F00_00000000, gives: 0),
        AdvSIMDCase("urshr v0.8b, v1.8b, #8", 0x80FF7F00_00000000, gives: 0x01010000_00000000),
        AdvSIMDCase(
            "usra v0.4h, v1.4h, #15", 0x80007FFF_FFFF0000, v0: 0x00010001_00010001,
            gives: 0x00020001_00020001),
        AdvSIMDCase(
            "srsra v0.4h, v1.4h, #1", 0x0001FFFF_00028000, v0: 0x00010001_00010001,
            gives: 0x00020001_0002C001),
        AdvSIMDCase(
            "shl v0.2d, v1.2d, #63", 0x00000000_00000001_00000000_00000002,
            gives: 0x80000000_00000000_00000000_00000000),
        AdvSIMDCase("sri v0.8b, v1.8b, #3", 0xFFFFFFFF_FFFFFFFF, gives: 0x1F1F1F1F_1F1F1F1F),
        AdvSIMDCase(
            "sri v0.2s, v1.2s, #32", 0xFFFFFFFF_FFFFFFFF, v0: 0x12345678_9ABCDEF0,
            gives: 0x12345678_9ABCDEF0),
        AdvSIMDCase(
            "sli v0.8b, v1.8b, #7", 0xFFFFFFFF_FFFFFF00, v0: 0x55AA55AA_55AA55FF,
            gives: 0xD5AAD5AA_D5AAD57F),
        AdvSIMDCase(
            "sqshl v0.8b, v1.8b, #1", 0x40BFC03F_00000000, gives: 0x7F80807E_00000000, saturates: true),
        AdvSIMDCase(
            "sqshlu v0.8b, v1.8b, #1", 0xFF7F0100_00000000, gives: 0x00FE0200_00000000, saturates: true),
        AdvSIMDCase("sqshlu b0, b1, #7", 2, gives: 0x00FF, saturates: true),
        AdvSIMDCase(
            "uqshl v0.8b, v1.8b, #7", 0x01020000_00000000, gives: 0x80FF0000_00000000, saturates: true),
        AdvSIMDCase(
            "shrn v0.8b, v1.8h, #4", 0xFFFF00FF_FF000000_00F00F00_12340001,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0xFF0FF000_0FF02300),
        AdvSIMDCase(
            "shrn2 v0.16b, v1.8h, #4", 0xFFFF00FF_FF000000_00F00F00_12340001,
            v0: 0xFFFFFFFF_FFFFFFFF_01234567_89ABCDEF, gives: 0xFF0FF000_0FF02300_01234567_89ABCDEF),
        AdvSIMDCase("rshrn v0.2s, v1.2d, #32", 0x00000000_7FFFFFFF_00000001_80000000, gives: 2),
        AdvSIMDCase(
            "sqshrn v0.4h, v1.4s, #1", 0x00010000_FFFE0000_000FFFFE_FFFF0000, gives: 0x7FFF8000_7FFF8000,
            saturates: true),
        AdvSIMDCase(
            "sqrshrun v0.8b, v1.8h, #1", 0x01FE01FF_FFFFFFFF_80000000_00010003, gives: 0xFFFF0000_00000102,
            saturates: true),
        AdvSIMDCase("uqrshrn b0, h1, #8", 0xFF80, gives: 0x00FF, saturates: true),
        AdvSIMDCase("uqrshrn b0, h1, #8", 0x0080FF7F, gives: 0x00FF),
        AdvSIMDCase(
            "sshll v0.8h, v1.8b, #7", 0x80FF7F01_00000000, gives: 0xC000FF80_3F800080_00000000_00000000),
        AdvSIMDCase(
            "ushll2 v0.2d, v1.4s, #0", 0xFFFFFFFF_80000000_00000000_00000000,
            gives: 0x00000000_FFFFFFFF_00000000_80000000),
        AdvSIMDCase(
            "shll v0.4s, v1.4h, #16", 0xFFFF8000_00017FFF, gives: 0xFFFF0000_80000000_00010000_7FFF0000),
    ]

    static let wideningAndNarrowing = [
        AdvSIMDCase(
            "saddl v0.8h, v1.8b, v2.8b", 0x80FF7F01_80000000, 0x80017F01_00000000,
            gives: 0xFF000000_00FE0002_FF800000_00000000),
        AdvSIMDCase(
            "uaddl2 v0.8h, v1.16b, v2.16b", 0x80FF7F01_00000000_00000000_00000000,
            0x80FF7F01_00000000_00000000_00000000, gives: 0x010001FE_00FE0002_00000000_00000000),
        AdvSIMDCase(
            "ssubw v0.4s, v1.4s, v2.4h", 0x00000001_00000000, 0x80000001_00000000,
            gives: 0x00008000_FFFFFFFF_00000001_00000000),
        AdvSIMDCase(
            "umlsl v0.2d, v1.2s, v2.2s", 0xFFFFFFFF_00000001, 0xFFFFFFFF_00000001, v0: 1,
            gives: 0x00000001_FFFFFFFF_00000000_00000000),
        AdvSIMDCase(
            "sabal v0.4s, v1.4h, v2.4h", 0x80007FFF_00000001, 0x7FFF8000_00000000,
            v0: 0x00000001_00000001_00000001_00000001, gives: 0x00010000_00010000_00000001_00000002),
        AdvSIMDCase(
            "sqdmull s0, h1, h2", 0x8000, 0x8000, v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0x7FFFFFFF, saturates: true),
        AdvSIMDCase(
            "sqdmlal v0.2d, v1.2s, v2.2s", 0x80000000_00000001, 0x80000000_00000001,
            v0: 0xFFFFFFFF_FFFFFFFF_7FFFFFFF_FFFFFFFF, gives: 0x7FFFFFFF_FFFFFFFE_7FFFFFFF_FFFFFFFF, saturates: true),
        AdvSIMDCase(
            "sqdmlsl d0, s1, s2", 1, 1, v0: 0x80000000_00000001, gives: 0x80000000_00000000,
            saturates: true),
        AdvSIMDCase(
            "addhn v0.8b, v1.8h, v2.8h", 0x00FF00FF_7FFF8000_00000000_00000000,
            0x00010000_80018000_00FF0000_00000000, gives: 0x01000000_00000000),
        AdvSIMDCase(
            "raddhn v0.8b, v1.8h, v2.8h", 0x00800000_FF800000_00000000_00000000,
            0x007F0080_00000000_00000000_00000000, gives: 0x01010000_00000000),
        AdvSIMDCase(
            "rsubhn2 v0.4s, v1.2d, v2.2d", 0x00000001_80000000_00000000_00000000, 1,
            v0: 0x11223344_55667788, gives: 0x00000002_00000000_11223344_55667788),
        AdvSIMDCase(
            "xtn2 v0.8h, v1.4s", 0x00018000_00000001_0002FFFF_00030000, v0: 0x11223344_55667788,
            gives: 0x80000001_FFFF0000_11223344_55667788),
        AdvSIMDCase(
            "sqxtn v0.8b, v1.8h", 0x0080007F_FF80FF7F_0000FFFF_7FFF8000, gives: 0x7F7F8080_00FF7F80,
            saturates: true),
        AdvSIMDCase("sqxtun b0, h1", 0xFFFF, gives: 0, saturates: true),
        AdvSIMDCase(
            "uqxtn v0.2s, v1.2d", 0x00000001_00000000_00000000_FFFFFFFF, gives: 0xFFFFFFFF_FFFFFFFF,
            saturates: true),
        AdvSIMDCase("saddlp v0.4h, v1.8b", 0x8080FF01_7F7F0102, gives: 0xFF000000_00FE0003),
        AdvSIMDCase("uadalp v0.1d, v1.2s", 0xFFFFFFFF_FFFFFFFF, v0: 3, gives: 0x00000002_00000001),
        AdvSIMDCase(
            "pmull v0.8h, v1.8b, v2.8b", 0x80FF0300_00000000, 0x80FF0300_00000000,
            gives: 0x40005555_00050000_00000000_00000000),
        AdvSIMDCase(
            "pmull v0.1q, v1.1d, v2.1d", 0xFFFFFFFF_FFFFFFFF, 0xFFFFFFFF_FFFFFFFF,
            gives: 0x55555555_55555555_55555555_55555555),
        AdvSIMDCase(
            "pmull2 v0.1q, v1.2d, v2.2d", 0x80000000_00000000_00000000_00000000,
            0x80000000_00000003_00000000_00000000, gives: 0x40000000_00000001_80000000_00000000),
    ]
}
