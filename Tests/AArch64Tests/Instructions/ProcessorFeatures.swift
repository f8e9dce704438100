import AArch64

extension ArchitectureFeatures {
    /// A processor without floating point, with the extensions that integer code for servers expects.
    static let integerBase: ArchitectureFeatures = [.crc32, .lse]
}
