/// Why stage 1 refused an address, as the fault status code of ESR_EL1 and PAR_EL1 says it.
///
/// Arm ARM, DDI 0487, ESR_EL1, "ISS encoding for an exception from a Data Abort", DFSC.
public struct TranslationFault: Error, Hashable, Sendable {
    /// The kinds of fault.
    public enum Kind: UInt8, CaseIterable, Sendable {
        /// An output address, or the base in TTBRn_EL1, lies beyond the physical address size.
        case addressSize
        /// Nothing is mapped there.
        case translation
        /// AF of the descriptor is 0.
        case accessFlag
        /// The page does not permit the access.
        case permission
        /// A descriptor could not be read.
        case externalAbortOnWalk
        /// An unaligned access to Device memory; it has no level.
        case alignment
    }

    /// The kind of the fault.
    public var kind: Kind
    /// The level of the lookup that failed: -1 to 3.
    public var level: Int8

    /// A fault at a level, -1 to 3.
    @inlinable
    public init(_ kind: Kind, level: Int) {
        self.kind = kind
        self.level = Int8(truncatingIfNeeded: level)
    }

    /// DFSC, IFSC or FST: six bits.
    public var statusCode: UInt8 {
        let low = UInt8(truncatingIfNeeded: level) & 3
        switch kind {
        case .alignment: return 0b10_0001
        case .addressSize: return level < 0 ? 0b10_1001 : 0b00_0000 | low
        case .translation: return level < 0 ? 0b10_1011 : 0b00_0100 | low
        case .accessFlag: return 0b00_1000 | low
        case .permission: return 0b00_1100 | low
        case .externalAbortOnWalk: return level < 0 ? 0b01_0011 : 0b01_0100 | low
        }
    }

    /// The fault in words, such as `translation fault, level 2`.
    public var text: String { FaultStatus(code: statusCode).text }
}
