/// The rows of the cryptographic instructions.
///
/// Arm ARM, DDI 0487, C4.1, "Cryptographic AES" and the groups named below.
extension InstructionTable {
    static let cryptography: [Row] = requiring(
        .floatingPoint,
        [
            // Cryptographic AES.
            Row("AESE", "0100111000101000010010nnnnnddddd", .aese, .aes),
            Row("AESD", "0100111000101000010110nnnnnddddd", .aesd, .aes),
            Row("AESMC", "0100111000101000011010nnnnnddddd", .aesmc, .aes),
            Row("AESIMC", "0100111000101000011110nnnnnddddd", .aesimc, .aes),

            // Cryptographic SHA.
            Row("SHA1C", "01011110000mmmmm000000nnnnnddddd", .sha1c, .sha1),
            Row("SHA1P", "01011110000mmmmm000100nnnnnddddd", .sha1p, .sha1),
            Row("SHA1M", "01011110000mmmmm001000nnnnnddddd", .sha1m, .sha1),
            Row("SHA1SU0", "01011110000mmmmm001100nnnnnddddd", .sha1su0, .sha1),
            Row("SHA256H", "01011110000mmmmm010000nnnnnddddd", .sha256h, .sha256),
            Row("SHA256H2", "01011110000mmmmm010100nnnnnddddd", .sha256h2, .sha256),
            Row("SHA256SU1", "01011110000mmmmm011000nnnnnddddd", .sha256su1, .sha256),
            Row("SHA1H", "0101111000101000000010nnnnnddddd", .sha1h, .sha1),
            Row("SHA1SU1", "0101111000101000000110nnnnnddddd", .sha1su1, .sha1),
            Row("SHA256SU0", "0101111000101000001010nnnnnddddd", .sha256su0, .sha256),
            Row("SHA512H", "11001110011mmmmm100000nnnnnddddd", .sha512h, .sha512),
            Row("SHA512H2", "11001110011mmmmm100001nnnnnddddd", .sha512h2, .sha512),
            Row("SHA512SU1", "11001110011mmmmm100010nnnnnddddd", .sha512su1, .sha512),
            Row("SHA512SU0", "1100111011000000100000nnnnnddddd", .sha512su0, .sha512),

            // Cryptographic SHA3.
            Row("RAX1", "11001110011mmmmm100011nnnnnddddd", .rax1, .sha3),
            Row("EOR3", "11001110000mmmmm0aaaaannnnnddddd", .eor3, .sha3),
            Row("BCAX", "11001110001mmmmm0aaaaannnnnddddd", .bcax, .sha3),
            Row("XAR", "11001110100mmmmmiiiiiinnnnnddddd", .xar, .sha3),

            // Cryptographic SM3 and SM4.
            Row("SM3SS1", "11001110010mmmmm0aaaaannnnnddddd", .sm3ss1, .sm3),
            Row("SM3TT1A", "11001110010mmmmm10ii00nnnnnddddd", .sm3tt1a, .sm3),
            Row("SM3TT1B", "11001110010mmmmm10ii01nnnnnddddd", .sm3tt1b, .sm3),
            Row("SM3TT2A", "11001110010mmmmm10ii10nnnnnddddd", .sm3tt2a, .sm3),
            Row("SM3TT2B", "11001110010mmmmm10ii11nnnnnddddd", .sm3tt2b, .sm3),
            Row("SM3PARTW1", "11001110011mmmmm110000nnnnnddddd", .sm3partw1, .sm3),
            Row("SM3PARTW2", "11001110011mmmmm110001nnnnnddddd", .sm3partw2, .sm3),
            Row("SM4E", "1100111011000000100001nnnnnddddd", .sm4e, .sm4),
            Row("SM4EKEY", "11001110011mmmmm110010nnnnnddddd", .sm4ekey, .sm4),
        ])
}
