/// A sequence of instructions from a Load-Exclusive to its Store-Exclusive, which a debugger must step as one.
///
/// Every exception return clears the exclusive monitor, also after an exception that the debugger causes. The
/// Store-Exclusive of a sequence that is stepped instruction by instruction therefore always fails. The debugger runs
/// the vCPU to one of the exits of the sequence instead.
/// Arm ARM, D2.11 "Software Step exceptions", the note on Load-Exclusive and Store-Exclusive.
public struct ExclusiveSequence: Hashable, Sendable {
    /// The maximum distance between the Load-Exclusive and its Store-Exclusive, in instructions.
    public static let limit = 16

    /// The addresses at which execution can leave the sequence, without duplicates.
    ///
    /// The first is that of the instruction after the Store-Exclusive; the others are the targets of branches out of
    /// the sequence.
    public var exits: [UInt64]

    /// Finds the sequence that starts with the Load-Exclusive at `pc`.
    ///
    /// The result is nil if the word at `pc` is not a Load-Exclusive, if no Store-Exclusive follows within ``limit``
    /// instructions, if a word cannot be read, or if an instruction in between continues at an unknown address (an
    /// indirect branch, a call, an exception) or waits.
    /// - Parameter read: returns the word at an address, or nil if it cannot be read.
    public init?(at pc: UInt64, read: (UInt64) -> UInt32?) {
        guard let first = read(pc), StepClass(first) == .exclusiveLoad else { return nil }
        var targets: [UInt64] = []
        for index in 1...Self.limit {
            let address = pc &+ UInt64(index) * 4
            guard let word = read(address) else { return nil }
            if Self.isStoreExclusive(word) {
                let end = address &+ 4
                var exits = [end]
                for target in targets where !(target &- pc < end &- pc) && !exits.contains(target) {
                    exits.append(target)
                }
                self.exits = exits
                return
            }
            switch Self.flow(word, at: address) {
            case .next: break
            case .branch(let target): targets.append(target)
            case .unforeseen: return nil
            }
        }
        return nil
    }

    /// Where execution continues after an instruction of the sequence.
    private enum Flow {
        case next
        case branch(UInt64)
        case unforeseen
    }

    /// Returns whether the word is a Store-Exclusive of a register or a pair, with or without release semantics.
    public static func isStoreExclusive(_ word: UInt32) -> Bool {
        word & 0x3fe0_0000 == 0x0800_0000 || word & 0xbfe0_0000 == 0x8820_0000
    }

    /// Returns the number of the register that receives the status of a Store-Exclusive: Rs, bits 20:16.
    ///
    /// The status is 0 on success (Arm ARM, STXR).
    public static func statusRegister(_ word: UInt32) -> Int { Int(word[bits: 16...20]) }

    private static func flow(_ word: UInt32, at address: UInt64) -> Flow {
        func target(_ bits: ClosedRange<Int>) -> Flow {
            let width = UInt64(bits.count)
            let offset = Int64(bitPattern: UInt64(word[bits: bits]) << (64 - width)) >> Int64(64 - width)
            return .branch(address &+ UInt64(bitPattern: offset &* 4))
        }
        if word & 0xff00_0000 == 0x5400_0000 { return target(5...23) }  // B.cond, BC.cond
        if word & 0x7e00_0000 == 0x3400_0000 { return target(5...23) }  // CBZ, CBNZ
        if word & 0x7e00_0000 == 0x3600_0000 { return target(5...18) }  // TBZ, TBNZ
        if word & 0xfc00_0000 == 0x1400_0000 { return target(0...25) }  // B
        if word & 0xfc00_0000 == 0x9400_0000 { return .unforeseen }  // BL: the callee is not looked into
        if word & 0xfe00_0000 == 0xd600_0000 { return .unforeseen }  // BR, BLR, RET, ERET …
        if word & 0xff00_0000 == 0xd400_0000 { return .unforeseen }  // SVC, BRK …
        if StepClass(word) == .waits { return .unforeseen }
        return .next
    }
}
