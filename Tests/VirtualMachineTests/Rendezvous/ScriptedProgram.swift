import TestSupport

/// The program that scripted vCPUs execute in a loop, with its addresses twice: memory has each instruction once.
struct ScriptedProgram {
    enum Instruction: Equatable {
        case plain
        /// Writes to the address.
        case store(UInt64)
        /// A breakpoint instruction of the guest's own.
        case guestBreakpoint
        case turnOff
        case turnOn(vcpu: Int)
        case powerOff
        case reset
    }

    static let count = 12
    /// Where the second range of virtual addresses begins.
    static let alias: UInt64 = 0x1000
    static let data: ClosedRange<UInt64> = 0x8000...0x8003

    private(set) var instructions: [Instruction] = []

    init(vcpuCount: Int, _ random: inout SeededRandom) {
        for _ in 0..<Self.count {
            let instruction: Instruction =
                switch random.below(40) {
                case 0..<10: .store(Self.data.lowerBound + UInt64(random.below(4)))
                case 10..<13: .guestBreakpoint
                case 13: .turnOff
                case 14..<18: .turnOn(vcpu: random.below(vcpuCount))
                case 18 where random.chance(5): .powerOff
                case 19 where random.chance(5): .reset
                default: .plain
                }
            instructions.append(instruction)
        }
    }

    static func physical(_ address: UInt64) -> UInt64 { address & (alias - 1) }

    static func address(_ index: Int, isAlias: Bool) -> UInt64 { UInt64(4 * index) | (isAlias ? alias : 0) }

    subscript(address: UInt64) -> Instruction { instructions[Int(Self.physical(address) / 4)] }

    /// The address of the instruction after another one; now and then in the other range.
    func next(after address: UInt64, _ random: inout SeededRandom) -> UInt64 {
        let physical = (Self.physical(address) + 4) % UInt64(4 * Self.count)
        let isAlias = (address & Self.alias != 0) != (random.chance(10))
        return physical | (isAlias ? Self.alias : 0)
    }
}
