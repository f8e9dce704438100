/// The redistributors' register frames on the bus: for each vCPU 128 KiB, RD_base followed by SGI_base.
package final class GICRedistributors: Device {
    /// The device's name.
    package let name = "GIC redistributors"
    /// The size of each vCPU's two frames, in bytes.
    package static let sizePerVCPU: UInt64 = 0x20000
    private let gic: GICv3

    /// Gives access to the redistributors of `gic`.
    package init(_ gic: GICv3) { self.gic = gic }

    /// Reads a GICR register of the vCPU that the offset selects.
    package func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 {
        let (target, offset) = (Int(offset / Self.sizePerVCPU), offset % Self.sizePerVCPU)
        guard gic.state.redistributors.indices.contains(target) else { return 0 }
        return GICFrame.read(
            offset, size,
            byte: { gic.priorityByte(redistributor: target, offset: $0) },
            word: { gic.readRedistributor(target, $0) })
    }

    /// Writes a GICR register of the vCPU that the offset selects.
    package func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) {
        let (target, offset) = (Int(offset / Self.sizePerVCPU), offset % Self.sizePerVCPU)
        guard gic.state.redistributors.indices.contains(target) else { return }
        GICFrame.write(
            offset, size, value,
            byte: { gic.writePriorityByte(redistributor: target, offset: $0, $1) },
            word: { gic.writeRedistributor(target, $0, $1) })
    }
}

extension GICv3 {
    private static let sgiBase: UInt64 = 0x10000

    func readRedistributor(_ vcpu: Int, _ offset: UInt64) -> UInt32 {
        switch offset {
        case 0x00: return 0  // GICR_CTLR: no LPIs to enable, no write in progress.
        case 0x04: return GICFrame.implementer
        case 0x08: return UInt32(truncatingIfNeeded: redistributorType(vcpu))
        case 0x0C: return UInt32(truncatingIfNeeded: redistributorType(vcpu) >> 32)
        case 0x14: return state.redistributors[vcpu].isAsleep ? 6 : 0  // GICR_WAKER: ChildrenAsleep, ProcessorSleep.
        case Self.sgiBase...:
            guard let (register, word) = Self.privateRegister(offset) else { return 0 }
            return state.redistributors[vcpu].bank.read(register, word: word)
        default:
            return GICFrame.identification(offset, part: 0x93) ?? 0
        }
    }

    func writeRedistributor(_ vcpu: Int, _ offset: UInt64, _ value: UInt32) {
        if offset == 0x14 {
            state.redistributors[vcpu].isAsleep = value & 2 != 0
            return
        }
        guard offset >= Self.sgiBase, let (register, word) = Self.privateRegister(offset) else { return }
        // SGIs are always edge-triggered, so the write is ignored.
        if register == .configuration, word == 0 { return }
        state.redistributors[vcpu].bank.write(register, word: word, value: value)
        update(vcpu: vcpu)
    }

    func priorityByte(redistributor vcpu: Int, offset: UInt64) -> UInt8 {
        guard offset >= Self.sgiBase, let (bank, index) = Self.priorityIndex(offset - Self.sgiBase), bank == 0 else {
            return 0
        }
        return state.redistributors[vcpu].bank.priority[index]
    }

    func writePriorityByte(redistributor vcpu: Int, offset: UInt64, _ value: UInt8) {
        guard offset >= Self.sgiBase, let (bank, index) = Self.priorityIndex(offset - Self.sgiBase), bank == 0 else {
            return
        }
        state.redistributors[vcpu].bank.writePriority(index, value)
        update(vcpu: vcpu)
    }

    /// GICR_TYPER: Affinity_Value, Processor_Number, and Last for the last redistributor.
    private func redistributorType(_ vcpu: Int) -> UInt64 {
        let affinity = affinities[vcpu]
        let packed = (affinity >> 32 & 0xFF) << 24 | affinity & 0xFF_FFFF
        return packed << 32 | UInt64(vcpu) << 8 | (vcpu == affinities.count - 1 ? 1 << 4 : 0)
    }

    private static func privateRegister(_ offset: UInt64) -> (InterruptBank.Register, word: Int)? {
        guard let (register, bank, word) = InterruptBank.Register.at(offset - sgiBase), bank == 0 else { return nil }
        return (register, word)
    }
}
