/// The rows of Advanced SIMD modified immediates and of shifts of vectors and scalars by an immediate.
///
/// Arm ARM, DDI 0487, C4.1, "Advanced SIMD modified immediate" and "shift by immediate".
extension InstructionTable {
    static let advSIMDImmediates: [Row] = requiring(
        .floatingPoint,
        [
            // Advanced SIMD modified immediate.
            Row("MOVI, 32-bit", "0q00111100000abc0cc001defghddddd", .movi),
            Row("MOVI, 16-bit", "0q00111100000abc10c001defghddddd", .movi),
            Row("MOVI, 32-bit shifting ones", "0q00111100000abc110c01defghddddd", .movi),
            Row("MOVI, 8-bit", "0q00111100000abc111001defghddddd", .movi),
            Row("MOVI, 64-bit", "0q10111100000abc111001defghddddd", .movi),
            Row("ORR (vector, immediate), 32-bit", "0q00111100000abc0cc101defghddddd", .orrVectorImmediate),
            Row("ORR (vector, immediate), 16-bit", "0q00111100000abc10c101defghddddd", .orrVectorImmediate),
            Row("MVNI, 32-bit", "0q10111100000abc0cc001defghddddd", .mvni),
            Row("MVNI, 16-bit", "0q10111100000abc10c001defghddddd", .mvni),
            Row("MVNI, 32-bit shifting ones", "0q10111100000abc110c01defghddddd", .mvni),
            Row("BIC (vector, immediate), 32-bit", "0q10111100000abc0cc101defghddddd", .bicVectorImmediate),
            Row("BIC (vector, immediate), 16-bit", "0q10111100000abc10c101defghddddd", .bicVectorImmediate),
            Row("FMOV (vector, immediate), single-precision", "0q00111100000abc111101defghddddd", .fmovVectorImmediate),
            Row("FMOV (vector, immediate), double-precision", "0110111100000abc111101defghddddd", .fmovVectorImmediate),
            Row(
                "FMOV (vector, immediate), half-precision", "0q00111100000abc111111defghddddd", .fmovVectorImmediate,
                .fp16),

            // Advanced SIMD shift by immediate.
            Row("SSHR (vector)", "0q0011110hhhhbbb000001nnnnnddddd", .sshrVector, .vectorShift),
            Row("SSRA (vector)", "0q0011110hhhhbbb000101nnnnnddddd", .ssraVector, .vectorShift),
            Row("SRSHR (vector)", "0q0011110hhhhbbb001001nnnnnddddd", .srshrVector, .vectorShift),
            Row("SRSRA (vector)", "0q0011110hhhhbbb001101nnnnnddddd", .srsraVector, .vectorShift),
            Row("SHL (vector)", "0q0011110hhhhbbb010101nnnnnddddd", .shlVector, .vectorShift),
            Row("SQSHL (immediate, vector)", "0q0011110hhhhbbb011101nnnnnddddd", .sqshlImmediateVector, .vectorShift),
            Row("SHRN", "0q0011110hhhhbbb100001nnnnnddddd", .shrnVector, .narrowShift),
            Row("RSHRN", "0q0011110hhhhbbb100011nnnnnddddd", .rshrnVector, .narrowShift),
            Row("SQSHRN (vector)", "0q0011110hhhhbbb100101nnnnnddddd", .sqshrnVector, .narrowShift),
            Row("SQRSHRN (vector)", "0q0011110hhhhbbb100111nnnnnddddd", .sqrshrnVector, .narrowShift),
            Row("SSHLL", "0q0011110hhhhbbb101001nnnnnddddd", .sshllVector, .narrowShift),
            Row("USHR (vector)", "0q1011110hhhhbbb000001nnnnnddddd", .ushrVector, .vectorShift),
            Row("USRA (vector)", "0q1011110hhhhbbb000101nnnnnddddd", .usraVector, .vectorShift),
            Row("URSHR (vector)", "0q1011110hhhhbbb001001nnnnnddddd", .urshrVector, .vectorShift),
            Row("URSRA (vector)", "0q1011110hhhhbbb001101nnnnnddddd", .ursraVector, .vectorShift),
            Row("SRI (vector)", "0q1011110hhhhbbb010001nnnnnddddd", .sriVector, .vectorShift),
            Row("SLI (vector)", "0q1011110hhhhbbb010101nnnnnddddd", .sliVector, .vectorShift),
            Row("SQSHLU (vector)", "0q1011110hhhhbbb011001nnnnnddddd", .sqshluVector, .vectorShift),
            Row("UQSHL (immediate, vector)", "0q1011110hhhhbbb011101nnnnnddddd", .uqshlImmediateVector, .vectorShift),
            Row("SQSHRUN (vector)", "0q1011110hhhhbbb100001nnnnnddddd", .sqshrunVector, .narrowShift),
            Row("SQRSHRUN (vector)", "0q1011110hhhhbbb100011nnnnnddddd", .sqrshrunVector, .narrowShift),
            Row("UQSHRN (vector)", "0q1011110hhhhbbb100101nnnnnddddd", .uqshrnVector, .narrowShift),
            Row("UQRSHRN (vector)", "0q1011110hhhhbbb100111nnnnnddddd", .uqrshrnVector, .narrowShift),
            Row("USHLL", "0q1011110hhhhbbb101001nnnnnddddd", .ushllVector, .narrowShift),
            Row(
                "SCVTF (vector, fixed-point), half-precision", "0q0011110001ibbb111001nnnnnddddd",
                .scvtfFixedPointVector, .fp16),
            Row(
                "SCVTF (vector, fixed-point), single-precision", "0q001111001iibbb111001nnnnnddddd",
                .scvtfFixedPointVector),
            Row(
                "SCVTF (vector, fixed-point), double-precision", "0100111101iiibbb111001nnnnnddddd",
                .scvtfFixedPointVector),
            Row(
                "FCVTZS (vector, fixed-point), half-precision", "0q0011110001ibbb111111nnnnnddddd",
                .fcvtzsFixedPointVector, .fp16),
            Row(
                "FCVTZS (vector, fixed-point), single-precision", "0q001111001iibbb111111nnnnnddddd",
                .fcvtzsFixedPointVector),
            Row(
                "FCVTZS (vector, fixed-point), double-precision", "0100111101iiibbb111111nnnnnddddd",
                .fcvtzsFixedPointVector),
            Row(
                "UCVTF (vector, fixed-point), half-precision", "0q1011110001ibbb111001nnnnnddddd",
                .ucvtfFixedPointVector, .fp16),
            Row(
                "UCVTF (vector, fixed-point), single-precision", "0q101111001iibbb111001nnnnnddddd",
                .ucvtfFixedPointVector),
            Row(
                "UCVTF (vector, fixed-point), double-precision", "0110111101iiibbb111001nnnnnddddd",
                .ucvtfFixedPointVector),
            Row(
                "FCVTZU (vector, fixed-point), half-precision", "0q1011110001ibbb111111nnnnnddddd",
                .fcvtzuFixedPointVector, .fp16),
            Row(
                "FCVTZU (vector, fixed-point), single-precision", "0q101111001iibbb111111nnnnnddddd",
                .fcvtzuFixedPointVector),
            Row(
                "FCVTZU (vector, fixed-point), double-precision", "0110111101iiibbb111111nnnnnddddd",
                .fcvtzuFixedPointVector),

            // Advanced SIMD scalar shift by immediate.
            Row("SSHR (scalar)", "0101111101hhhbbb000001nnnnnddddd", .sshrScalar),
            Row("SSRA (scalar)", "0101111101hhhbbb000101nnnnnddddd", .ssraScalar),
            Row("SRSHR (scalar)", "0101111101hhhbbb001001nnnnnddddd", .srshrScalar),
            Row("SRSRA (scalar)", "0101111101hhhbbb001101nnnnnddddd", .srsraScalar),
            Row("SHL (scalar)", "0101111101hhhbbb010101nnnnnddddd", .shlScalar),
            Row("SQSHL (immediate, scalar)", "010111110hhhhbbb011101nnnnnddddd", .sqshlImmediateScalar, .shift),
            Row("SQSHRN (scalar)", "010111110hhhhbbb100101nnnnnddddd", .sqshrnScalar, .narrowShift),
            Row("SQRSHRN (scalar)", "010111110hhhhbbb100111nnnnnddddd", .sqrshrnScalar, .narrowShift),
            Row("USHR (scalar)", "0111111101hhhbbb000001nnnnnddddd", .ushrScalar),
            Row("USRA (scalar)", "0111111101hhhbbb000101nnnnnddddd", .usraScalar),
            Row("URSHR (scalar)", "0111111101hhhbbb001001nnnnnddddd", .urshrScalar),
            Row("URSRA (scalar)", "0111111101hhhbbb001101nnnnnddddd", .ursraScalar),
            Row("SRI (scalar)", "0111111101hhhbbb010001nnnnnddddd", .sriScalar),
            Row("SLI (scalar)", "0111111101hhhbbb010101nnnnnddddd", .sliScalar),
            Row("SQSHLU (scalar)", "011111110hhhhbbb011001nnnnnddddd", .sqshluScalar, .shift),
            Row("UQSHL (immediate, scalar)", "011111110hhhhbbb011101nnnnnddddd", .uqshlImmediateScalar, .shift),
            Row("SQSHRUN (scalar)", "011111110hhhhbbb100001nnnnnddddd", .sqshrunScalar, .narrowShift),
            Row("SQRSHRUN (scalar)", "011111110hhhhbbb100011nnnnnddddd", .sqrshrunScalar, .narrowShift),
            Row("UQSHRN (scalar)", "011111110hhhhbbb100101nnnnnddddd", .uqshrnScalar, .narrowShift),
            Row("UQRSHRN (scalar)", "011111110hhhhbbb100111nnnnnddddd", .uqrshrnScalar, .narrowShift),
            Row(
                "SCVTF (scalar, fixed-point), half-precision", "010111110001ibbb111001nnnnnddddd",
                .scvtfFixedPointScalar, .fp16),
            Row(
                "SCVTF (scalar, fixed-point), single-precision", "01011111001iibbb111001nnnnnddddd",
                .scvtfFixedPointScalar),
            Row(
                "SCVTF (scalar, fixed-point), double-precision", "0101111101iiibbb111001nnnnnddddd",
                .scvtfFixedPointScalar),
            Row(
                "FCVTZS (scalar, fixed-point), half-precision", "010111110001ibbb111111nnnnnddddd",
                .fcvtzsFixedPointScalar, .fp16),
            Row(
                "FCVTZS (scalar, fixed-point), single-precision", "01011111001iibbb111111nnnnnddddd",
                .fcvtzsFixedPointScalar),
            Row(
                "FCVTZS (scalar, fixed-point), double-precision", "0101111101iiibbb111111nnnnnddddd",
                .fcvtzsFixedPointScalar),
            Row(
                "UCVTF (scalar, fixed-point), half-precision", "011111110001ibbb111001nnnnnddddd",
                .ucvtfFixedPointScalar, .fp16),
            Row(
                "UCVTF (scalar, fixed-point), single-precision", "01111111001iibbb111001nnnnnddddd",
                .ucvtfFixedPointScalar),
            Row(
                "UCVTF (scalar, fixed-point), double-precision", "0111111101iiibbb111001nnnnnddddd",
                .ucvtfFixedPointScalar),
            Row(
                "FCVTZU (scalar, fixed-point), half-precision", "011111110001ibbb111111nnnnnddddd",
                .fcvtzuFixedPointScalar, .fp16),
            Row(
                "FCVTZU (scalar, fixed-point), single-precision", "01111111001iibbb111111nnnnnddddd",
                .fcvtzuFixedPointScalar),
            Row(
                "FCVTZU (scalar, fixed-point), double-precision", "0111111101iiibbb111111nnnnnddddd",
                .fcvtzuFixedPointScalar),
        ])
}
