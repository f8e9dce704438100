/// Bits, bytes and elements moved, and immediates.
extension AdvSIMDCase {
    static let bitsAndBytes = [
        AdvSIMDCase(
            "bsl v0.8b, v1.8b, v2.8b", 0xAAAAAAAA_AAAAAAAA, 0x55555555_55555555, v0: 0xFF00FF00_F0F00F0F,
            gives: 0xAA55AA55_A5A55A5A),
        AdvSIMDCase(
            "bit v0.8b, v1.8b, v2.8b", 0xAAAAAAAA_AAAAAAAA, 0xFF00FF00_F0F00F0F, v0: 0x55555555_55555555,
            gives: 0xAA55AA55_A5A55A5A),
        AdvSIMDCase(
            "bif v0.8b, v1.8b, v2.8b", 0x55555555_55555555, 0xFF00FF00_F0F00F0F, v0: 0xAAAAAAAA_AAAAAAAA,
            gives: 0xAA55AA55_A5A55A5A),
        AdvSIMDCase(
            "orn v0.8b, v1.8b, v2.8b", 0x0F0F0F0F_0F0F0F0F, 0xFFFF0000_FF00FF00, gives: 0x0F0FFFFF_0FFF0FFF
        ),
        AdvSIMDCase(
            "mvn v0.8b, v1.8b", 0x00FF00FF_12345678, v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0xFF00FF00_EDCBA987),
        AdvSIMDCase("cls v0.4h, v1.4h", 0x0000FFFF_80004000, gives: 0x000F000F_00000000),
        AdvSIMDCase("clz v0.8b, v1.8b", 0x0001800F_10204008, gives: 0x08070004_03020104),
        AdvSIMDCase("cnt v0.8b, v1.8b", 0x00FF800F_10214309, gives: 0x00080104_01020302),
        AdvSIMDCase("rbit v0.8b, v1.8b", 0x0180C007_0F20AA55, gives: 0x800103E0_F00455AA),
        AdvSIMDCase("rev64 v0.4h, v1.4h", 0x11223344_55667788, gives: 0x77885566_33441122),
        AdvSIMDCase(
            "rev32 v0.16b, v1.16b", 0x00112233_44556677_8899AABB_CCDDEEFF,
            gives: 0x33221100_77665544_BBAA9988_FFEEDDCC),
        AdvSIMDCase("rev16 v0.8b, v1.8b", 0x11223344_55667788, gives: 0x22114433_66558877),
    ]

    static let permutes = [
        AdvSIMDCase(
            "zip1 v0.8b, v1.8b, v2.8b", 0x07060504_03020100, 0x17161514_13121110,
            gives: 0x13031202_11011000),
        AdvSIMDCase(
            "zip2 v0.4h, v1.4h, v2.4h", 0x00030002_00010000, 0x00130012_00110010,
            gives: 0x00130003_00120002),
        AdvSIMDCase(
            "uzp1 v0.4s, v1.4s, v2.4s", 0x00000003_00000002_00000001_00000000,
            0x00000013_00000012_00000011_00000010, gives: 0x00000012_00000010_00000002_00000000),
        AdvSIMDCase(
            "uzp2 v0.8b, v1.8b, v2.8b", 0x07060504_03020100, 0x17161514_13121110,
            gives: 0x17151311_07050301),
        AdvSIMDCase(
            "trn1 v0.2d, v1.2d, v2.2d", 0x00000000_00000001_00000000_00000002,
            0x00000000_00000003_00000000_00000004, gives: 0x00000000_00000004_00000000_00000002),
        AdvSIMDCase(
            "trn2 v0.4h, v1.4h, v2.4h", 0x00030002_00010000, 0x00130012_00110010,
            gives: 0x00130003_00110001),
        AdvSIMDCase(
            "ext v0.8b, v1.8b, v2.8b, #3", 0xFFFFFFFF_FFFFFFFF_07060504_03020100,
            0xFFFFFFFF_FFFFFFFF_17161514_13121110, gives: 0x12111007_06050403),
        AdvSIMDCase(
            "ext v0.16b, v1.16b, v2.16b, #0", 0x0F0E0D0C_0B0A0908_07060504_03020100,
            0x1F1E1D1C_1B1A1918_17161514_13121110, gives: 0x0F0E0D0C_0B0A0908_07060504_03020100),
        AdvSIMDCase(
            "ext v0.16b, v1.16b, v2.16b, #9", 0x0F0E0D0C_0B0A0908_07060504_03020100,
            0x1F1E1D1C_1B1A1918_17161514_13121110, gives: 0x18171615_14131211_100F0E0D_0C0B0A09),
        AdvSIMDCase(
            "tbl v0.8b, {v1.16b}, v2.8b", 0x0F1E2D3C_4B5A6978_8796A5B4_C3D2E1F0, 0xFF100F00_08070103,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0x00000FF0_7887E1C3),
        AdvSIMDCase(
            "tbx v0.8b, {v1.16b}, v2.8b", 0x0F1E2D3C_4B5A6978_8796A5B4_C3D2E1F0, 0xFF100F00_08070103,
            v0: 0x11111111_11111111, gives: 0x11110FF0_7887E1C3),
        AdvSIMDCase(
            "tbl v0.8b, {v1.16b, v2.16b}, v2.8b", 0x0F1E2D3C_4B5A6978_8796A5B4_C3D2E1F0,
            0xFF1F1020_0F000115, gives: 0x00001500_0FF0E110),
    ]

    static let copiesAndImmediates = [
        AdvSIMDCase(
            "dup v0.8b, v1.b[15]", 0x80000000_00000000_00000000_00000000,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0x80808080_80808080),
        AdvSIMDCase(
            "dup v0.4s, v1.s[1]", 0x12345678_00000000, gives: 0x12345678_12345678_12345678_12345678),
        AdvSIMDCase(
            "mov h0, v1.h[6]", 0x0000ABCD_00000000_00000000_00000000,
            v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF, gives: 0xABCD),
        AdvSIMDCase(
            "mov v0.h[7], v1.h[1]", 0x12340000, v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0x1234FFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF),
        AdvSIMDCase("movi v0.2s, #0x12, lsl #24", gives: 0x12000000_12000000),
        AdvSIMDCase("movi v0.8h, #0x34, lsl #8", gives: 0x34003400_34003400_34003400_34003400),
        AdvSIMDCase("movi v0.4s, #0x56, msl #16", gives: 0x0056FFFF_0056FFFF_0056FFFF_0056FFFF),
        AdvSIMDCase("mvni v0.4s, #0x56, msl #8", gives: 0xFFFFA900_FFFFA900_FFFFA900_FFFFA900),
        AdvSIMDCase("movi v0.16b, #0x80", gives: 0x80808080_80808080_80808080_80808080),
        AdvSIMDCase("movi v0.2d, #0xff0000ff00ff00ff", gives: 0xFF0000FF_00FF00FF_FF0000FF_00FF00FF),
        AdvSIMDCase(
            "movi d0, #0xff000000000000ff", v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0xFF000000_000000FF),
        AdvSIMDCase("mvni v0.2s, #0x1", gives: 0xFFFFFFFE_FFFFFFFE),
        AdvSIMDCase(
            "orr v0.4h, #0xf0, lsl #8", v0: 0xFFFFFFFF_FFFFFFFF_00010002_00030004,
            gives: 0xF001F002_F003F004),
        AdvSIMDCase(
            "bic v0.4s, #0xff, lsl #16", v0: 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFF,
            gives: 0xFF00FFFF_FF00FFFF_FF00FFFF_FF00FFFF),
    ]
}
