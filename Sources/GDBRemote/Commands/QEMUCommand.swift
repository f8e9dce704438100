/// Packets that QEMU's stub introduced and that tools for QEMU send (QEMU, "GDB usage").
public enum QEMUCommand: Equatable, Sendable {
    /// `qqemu.Supported`: asks which of QEMU's packets are supported.
    case supported
    /// `qqemu.sstepbits` and `Qqemu.sstepbits`: asks for the meaning of the bits of the step mode.
    case stepModeBits
    /// `qqemu.sstep` and `Qqemu.sstep`: asks for the step mode.
    case stepMode
    /// `Qqemu.sstep=BITS` and `qqemu.sstep=BITS`: sets the step mode.
    case setStepMode(UInt64)
    /// `qqemu.PhyMemMode`: asks whether addresses are physical.
    case physicalMode
    /// `Qqemu.PhyMemMode`: sets whether addresses are physical.
    case setPhysicalMode(Bool)

    @Sendable static func supported(_ reader: inout ByteReader) -> Command {
        .qemu(.supported)
    }

    @Sendable static func stepModeBits(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .qemu(.stepModeBits) : .malformed("qqemu.sstepbits takes nothing")
    }

    @Sendable static func stepMode(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .qemu(.stepMode) : .malformed("qqemu.sstep takes nothing")
    }

    @Sendable static func physicalMode(_ reader: inout ByteReader) -> Command {
        reader.isAtEnd ? .qemu(.physicalMode) : .malformed("qqemu.PhyMemMode takes nothing")
    }

    @Sendable static func setPhysicalMode(_ reader: inout ByteReader) -> Command {
        guard reader.skip(":"), let value = reader.number(), value < 2, reader.isAtEnd else {
            return .malformed("Qqemu.PhyMemMode takes :0 or :1")
        }
        return .qemu(.setPhysicalMode(value == 1))
    }

    /// Parses `Qqemu.sstep=BITS`, the only packet whose name ends at an equals sign; nil if the name is another.
    static func setStepMode(_ name: ArraySlice<UInt8>, _ reader: inout ByteReader) -> Command? {
        let prefix = "Qqemu.sstep="
        guard name.starts(with: prefix.utf8) || name.starts(with: "qqemu.sstep=".utf8) else { return nil }
        var digits = name.dropFirst(prefix.utf8.count)
        // QEMU's manual writes the number with 0x, and QEMU's stub accepts it.
        if digits.starts(with: "0x".utf8) { digits = digits.dropFirst(2) }
        var argument = ByteReader(Array(digits))
        guard let value = argument.number(), argument.isAtEnd, reader.isAtEnd else {
            return .malformed("Qqemu.sstep takes =BITS in hex")
        }
        return .qemu(.setStepMode(value))
    }
}
