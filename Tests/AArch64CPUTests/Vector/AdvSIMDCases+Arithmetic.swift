/// Element by element, and across elements.
extension AdvSIMDCase {
    static let arithmetic = [
        AdvSIMDCase(
            "add v0.16b, v1.16b, v2.16b", 0xFFFFFFFF_FFFFFFFF_00000000_000000FF,
            0x01010101_01010101_01010101_01010101, gives: 0x01010101_01010100),
        AdvSIMDCase(
            "sub v0.8b, v1.8b, v2.8b", 0, 0xFFFFFFFF_FFFFFFFF_01010101_01010101,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0xFFFFFFFF_FFFFFFFF),
        AdvSIMDCase(
            "mla v0.4h, v1.4h, v2.4h", 0x00020002_00020002, 0x80000003_00040005, v0: 0x00010001_00010001,
            gives: 0x00010007_0009000B),
        AdvSIMDCase(
            "mls v0.2s, v1.2s, v2.2s", 0x00000002_00000003, 0x00000005_00000007, gives: 0xFFFFFFF6_FFFFFFEB
        ),
        AdvSIMDCase(
            "shadd v0.4h, v1.4h, v2.4h", 0x7FFF8000_FFFF0001, 0x7FFF8000_00000000,
            gives: 0x7FFF8000_FFFF0000),
        AdvSIMDCase(
            "uhadd v0.4h, v1.4h, v2.4h", 0xFFFF8000_FFFF0001, 0xFFFF8000_00000000,
            gives: 0xFFFF8000_7FFF0000),
        AdvSIMDCase(
            "srhadd v0.4h, v1.4h, v2.4h", 0x7FFF8000_FFFF0001, 0x7FFF8000_00000000,
            gives: 0x7FFF8000_00000001),
        AdvSIMDCase(
            "uhsub v0.8b, v1.8b, v2.8b", 0x00FF0180_000000FF, 0x01000200_00000001,
            gives: 0xFF7FFF40_0000007F),
        AdvSIMDCase(
            "shsub v0.4h, v1.4h, v2.4h", 0x80000000_00007FFF, 0x7FFF0001_FFFF8000,
            gives: 0x8000FFFF_00007FFF),
        AdvSIMDCase(
            "sabd v0.4h, v1.4h, v2.4h", 0x7FFF8000_FFFF0001, 0x80007FFF_0001FFFF,
            gives: 0xFFFFFFFF_00020002),
        AdvSIMDCase(
            "uaba v0.4h, v1.4h, v2.4h", 0x00000001_FFFF0005, 0xFFFF0000_00000007, v0: 0x00010001_00010001,
            gives: 0x00000002_00000003),
        AdvSIMDCase("smax v0.2s, v1.2s, v2.2s", 0x80000000_7FFFFFFF, 0xFFFFFFFF, gives: 0x7FFFFFFF),
        AdvSIMDCase("umin v0.2s, v1.2s, v2.2s", 0x80000000_7FFFFFFF, 0xFFFFFFFF, gives: 0x7FFFFFFF),
        AdvSIMDCase("abs v0.8b, v1.8b", 0x80FF7F00_01FE8081, gives: 0x80017F00_0102807F),
        AdvSIMDCase(
            "neg d0, d1", 0xFFFFFFFF_FFFFFFFF_00000000_00000001, v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0xFFFFFFFF_FFFFFFFF),
        AdvSIMDCase("pmul v0.8b, v1.8b, v2.8b", 0x0080FF03, 0x0002FF03, gives: 0x5505),
    ]

    static let comparisons = [
        AdvSIMDCase(
            "cmeq v0.16b, v1.16b, v2.16b", 0x00112233_44556677_8899AABB_CCDDEEFF,
            0x00112233_44556677_FFFFFFFF_FFFFFFFF, gives: 0xFFFFFFFF_FFFFFFFF_00000000_000000FF),
        AdvSIMDCase(
            "cmhs v0.2d, v1.2d, v2.2d", 0x80000000_00000000_7FFFFFFF_FFFFFFFF,
            0x7FFFFFFF_FFFFFFFF_80000000_00000000, gives: 0xFFFFFFFF_FFFFFFFF_00000000_00000000),
        AdvSIMDCase(
            "cmgt v0.2d, v1.2d, v2.2d", 0x80000000_00000000_7FFFFFFF_FFFFFFFF,
            0x7FFFFFFF_FFFFFFFF_80000000_00000000, gives: 0xFFFFFFFF_FFFFFFFF),
        AdvSIMDCase(
            "cmge d0, d1, d2", 0x80000000_00000000, 0x80000000_00000000,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0xFFFFFFFF_FFFFFFFF),
        AdvSIMDCase(
            "cmtst v0.4h, v1.4h, v2.4h", 0x00018000_FFFF5555, 0x00018000_0000AAAA,
            gives: 0xFFFFFFFF_00000000),
        AdvSIMDCase("cmlt v0.4h, v1.4h, #0", 0x8000FFFF_00007FFF, gives: 0xFFFFFFFF_00000000),
        AdvSIMDCase("cmle v0.4h, v1.4h, #0", 0x8000FFFF_00007FFF, gives: 0xFFFFFFFF_FFFF0000),
    ]

