/// The optional parts of A64 a processor may have, as the decoder knows them.
///
/// Named after the manual's `FEAT_` names. The base of ARMv8.0-A without floating point is always there.
///
/// Arm ARM, DDI 0487, A2 "Armv8-A Architecture Extensions".
package struct ArchitectureFeatures: OptionSet, Sendable, Hashable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    private init(bit: UInt64) {
        rawValue = 1 << bit
    }

    /// Scalar floating point and Advanced SIMD, which come together.
    package static let advSIMD = ArchitectureFeatures(bit: 0)
    package static let crc32 = ArchitectureFeatures(bit: 1)
    package static let lse = ArchitectureFeatures(bit: 2)
    package static let lor = ArchitectureFeatures(bit: 3)
    package static let pan = ArchitectureFeatures(bit: 4)
    package static let uao = ArchitectureFeatures(bit: 5)
    package static let dit = ArchitectureFeatures(bit: 6)
    package static let ssbs = ArchitectureFeatures(bit: 7)
    package static let sb = ArchitectureFeatures(bit: 8)
    package static let rdm = ArchitectureFeatures(bit: 9)
    package static let lrcpc = ArchitectureFeatures(bit: 10)
    package static let lrcpc2 = ArchitectureFeatures(bit: 11)
    package static let flagM = ArchitectureFeatures(bit: 12)
    package static let flagM2 = ArchitectureFeatures(bit: 13)
    package static let dotProd = ArchitectureFeatures(bit: 14)
    package static let fp16 = ArchitectureFeatures(bit: 15)
    package static let fhm = ArchitectureFeatures(bit: 16)
    package static let fcma = ArchitectureFeatures(bit: 17)
    package static let jscvt = ArchitectureFeatures(bit: 18)
    package static let pauth = ArchitectureFeatures(bit: 19)
    package static let mte = ArchitectureFeatures(bit: 20)
    package static let bti = ArchitectureFeatures(bit: 21)
    package static let sve = ArchitectureFeatures(bit: 22)
    package static let sme = ArchitectureFeatures(bit: 23)
    package static let ls64 = ArchitectureFeatures(bit: 24)
    package static let ls64V = ArchitectureFeatures(bit: 25)
    package static let ls64AccData = ArchitectureFeatures(bit: 26)
    package static let mops = ArchitectureFeatures(bit: 27)
    package static let wfxt = ArchitectureFeatures(bit: 28)
    package static let cssc = ArchitectureFeatures(bit: 29)
    package static let aes = ArchitectureFeatures(bit: 30)
    package static let pmull = ArchitectureFeatures(bit: 31)
    package static let sha1 = ArchitectureFeatures(bit: 32)
    package static let sha256 = ArchitectureFeatures(bit: 33)
    package static let sha512 = ArchitectureFeatures(bit: 34)
    package static let sha3 = ArchitectureFeatures(bit: 35)
    package static let sm3 = ArchitectureFeatures(bit: 36)
    package static let sm4 = ArchitectureFeatures(bit: 37)
    package static let frintts = ArchitectureFeatures(bit: 38)
    package static let bf16 = ArchitectureFeatures(bit: 39)
    package static let i8mm = ArchitectureFeatures(bit: 40)
    package static let hbc = ArchitectureFeatures(bit: 41)
    package static let xs = ArchitectureFeatures(bit: 42)
    package static let nmi = ArchitectureFeatures(bit: 43)
    package static let lse128 = ArchitectureFeatures(bit: 44)

    /// What the software CPU offers unless told otherwise.
    package static let softwareCPU: ArchitectureFeatures = [.crc32, .lse]
}
