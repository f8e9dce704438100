import AArch64

// FEAT_PAuth's instructions. Arm ARM, DDI 0487, C6, the pages of the instructions named.
extension VCPU {
    /// One of the five keys, without the generic key.
    enum AuthenticationKey {
        case ia, ib, da, db

        var isData: Bool { self == .da || self == .db }
        /// The key's enable bit in SCTLR_EL1: EnIA, EnIB, EnDA or EnDB.
        var enable: UInt64 {
            switch self {
            case .ia: 1 << 31
            case .ib: 1 << 30
            case .da: 1 << 27
            case .db: 1 << 13
            }
        }
    }

    private func key(_ key: AuthenticationKey) -> PointerAuthentication.Key {
        switch key {
        case .ia: .init(low: system.apiakeylo_el1, high: system.apiakeyhi_el1, isB: false)
        case .ib: .init(low: system.apibkeylo_el1, high: system.apibkeyhi_el1, isB: true)
        case .da: .init(low: system.apdakeylo_el1, high: system.apdakeyhi_el1, isB: false)
        case .db: .init(low: system.apdbkeylo_el1, high: system.apdbkeyhi_el1, isB: true)
        }
    }

    private var pointerAuthentication: PointerAuthentication {
        PointerAuthentication(tcr: TCR(rawValue: system.tcr_el1))
    }

    /// Executes PAC*; if SCTLR_EL1 does not enable the key, returns the pointer unchanged.
    func sign(_ pointer: UInt64, modifier: UInt64, _ which: AuthenticationKey) -> UInt64 {
        guard system.sctlr_el1 & which.enable != 0 else { return pointer }
        return pointerAuthentication.sign(pointer, modifier: modifier, key: key(which), isData: which.isData)
    }

    /// Executes AUT*, or the authentication of an instruction that authenticates a pointer before using it.
    func authenticate(_ pointer: UInt64, modifier: UInt64, _ which: AuthenticationKey) -> UInt64 {
        guard system.sctlr_el1 & which.enable != 0 else { return pointer }
        return pointerAuthentication.authenticate(pointer, modifier: modifier, key: key(which), isData: which.isData)
    }

    func stripAuthentication(_ pointer: UInt64, isData: Bool) -> UInt64 {
        pointerAuthentication.strip(pointer, isData: isData)
    }

    /// Executes PACGA: a 32-bit code over two values, in the upper half.
    func genericCode(_ value: UInt64, modifier: UInt64) -> UInt64 {
        let key = PointerAuthentication.Key(low: system.apgakeylo_el1, high: system.apgakeyhi_el1, isB: false)
        return PointerAuthentication.code(value, modifier, key) & 0xFFFF_FFFF_0000_0000
    }
}
