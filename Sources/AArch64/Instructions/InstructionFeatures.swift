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

    /// What the software CPU offers unless told otherwise.
    package static let softwareCPU: InstructionFeatures = [.crc32, .lse]
}