    static let saturatingArithmetic = [
        AdvSIMDCase(
            "sqadd v0.8b, v1.8b, v2.8b", 0x7F80FF00_00000000, 0x01FF0100_00000000,
            gives: 0x7F800000_00000000, saturates: true),
        AdvSIMDCase(
            "sqadd v0.8b, v1.8b, v2.8b", 0x7F000000_00000000_00000000_00000000,
            0x7F000000_00000000_00000000_00000000, gives: 0),
        AdvSIMDCase(
            "uqsub v0.4h, v1.4h, v2.4h", 0x0000FFFF_00050005, 0x00010000_00050004,
            gives: 0x0000FFFF_00000001, saturates: true),
        AdvSIMDCase("uqadd b0, b1, b2", 0x0101, 0xFFFF, gives: 0x00FF, saturates: true),
        AdvSIMDCase("uqadd b0, b1, b2", 0xFF01, 0xFF01, gives: 2),
        AdvSIMDCase(
            "sqsub d0, d1, d2", 0x80000000_00000000, 1, gives: 0x80000000_00000000, saturates: true),
        AdvSIMDCase(
            "sqdmulh v0.4h, v1.4h, v2.4h", 0x80007FFF_40000001, 0x80008000_4000FFFF,
            gives: 0x7FFF8001_2000FFFF, saturates: true),
        AdvSIMDCase(
            "sqrdmulh v0.4h, v1.4h, v2.4h", 0x80000000_4000FFFF, 0x80000000_00014000,
            gives: 0x7FFF0000_00010000, saturates: true),
        AdvSIMDCase(
            "sqrdmlah v0.2s, v1.2s, v2.2s", 0x80000000_40000000, 0x80000000_40000000, v0: 1,
            gives: 0x7FFFFFFF_20000001, saturates: true),
        AdvSIMDCase(
            "sqrdmlsh v0.2s, v1.2s, v2.2s", 0x80000000_40000000, 0x80000000_40000000,
            v0: 0x80000000_00000001, gives: 0x80000000_E0000001, saturates: true),
        AdvSIMDCase(
            "suqadd v0.8b, v1.8b", 0xFF7F01FF_00000000, v0: 0x80017F00_00000000,
            gives: 0x7F7F7F7F_00000000, saturates: true),
        AdvSIMDCase(
            "suqadd v0.8b, v1.8b", 0xFF7E0000_000000FF, v0: 0x80010000_00000080, gives: 0x7F7F0000_0000007F
        ),
        AdvSIMDCase(
            "usqadd v0.8b, v1.8b", 0x80FF7F80_00000000, v0: 0x1010FF80_00000000,
            gives: 0x000FFF00_00000000, saturates: true),
        AdvSIMDCase(
            "sqabs v0.4h, v1.4h", 0x8000FFFF_7FFF8001, gives: 0x7FFF0001_7FFF7FFF, saturates: true),
        AdvSIMDCase("sqneg s0, s1", 0x80000000, gives: 0x7FFFFFFF, saturates: true),
        AdvSIMDCase("sqneg s0, s1", 0x80000000_00000001, gives: 0xFFFFFFFF),
    ]

    static let pairsAndAcross = [
        AdvSIMDCase(
            "addp v0.8b, v1.8b, v2.8b", 0x01020304_05060708, 0x11121314_15161718,
            gives: 0x23272B2F_03070B0F),
        AdvSIMDCase(
            "umaxp v0.16b, v1.16b, v2.16b", 0x00010203_04050607_0809F0F1_F2F3F4F5,
            0x10111213_14151617_80818283_84858687, gives: 0x11131517_81838587_01030507_09F1F3F5),
        AdvSIMDCase(
            "sminp v0.2s, v1.2s, v2.2s", 0x80000000_7FFFFFFF, 0x00000001_00000002,
            gives: 0x00000001_80000000),
        AdvSIMDCase("addp d0, v1.2d", 0x00000000_00000001_80000000_00000001, gives: 0x80000000_00000002),
        AdvSIMDCase(
            "addv b0, v1.8b", 0xFF000000_00000000_FF010101_01010101,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 6),
        AdvSIMDCase("umaxv h0, v1.8h", 0xFFFE0000_00000000_00000000_FFFF0001, gives: 0xFFFF),
        AdvSIMDCase("sminv s0, v1.4s", 0x7FFFFFFF_00000000_80000000_00000001, gives: 0x80000000),
        AdvSIMDCase("uminv b0, v1.8b", 0x00FFFFFF_FFFFFFFF_80706050_40302011, gives: 0x0011),
        AdvSIMDCase("saddlv h0, v1.16b", 0x80808080_80808080_80808080_80808080, gives: 0xF800),
        AdvSIMDCase("uaddlv d0, v1.4s", 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0x00000003_FFFFFFFC),
    ]

    static let byElement = [
        AdvSIMDCase(
            "mul v0.8h, v1.8h, v2.h[7]", 0x00010002_00030004_00050006_00070008,
            0x00030000_00000000_00000000_00000000, gives: 0x00030006_0009000C_000F0012_00150018),
        AdvSIMDCase(
            "mls v0.2s, v1.2s, v2.s[3]", 0x00000001_00000002, 0x00000005_00000000_00000000_00000000,
            gives: 0xFFFFFFFB_FFFFFFF6),
        AdvSIMDCase(
            "smull2 v0.4s, v1.8h, v2.h[2]", 0x80007FFF_FFFF0001_00000000_00000000, 0x0000FFFF_00000000,
            gives: 0x00008000_FFFF8001_00000001_FFFFFFFF),
        AdvSIMDCase(
            "umlal v0.2d, v1.2s, v2.s[1]", 0xFFFFFFFF_00000002, 0x00000000_FFFFFFFF_FFFFFFFF_00000000,
            v0: 0x00000000_00000001_00000000_00000001, gives: 0xFFFFFFFE_00000002_00000001_FFFFFFFF),
        AdvSIMDCase(
            "sqdmulh h0, h1, v2.h[5]", 0x8000, 0x00000000_80000000_00000000_00000000,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0x7FFF, saturates: true),
        AdvSIMDCase(
            "sqdmlsl s0, h1, v2.h[1]", 0x4000, 0x40000000, v0: 0x80000000, gives: 0x80000000,
            saturates: true),
    ]
}
