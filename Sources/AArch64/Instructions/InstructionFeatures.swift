/// The optional parts of A64 a processor may have, as the decoder knows them.
///
/// Named after the manual's `FEAT_` names. The base of ARMv8.0-A without floating point is always there.
///
/// Arm ARM, DDI 0487, A2 "Armv8-A Architecture Extensions".
package struct InstructionFeatures: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    private init(bit: UInt64) {
        rawValue = 1 << bit
    }

    /// Scalar floating point and Advanced SIMD, which come together.
    package static let advSIMD = InstructionFeatures(bit: 0)
    package static let crc32 = InstructionFeatures(bit: 1)
    package static let lse = InstructionFeatures(bit: 2)
    package static let lor = InstructionFeatures(bit: 3)
    package static let pan = InstructionFeatures(bit: 4)
    package static let uao = InstructionFeatures(bit: 5)
    package static let dit = InstructionFeatures(bit: 6)
    package static let ssbs = InstructionFeatures(bit: 7)
    package static let sb = InstructionFeatures(bit: 8)
    package static let rdm = InstructionFeatures(bit: 9)
    package static let lrcpc = InstructionFeatures(bit: 10)
    package static let lrcpc2 = InstructionFeatures(bit: 11)
    package static let flagM = InstructionFeatures(bit: 12)
    package static let flagM2 = InstructionFeatures(bit: 13)
    package static let dotProd = InstructionFeatures(bit: 14)
    package static let fp16 = InstructionFeatures(bit: 15)
    package static let fhm = InstructionFeatures(bit: 16)
    package static let fcma = InstructionFeatures(bit: 17)
    package static let jscvt = InstructionFeatures(bit: 18)
    package static let pauth = InstructionFeatures(bit: 19)
    package static let mte = InstructionFeatures(bit: 20)
    package static let bti = InstructionFeatures(bit: 21)
    package static let sve = InstructionFeatures(bit: 22)
    package static let sme = InstructionFeatures(bit: 23)
    package static let ls64 = InstructionFeatures(bit: 24)
    package static let ls64V = InstructionFeatures(bit: 25)
    package static let ls64AccData = InstructionFeatures(bit: 26)
    package static let mops = InstructionFeatures(bit: 27)
    package static let wfxt = InstructionFeatures(bit: 28)
    package static let cssc = InstructionFeatures(bit: 29)
    package static let aes = InstructionFeatures(bit: 30)
    package static let pmull = InstructionFeatures(bit: 31)
    package static let sha1 = InstructionFeatures(bit: 32)
    package static let sha256 = InstructionFeatures(bit: 33)
    package static let sha512 = InstructionFeatures(bit: 34)
    package static let sha3 = InstructionFeatures(bit: 35)
    package static let sm3 = InstructionFeatures(bit: 36)
    package static let sm4 = InstructionFeatures(bit: 37)
    package static let frintts = InstructionFeatures(bit: 38)
    package static let bf16 = InstructionFeatures(bit: 39)
    package static let i8mm = InstructionFeatures(bit: 40)
    package static let hbc = InstructionFeatures(bit: 41)
    package static let xs = InstructionFeatures(bit: 42)
    package static let nmi = InstructionFeatures(bit: 43)
    package static let lse128 = InstructionFeatures(bit: 44)

    /// What the software CPU offers unless told otherwise.
    package static let softwareCPU: InstructionFeatures = [.crc32, .lse]
}
