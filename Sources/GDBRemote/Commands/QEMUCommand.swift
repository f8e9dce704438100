/// The packets that QEMU's stub brought in, which tools for its guests send (QEMU, "GDB usage").
public enum QEMUCommand: Equatable, Sendable {
    /// `qqemu.Supported`
    case supported
    /// `qqemu.sstepbits` and `Qqemu.sstepbits`: what the bits of the step's mode mean.
    case stepModeBits
    /// `qqemu.sstep` and `Qqemu.sstep`
    case stepMode
    /// `Qqemu.sstep=BITS` and `qqemu.sstep=BITS`
    case setStepMode(UInt64)
    /// `qqemu.PhyMemMode`
    case physicalMode
    /// `Qqemu.PhyMemMode`
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

    /// `Qqemu.sstep=VALUE`, the one packet whose name ends at an equals sign.
    static func setStepMode(_ name: ArraySlice<UInt8>, _ reader: inout ByteReader) -> Command? {
        let prefix = "Qqemu.sstep="
        guard name.starts(with: prefix.utf8) || name.starts(with: "qqemu.sstep=".utf8) else { return nil }
        var digits = name.dropFirst(prefix.utf8.count)
        // QEMU's manual types 0x, and its stub takes it.
        if digits.starts(with: "0x".utf8) { digits = digits.dropFirst(2) }
        var argument = ByteReader(Array(digits))
        guard let value = argument.number(), argument.isAtEnd, reader.isAtEnd else {
            return .malformed("Qqemu.sstep takes =BITS in hex")
        }
        return .qemu(.setStepMode(value))
    }
}
