package import Machine

extension Architecture {
    /// The architecture of the host's processor.
    #if arch(arm64)
    package static let host = Self.aarch64
    #else
    package static let host = Self.x86_64
    #endif
}
