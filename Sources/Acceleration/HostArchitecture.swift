package import Machine

extension MachineLayout.Architecture {
    /// What this host's processor is.
    #if arch(arm64)
    package static let host = Self.aarch64
    #else
    package static let host = Self.x86_64
    #endif
}
