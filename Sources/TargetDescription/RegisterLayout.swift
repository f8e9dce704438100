/// Where each register is: the table of a description by number, and the layout of `g` and `G`.
///
/// GDB takes the registers of a `g` reply in the order of their numbers without gaps, and decides by the reply's
/// length which ones are part of it. So those that are not must have higher numbers than all that are;
/// ``TargetDescription/problems`` checks it.
public struct RegisterLayout: Sendable {
    /// Every register, in the order of numbers.
    public let registers: [RegisterDescription]
    /// The registers of `g`, in the order they travel.
    public let generalRegisters: [RegisterDescription]
    /// How many bytes `g` has.
    public let generalByteCount: Int
    /// The registers that every stop reply carries, so that the client need not ask for them.
    public let expeditedRegisters: [RegisterDescription]

    /// The layout of a description's registers.
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

    /// The register with that number, if there is one.
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

    /// The first register with that generic name, such as `pc`.
    public func register(genericName name: String) -> RegisterDescription? {
        registers.first { $0.genericName.map { $0.utf8.elementsEqual(name.utf8) } ?? false }
    }

    /// Where in `g` the register begins, in bytes; nil if it is not part of it.
    public func offset(ofRegister number: Int) -> Int? {
        var offset = 0
        for register in generalRegisters {
            if register.number == number { return offset }
            offset += register.byteCount
        }
        return nil
    }
}
