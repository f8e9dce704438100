/// The rows of Advanced SIMD instructions that widen, narrow, copy or permute, and of those across lanes.
///
/// Dot products, matrix multiplications and complex arithmetic are here too.
///
/// Arm ARM, DDI 0487, C4.1, "Advanced SIMD three different" and the groups named below.
extension InstructionTable {
    static let advSIMDThreeDifferent: [Row] = requiring(
        .floatingPoint,
        [
            // Advanced SIMD three different.
            Row("SADDL", "0q001110ss1mmmmm000000nnnnnddddd", .saddlVector, .sizeNot3),
            Row("SADDW", "0q001110ss1mmmmm000100nnnnnddddd", .saddwVector, .sizeNot3),
            Row("SSUBL", "0q001110ss1mmmmm001000nnnnnddddd", .ssublVector, .sizeNot3),
            Row("SSUBW", "0q001110ss1mmmmm001100nnnnnddddd", .ssubwVector, .sizeNot3),
            Row("ADDHN", "0q001110ss1mmmmm010000nnnnnddddd", .addhnVector, .sizeNot3),
            Row("SABAL", "0q001110ss1mmmmm010100nnnnnddddd", .sabalVector, .sizeNot3),
            Row("SUBHN", "0q001110ss1mmmmm011000nnnnnddddd", .subhnVector, .sizeNot3),
            Row("SABDL", "0q001110ss1mmmmm011100nnnnnddddd", .sabdlVector, .sizeNot3),
            Row("SMLAL (vector)", "0q001110ss1mmmmm100000nnnnnddddd", .smlalVector, .sizeNot3),
            Row("SQDMLAL (vector)", "0q001110ss1mmmmm100100nnnnnddddd", .sqdmlalVector, .size1Or2),
            Row("SMLSL (vector)", "0q001110ss1mmmmm101000nnnnnddddd", .smlslVector, .sizeNot3),
            Row("SQDMLSL (vector)", "0q001110ss1mmmmm101100nnnnnddddd", .sqdmlslVector, .size1Or2),
            Row("SMULL (vector)", "0q001110ss1mmmmm110000nnnnnddddd", .smullVector, .sizeNot3),
            Row("SQDMULL (vector)", "0q001110ss1mmmmm110100nnnnnddddd", .sqdmullVector, .size1Or2),
            Row("UADDL", "0q101110ss1mmmmm000000nnnnnddddd", .uaddlVector, .sizeNot3),
            Row("UADDW", "0q101110ss1mmmmm000100nnnnnddddd", .uaddwVector, .sizeNot3),
            Row("USUBL", "0q101110ss1mmmmm001000nnnnnddddd", .usublVector, .sizeNot3),
            Row("USUBW", "0q101110ss1mmmmm001100nnnnnddddd", .usubwVector, .sizeNot3),
            Row("RADDHN", "0q101110ss1mmmmm010000nnnnnddddd", .raddhnVector, .sizeNot3),
            Row("UABAL", "0q101110ss1mmmmm010100nnnnnddddd", .uabalVector, .sizeNot3),
            Row("RSUBHN", "0q101110ss1mmmmm011000nnnnnddddd", .rsubhnVector, .sizeNot3),
            Row("UABDL", "0q101110ss1mmmmm011100nnnnnddddd", .uabdlVector, .sizeNot3),
            Row("UMLAL (vector)", "0q101110ss1mmmmm100000nnnnnddddd", .umlalVector, .sizeNot3),
            Row("UMLSL (vector)", "0q101110ss1mmmmm101000nnnnnddddd", .umlslVector, .sizeNot3),
            Row("UMULL (vector)", "0q101110ss1mmmmm110000nnnnnddddd", .umullVector, .sizeNot3),
            Row("PMULL, 8-bit", "0q001110001mmmmm111000nnnnnddddd", .pmull),
            Row("PMULL, 64-bit", "0q001110111mmmmm111000nnnnnddddd", .pmull, .pmull),

            // Advanced SIMD three-register extension.
            Row("SQRDMLAH (vector)", "0q101110ss0mmmmm100001nnnnnddddd", .sqrdmlahVector, .size1Or2, .rdm),
            Row("SQRDMLSH (vector)", "0q101110ss0mmmmm100011nnnnnddddd", .sqrdmlshVector, .size1Or2, .rdm),
            Row("SDOT (vector)", "0q001110100mmmmm100101nnnnnddddd", .sdotVector, .dotProd),
            Row("UDOT (vector)", "0q101110100mmmmm100101nnnnnddddd", .udotVector, .dotProd),
            Row("USDOT (vector)", "0q001110100mmmmm100111nnnnnddddd", .usdotVector, .i8mm),
            Row("SMMLA (vector)", "01001110100mmmmm101001nnnnnddddd", .smmla, .i8mm),
            Row("UMMLA (vector)", "01101110100mmmmm101001nnnnnddddd", .ummla, .i8mm),
            Row("USMMLA (vector)", "01001110100mmmmm101011nnnnnddddd", .usmmla, .i8mm),
            Row("FCMLA (vector), half-precision", "0q101110010mmmmm110rr1nnnnnddddd", .fcmlaVector, [.fcma, .fp16]),
            Row("FCMLA (vector), single-precision", "0q101110100mmmmm110rr1nnnnnddddd", .fcmlaVector, .fcma),
            Row("FCMLA (vector), double-precision", "01101110110mmmmm110rr1nnnnnddddd", .fcmlaVector, .fcma),
            Row("FCADD, half-precision", "0q101110010mmmmm111r01nnnnnddddd", .fcadd, [.fcma, .fp16]),
            Row("FCADD, single-precision", "0q101110100mmmmm111r01nnnnnddddd", .fcadd, .fcma),
            Row("FCADD, double-precision", "01101110110mmmmm111r01nnnnnddddd", .fcadd, .fcma),
            Row("BFDOT (vector)", "0q101110010mmmmm111111nnnnnddddd", .bfdotVector, .bf16),
            Row("BFMLALB, BFMLALT (vector)", "0q101110110mmmmm111111nnnnnddddd", .bfmlalVector, .bf16),
            Row("BFMMLA", "01101110010mmmmm111011nnnnnddddd", .bfmmla, .bf16),

            // Advanced SIMD across lanes.
            Row("SADDLV", "0q001110ss110000001110nnnnnddddd", .saddlv, .acrossLanes),
            Row("SMAXV", "0q001110ss110000101010nnnnnddddd", .smaxv, .acrossLanes),
            Row("SMINV", "0q001110ss110001101010nnnnnddddd", .sminv, .acrossLanes),
            Row("ADDV", "0q001110ss110001101110nnnnnddddd", .addv, .acrossLanes),
            Row("UADDLV", "0q101110ss110000001110nnnnnddddd", .uaddlv, .acrossLanes),
            Row("UMAXV", "0q101110ss110000101010nnnnnddddd", .umaxv, .acrossLanes),
            Row("UMINV", "0q101110ss110001101010nnnnnddddd", .uminv, .acrossLanes),
            Row("FMAXNMV", "0110111000110000110010nnnnnddddd", .fmaxnmv),
            Row("FMAXNMV, half-precision", "0q00111000110000110010nnnnnddddd", .fmaxnmv, .fp16),
            Row("FMINNMV", "0110111010110000110010nnnnnddddd", .fminnmv),
            Row("FMINNMV, half-precision", "0q00111010110000110010nnnnnddddd", .fminnmv, .fp16),
            Row("FMAXV", "0110111000110000111110nnnnnddddd", .fmaxv),
            Row("FMAXV, half-precision", "0q00111000110000111110nnnnnddddd", .fmaxv, .fp16),
            Row("FMINV", "0110111010110000111110nnnnnddddd", .fminv),
            Row("FMINV, half-precision", "0q00111010110000111110nnnnnddddd", .fminv, .fp16),

            // Advanced SIMD copy.
            Row("DUP (element, vector)", "0q001110000iiiii000001nnnnnddddd", .dupElementVector, .vectorElement),
            Row("DUP (general)", "0q001110000iiiii000011nnnnnddddd", .dupGeneral, .vectorElement),
            Row("SMOV", "0q001110000iiiii001011nnnnnddddd", .smov, .signedMoveElement),
            Row("UMOV", "0q001110000iiiii001111nnnnnddddd", .umov, .unsignedMoveElement),
            Row("INS (general)", "01001110000iiiii000111nnnnnddddd", .insGeneral, .element),
            Row("INS (element)", "01101110000iiiii0jjjj1nnnnnddddd", .insElement, .element),

            // Advanced SIMD permute, extract and table look-up.
            Row("UZP1", "0q001110ss0mmmmm000110nnnnnddddd", .uzp1, .size3NeedsQ),
            Row("TRN1", "0q001110ss0mmmmm001010nnnnnddddd", .trn1, .size3NeedsQ),
            Row("ZIP1", "0q001110ss0mmmmm001110nnnnnddddd", .zip1, .size3NeedsQ),
            Row("UZP2", "0q001110ss0mmmmm010110nnnnnddddd", .uzp2, .size3NeedsQ),
            Row("TRN2", "0q001110ss0mmmmm011010nnnnnddddd", .trn2, .size3NeedsQ),
            Row("ZIP2", "0q001110ss0mmmmm011110nnnnnddddd", .zip2, .size3NeedsQ),
            Row("EXT", "0q101110000mmmmm0iiii0nnnnnddddd", .ext, .extractIndex),
            Row("TBL", "0q001110000mmmmm0ll000nnnnnddddd", .tbl),
            Row("TBX", "0q001110000mmmmm0ll100nnnnnddddd", .tbx),
        ])
}
