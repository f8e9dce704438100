/// The registers of a target description by number, and the layout of `g` and `G` packets.
///
/// GDB expects the registers in a `g` reply in the order of their numbers without gaps, and infers from the length of
/// the reply which registers it contains. All registers in the packet must therefore have lower numbers than those that
/// are not; ``TargetDescription/problems`` checks it.
public struct RegisterLayout: Sendable {
    /// All registers, in ascending order of number.
    public let registers: [RegisterDescription]
    /// The registers in a `g` packet, in the order of the packet.
    public let generalRegisters: [RegisterDescription]
    /// The size of the data in a `g` packet, in bytes.
    public let generalByteCount: Int
    /// The registers that every stop reply includes, so that the client need not read them.
    ///
    /// All are part of `g`: those of the first feature, those of expedited features, and expedited registers of others.
    public let expeditedRegisters: [RegisterDescription]

    /// Computes the layout of a description.
    public init(_ description: TargetDescription) {
        registers = description.features.flatMap { $0.registers }.sorted { $0.number < $1.number }
        generalRegisters = registers.filter { $0.isInGeneralPacket }
        generalByteCount = generalRegisters.reduce(0) { $0 + $1.byteCount }
        expeditedRegisters = description.features.enumerated()
            .flatMap { index, feature in
                feature.registers.filter { index == 0 || feature.isExpedited || $0.isExpedited }
            }
            .filter { $0.isInGeneralPacket }
    }

    /// Returns the register with the given number, or nil if there is none.
    public func register(numbered number: Int) -> RegisterDescription? {
        var low = 0
        var high = registers.count
        while low < high {
            let middle = low + (high - low) / 2
            if registers[middle].number < number {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < registers.count, registers[low].number == number else { return nil }
        return registers[low]
    }

    /// Returns the first register with the given generic name, such as `pc`, or nil if there is none.
    public func register(genericName name: String) -> RegisterDescription? {
        registers.first { $0.genericName.map { $0.utf8.elementsEqual(name.utf8) } ?? false }
    }

    /// Returns the offset of a register in the data of a `g` packet, in bytes, or nil if the packet does not contain
    /// it.
    public func offset(ofRegister number: Int) -> Int? {
        var offset = 0
        for register in generalRegisters {
            if register.number == number { return offset }
            offset += register.byteCount
        }
        return nil
    }
}
