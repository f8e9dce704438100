/// The rows of pointer authentication, branch target identification and memory tagging instructions.
///
/// Arm ARM, DDI 0487, C6, the page of each instruction.
extension InstructionTable {
    static let pointerAuthenticationAndTags: [Row] = [
        // FEAT_PAuth, hint space: without the feature, the encodings match HINT, which executes as NOP.
        Row("XPACLRI", "11010101000000110010000011111111", .xpaclri, .pauth),
        Row("PACIA1716", "11010101000000110010000100011111", .pacia1716, .pauth),
        Row("PACIB1716", "11010101000000110010000101011111", .pacib1716, .pauth),
        Row("AUTIA1716", "11010101000000110010000110011111", .autia1716, .pauth),
        Row("AUTIB1716", "11010101000000110010000111011111", .autib1716, .pauth),
        Row("PACIAZ", "11010101000000110010001100011111", .paciaz, .pauth),
        Row("PACIASP", "11010101000000110010001100111111", .paciasp, .pauth),
        Row("PACIBZ", "11010101000000110010001101011111", .pacibz, .pauth),
        Row("PACIBSP", "11010101000000110010001101111111", .pacibsp, .pauth),
        Row("AUTIAZ", "11010101000000110010001110011111", .autiaz, .pauth),
        Row("AUTIASP", "11010101000000110010001110111111", .autiasp, .pauth),
        Row("AUTIBZ", "11010101000000110010001111011111", .autibz, .pauth),
        Row("AUTIBSP", "11010101000000110010001111111111", .autibsp, .pauth),
        Row("BTI", "110101010000001100100100tt011111", .bti, .bti),

        // FEAT_PAuth, data processing.
        Row("PACIA", "1101101011000001000000nnnnnddddd", .pacia, .pauth),
        Row("PACIB", "1101101011000001000001nnnnnddddd", .pacib, .pauth),
        Row("PACDA", "1101101011000001000010nnnnnddddd", .pacda, .pauth),
        Row("PACDB", "1101101011000001000011nnnnnddddd", .pacdb, .pauth),
        Row("AUTIA", "1101101011000001000100nnnnnddddd", .autia, .pauth),
        Row("AUTIB", "1101101011000001000101nnnnnddddd", .autib, .pauth),
        Row("AUTDA", "1101101011000001000110nnnnnddddd", .autda, .pauth),
        Row("AUTDB", "1101101011000001000111nnnnnddddd", .autdb, .pauth),
        Row("PACIZA", "110110101100000100100011111ddddd", .paciza, .pauth),
        Row("PACIZB", "110110101100000100100111111ddddd", .pacizb, .pauth),
        Row("PACDZA", "110110101100000100101011111ddddd", .pacdza, .pauth),
        Row("PACDZB", "110110101100000100101111111ddddd", .pacdzb, .pauth),
        Row("AUTIZA", "110110101100000100110011111ddddd", .autiza, .pauth),
        Row("AUTIZB", "110110101100000100110111111ddddd", .autizb, .pauth),
        Row("AUTDZA", "110110101100000100111011111ddddd", .autdza, .pauth),
        Row("AUTDZB", "110110101100000100111111111ddddd", .autdzb, .pauth),
        Row("XPACI", "110110101100000101000011111ddddd", .xpaci, .pauth),
        Row("XPACD", "110110101100000101000111111ddddd", .xpacd, .pauth),
        Row("PACGA", "10011010110mmmmm001100nnnnnddddd", .pacga, .pauth),

        // FEAT_PAuth, branches.
        Row("BRAAZ", "1101011000011111000010nnnnn11111", .braaz, .pauth),
        Row("BRABZ", "1101011000011111000011nnnnn11111", .brabz, .pauth),
        Row("BLRAAZ", "1101011000111111000010nnnnn11111", .blraaz, .pauth),
        Row("BLRABZ", "1101011000111111000011nnnnn11111", .blrabz, .pauth),
        Row("RETAA", "11010110010111110000101111111111", .retaa, .pauth),
        Row("RETAB", "11010110010111110000111111111111", .retab, .pauth),
        Row("ERETAA", "11010110100111110000101111111111", .eretaa, .pauth),
        Row("ERETAB", "11010110100111110000111111111111", .eretab, .pauth),
        Row("BRAA", "1101011100011111000010nnnnnmmmmm", .braa, .pauth),
        Row("BRAB", "1101011100011111000011nnnnnmmmmm", .brab, .pauth),
        Row("BLRAA", "1101011100111111000010nnnnnmmmmm", .blraa, .pauth),
        Row("BLRAB", "1101011100111111000011nnnnnmmmmm", .blrab, .pauth),

        // FEAT_PAuth, loads; bit 11 is write-back.
        Row("LDRAA", "111110000s1iiiiiiiiiw1nnnnnttttt", .ldraa, .pauth),
        Row("LDRAB", "111110001s1iiiiiiiiiw1nnnnnttttt", .ldrab, .pauth),

        // FEAT_MTE, data processing.
        Row("ADDG", "1001000110iiiiii--IIIInnnnnddddd", .addg, .mte),
        Row("SUBG", "1101000110iiiiii--IIIInnnnnddddd", .subg, .mte),
        Row("SUBP", "10011010110mmmmm000000nnnnnddddd", .subp, .mte),
        Row("SUBPS", "10111010110mmmmm000000nnnnnddddd", .subps, .mte),
        Row("IRG", "10011010110mmmmm000100nnnnnddddd", .irg, .mte),
        Row("GMI", "10011010110mmmmm000101nnnnnddddd", .gmi, .mte),

        // FEAT_MTE, loads and stores of tags.
        Row("STG, post-index", "11011001001iiiiiiiii01nnnnnttttt", .stgPostIndex, .mte),
        Row("STG, signed offset", "11011001001iiiiiiiii10nnnnnttttt", .stgOffset, .mte),
        Row("STG, pre-index", "11011001001iiiiiiiii11nnnnnttttt", .stgPreIndex, .mte),
        Row("STZG, post-index", "11011001011iiiiiiiii01nnnnnttttt", .stzgPostIndex, .mte),
        Row("STZG, signed offset", "11011001011iiiiiiiii10nnnnnttttt", .stzgOffset, .mte),
        Row("STZG, pre-index", "11011001011iiiiiiiii11nnnnnttttt", .stzgPreIndex, .mte),
        Row("ST2G, post-index", "11011001101iiiiiiiii01nnnnnttttt", .st2gPostIndex, .mte),
        Row("ST2G, signed offset", "11011001101iiiiiiiii10nnnnnttttt", .st2gOffset, .mte),
        Row("ST2G, pre-index", "11011001101iiiiiiiii11nnnnnttttt", .st2gPreIndex, .mte),
        Row("STZ2G, post-index", "11011001111iiiiiiiii01nnnnnttttt", .stz2gPostIndex, .mte),
        Row("STZ2G, signed offset", "11011001111iiiiiiiii10nnnnnttttt", .stz2gOffset, .mte),
        Row("STZ2G, pre-index", "11011001111iiiiiiiii11nnnnnttttt", .stz2gPreIndex, .mte),
        Row("LDG", "11011001011iiiiiiiii00nnnnnttttt", .ldg, .mte),
        Row("STZGM", "1101100100100000000000nnnnnttttt", .stzgm, .mte),
        Row("STGM", "1101100110100000000000nnnnnttttt", .stgm, .mte),
        Row("LDGM", "1101100111100000000000nnnnnttttt", .ldgm, .mte),
        Row("STGP, post-index", "0110100010iiiiiiiTTTTTnnnnnttttt", .stgpPostIndex, .mte),
        Row("STGP, signed offset", "0110100100iiiiiiiTTTTTnnnnnttttt", .stgpOffset, .mte),
        Row("STGP, pre-index", "0110100110iiiiiiiTTTTTnnnnnttttt", .stgpPreIndex, .mte),
    ]
}
