/// A load-exclusive and what follows, up to the store-exclusive: the unit a debugger must step as one.
///
/// Every exception, a debugger's too, clears the exclusive monitor on its return, so a sequence that is stepped one
/// instruction at a time never succeeds. It is run to one of its exits instead.
/// Arm ARM, D2.11 "Software Step exceptions", the note on Load-Exclusive and Store-Exclusive.
public struct ExclusiveSequence: Hashable, Sendable {
    /// The farthest a store-exclusive is looked for, in instructions.
    public static let limit = 16

    /// Where the sequence may go on, without repeats: behind the store-exclusive first, then the targets of branches out of it.
    public var exits: [UInt64]

    /// Looks for the store-exclusive that goes with the load-exclusive at `pc`.
    ///
    /// nil if the word there is no load-exclusive, none of the next ones is a store-exclusive, or something between
    /// leaves in a way that can't be foreseen (an indirect branch, an exception).
    /// - Parameter read: the word at an address; nil if it can't be read.
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

    private enum Flow {
        case next
        case branch(UInt64)
        case unforeseen
    }

    /// Store exclusive register and pair, with or without release.
    public static func isStoreExclusive(_ word: UInt32) -> Bool {
        word & 0x3fe0_0000 == 0x0800_0000 || word & 0xbfe0_0000 == 0x8820_0000
    }

    /// The register that a store-exclusive's status goes to, Rs in bits 20:16: 0 is success (Arm ARM, STXR).
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
