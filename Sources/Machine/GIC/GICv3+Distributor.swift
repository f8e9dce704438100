/// The distributor's 64 KiB register frame on the bus.
package final class GICDistributor: Device {
    /// The device's name.
    package let name = "GIC distributor"
    /// The size of the frame, in bytes.
    package static let size: UInt64 = 0x10000
    private let gic: GICv3

    /// Gives access to the distributor of `gic`.
    package init(_ gic: GICv3) { self.gic = gic }

    /// Reads a GICD register.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        GICFrame.read(offset, size, byte: { gic.priorityByte(offset: $0) }, word: { gic.readDistributor($0) })
    }

    /// Writes a GICD register.
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        GICFrame.write(
            offset, size, value,
            byte: { gic.writePriorityByte(offset: $0, $1) }, word: { gic.writeDistributor($0, $1) })
    }
}

/// The decoding of accesses to register frames: words, pairs of words, and bytes where the architecture has them
/// (priorities).
///
/// Accesses of any other size or at an unaligned offset are RAZ/WI.
enum GICFrame {
    static func read(
        _ offset: UInt64, _ size: Int, byte: (UInt64) -> UInt8, word: (UInt64) -> UInt32
    ) -> UInt64 {
        guard offset % UInt64(size) == 0 else { return 0 }
        switch size {
        case 1: return UInt64(byte(offset))
        case 4: return UInt64(word(offset))
        case 8: return UInt64(word(offset)) | UInt64(word(offset + 4)) << 32
        default: return 0
        }
    }

    static func write(
        _ offset: UInt64, _ size: Int, _ value: UInt64,
        byte: (UInt64, UInt8) -> Void, word: (UInt64, UInt32) -> Void
    ) {
        guard offset % UInt64(size) == 0 else { return }
        switch size {
        case 1: byte(offset, UInt8(truncatingIfNeeded: value))
        case 4: word(offset, UInt32(truncatingIfNeeded: value))
        case 8:
            word(offset, UInt32(truncatingIfNeeded: value))
            word(offset + 4, UInt32(truncatingIfNeeded: value >> 32))
        default: break
        }
    }

    /// Returns an identification register at the end of a frame; PIDR2 identifies the GIC as a GICv3.
    static func identification(_ offset: UInt64, part: UInt32) -> UInt32? {
        guard offset >= 0xFFD0, offset <= 0xFFFF else { return nil }
        // PIDR4 to 7, PIDR0 to 3 (Arm's JEP106 code 0x3B, architecture 3), CIDR0 to 3.
        let values: [UInt32] = [0x44, 0, 0, 0, part, 0xB4, 0x3B, 0, 0x0D, 0xF0, 0x05, 0xB1]
        return values[Int((offset - 0xFFD0) / 4)]
    }

    /// GICD_IIDR and GICR_IIDR: implementer Arm.
    static let implementer: UInt32 = 0x43B
}

extension GICv3 {
    /// GICD_CTLR: ARE and DS are RAO/WI.
    private var distributorControl: UInt32 {
        0x50 | (state.distributorEnabled.group0 ? 1 : 0) | (state.distributorEnabled.group1 ? 2 : 0)
    }

    /// GICD_TYPER: ITLinesNumber, IDbits 9 (INTIDs of 10 bits), A3V; no LPIs, no security.
    private var distributorType: UInt32 {
        UInt32(interruptCount / 32 - 1) | 9 << 19 | 1 << 24
    }

    func readDistributor(_ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x0: return distributorControl
        case 0x4: return distributorType
        case 0x8: return GICFrame.implementer
        case 0x6000..<0x8000:
            // GICD_IROUTER<n> is at 0x6000 + 8n; there is none for the first 32 INTIDs.
            guard let spi = routedSPI(offset) else { return 0 }
            return UInt32(truncatingIfNeeded: state.routes[spi] >> (offset & 4 != 0 ? 32 : 0))
        default:
            if let value = GICFrame.identification(offset, part: 0x92) { return value }
            guard let (register, bank, word) = InterruptBank.Register.at(offset), state.spis.indices.contains(bank - 1)
            else {
                return 0
            }
            return state.spis[bank - 1].read(register, word: word)
        }
    }

    func writeDistributor(_ offset: UInt64, _ value: UInt32) {
        switch offset {
        case 0x0:
            state.distributorEnabled = GroupPair(value & 1 != 0, value & 2 != 0)
        case 0x40, 0x48:
            // GICD_SETSPI_NSR and GICD_CLRSPI_NSR: message-based SPIs are not implemented (GICD_TYPER.MBIS is 0).
            return
        case 0x6000..<0x8000:
            guard let spi = routedSPI(offset) else { return }
            let (shift, mask): (UInt64, UInt64) = offset & 4 != 0 ? (32, 0xFF) : (0, 0x80FF_FFFF)
            state.routes[spi] = state.routes[spi] & ~(0xFFFF_FFFF << shift) | (UInt64(value) & mask) << shift
            targets[spi] = target(route: state.routes[spi])
        default:
            guard let (register, bank, word) = InterruptBank.Register.at(offset), state.spis.indices.contains(bank - 1)
            else {
                return
            }
            state.spis[bank - 1].write(register, word: word, value: value)
        }
        updateAll()
    }

    func priorityByte(offset: UInt64) -> UInt8 {
        guard let (bank, index) = Self.priorityIndex(offset), state.spis.indices.contains(bank - 1) else { return 0 }
        return state.spis[bank - 1].priority[index]
    }

    func writePriorityByte(offset: UInt64, _ value: UInt8) {
        guard let (bank, index) = Self.priorityIndex(offset), state.spis.indices.contains(bank - 1) else { return }
        state.spis[bank - 1].writePriority(index, value)
        updateAll()
    }

    /// Returns the interrupt whose GICD_IPRIORITYR byte is at the offset.
    static func priorityIndex(_ offset: UInt64) -> (bank: Int, index: Int)? {
        guard (0x400..<0x800).contains(offset) else { return nil }
        return (Int(offset - 0x400) / 32, Int(offset - 0x400) % 32)
    }

    private func routedSPI(_ offset: UInt64) -> Int? {
        let spi = Int(offset - 0x6000) / 8 - 32
        return state.routes.indices.contains(spi) ? spi : nil
    }
}
