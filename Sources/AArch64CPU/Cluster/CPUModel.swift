package import AArch64

/// The processor model of the vCPUs: a set of optional features, from which the identification registers follow.
package enum CPUModel: String, CaseIterable, Sendable {
    /// Armv8.0-A with LSE atomics, CRC32, RDM and the cryptographic instructions.
    case base
    /// The base model with later extensions that kernels use: PAN, UAO, DIT and pointer authentication.
    case max

    /// The optional features of the model.
    package var features: ArchitectureFeatures {
        switch self {
        case .base: Self.base8_0
        case .max: Self.base8_0.union([.pan, .uao, .dit, .pauth])
        }
    }

    private static let base8_0: ArchitectureFeatures = [
        .granule4K, .granule16K, .granule64K, .asid16, .lse, .crc32, .gicSystemRegisters, .pmu,
        .floatingPoint, .rdm, .aes, .pmull, .sha1, .sha256,
    ]
}
