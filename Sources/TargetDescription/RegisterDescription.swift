/// One register as a debugger sees it.
///
/// A row of the table from which target.xml, LLDB's register info and the layout of `g`/`G`/`p`/`P` are all derived
/// (GDB manual, "Target Description Format").
public struct RegisterDescription: Sendable, Equatable {
    /// The name the user types, such as `x0` or `SCTLR_EL1`.
    public var name: String
    /// The number in `p`, `P` and expedited registers.
    public var number: Int
    /// The size in bits: a multiple of 8.
    public var bits: Int
    /// A predefined GDB type (`int`, `data_ptr`, `code_ptr`, `uint64`) or the id of a type the feature declares.
    public var type: String
    /// The group of `info registers GROUP`, or nil for the default one.
    public var group: String?
    /// LLDB's generic name (`pc`, `sp`, `fp`, `ra`, `flags`, `arg1`…), where it has one.
    public var genericName: String?
    /// A second name users know, such as `fp` for `x29`.
    public var alternativeName: String?
    /// The number in DWARF and in `.eh_frame`, where it has one.
    public var dwarfNumber: Int?
    /// Whether the register is part of `g` and `G`.
    ///
    /// The others travel by `p` and `P` only.
    public var isInGeneralPacket: Bool
    /// Whether every stop reply carries this register, because clients ask for it at every stop.
    ///
    /// ``Feature/isExpedited`` says so of a whole feature.
    public var isExpedited: Bool
    /// Whether a write may give the lowest bytes only, and leave the others as they are.
    ///
    /// LLDB takes SVE's registers for as large as the vector length in effect.
    public var takesPartialWrites: Bool

    /// A row of the register table.
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
