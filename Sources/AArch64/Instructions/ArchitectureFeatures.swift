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

    /// What the software CPU offers unless told otherwise.
    package static let softwareCPU: ArchitectureFeatures = [.crc32, .lse]
}
