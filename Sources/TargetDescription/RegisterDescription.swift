/// The description of a register for debuggers.
///
/// `target.xml`, LLDB's register information and the layout of the `g`, `G`, `p` and `P` packets are all derived from
/// it (GDB manual, "Target Description Format").
public struct RegisterDescription: Sendable, Equatable {
    /// The name that the user types, such as `x0` or `SCTLR_EL1`.
    public var name: String
    /// The register number in `p` and `P` packets and in stop replies.
    public var number: Int
    /// The size in bits, a multiple of 8.
    public var bits: Int
    /// A predefined GDB type (such as `int`, `data_ptr` or `uint64`), or the id of a type that the feature declares.
    public var type: String
    /// The group for `info registers GROUP`, or nil for the default group.
    public var group: String?
    /// LLDB's generic name (`pc`, `sp`, `fp`, `ra`, `flags`, `arg1`…), or nil if it has none.
    public var genericName: String?
    /// An alternative name for LLDB, such as `fp` for `x29`, or nil.
    public var alternativeName: String?
    /// The register number in DWARF and in `.eh_frame`, or nil if it has none.
    public var dwarfNumber: Int?
    /// Whether the register is part of `g` and `G` packets.
    ///
    /// Clients transfer a register that is not with `p` and `P` only.
    public var isInGeneralPacket: Bool
    /// Whether every stop reply includes the register, because clients read it at every stop.
    ///
    /// ``Feature/isExpedited`` is the same property for all registers of a feature.
    public var isExpedited: Bool
    /// Whether a write may contain the lowest bytes only; the other bytes then keep their values.
    ///
    /// LLDB treats SVE registers as having the size of the vector length in effect.
    public var takesPartialWrites: Bool

    /// Creates a description; by default, of a 64-bit integer register that is part of `g`.
    public init(
        _ name: String, number: Int, bits: Int = 64, type: String = "int", group: String? = nil,
        genericName: String? = nil, alternativeName: String? = nil, dwarfNumber: Int? = nil,
        isInGeneralPacket: Bool = true, isExpedited: Bool = false,
        takesPartialWrites: Bool = false
    ) {
        self.name = name
        self.number = number
        self.bits = bits
        self.type = type
        self.group = group
        self.genericName = genericName
        self.alternativeName = alternativeName
        self.dwarfNumber = dwarfNumber
        self.isInGeneralPacket = isInGeneralPacket
        self.isExpedited = isExpedited
        self.takesPartialWrites = takesPartialWrites
    }

    /// The size in bytes.
    public var byteCount: Int { bits / 8 }
}
