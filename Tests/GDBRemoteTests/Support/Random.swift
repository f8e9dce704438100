import Testing

/// A small random number generator whose seed is told with every failure.
///
/// SplitMix64: each state gives one number, and any seed is good.
struct Random: RandomNumberGenerator {
    let seed: UInt64
    private var state: UInt64

    /// Without a seed, one of the system's.
    init(seed: UInt64?) {
        self.seed = seed ?? UInt64.random(in: 0...UInt64.max)
        state = self.seed
    }

    /// What to say when something fails.
    var comment: Comment { "seed \(seed)" }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    /// Bytes with many runs and many that need an escape.
    mutating func data(upTo count: Int) -> [UInt8] {
        var data: [UInt8] = []
        let count = below(count + 1)
        while data.count < count {
            let byte = below(2) == 0 ? UInt8(below(256)) : pick(Array("#$}*]+-0\u{3}".utf8))
            let length = below(3) == 0 ? 1 + below(120) : 1
            data += [UInt8](repeating: byte, count: min(length, count - data.count))
        }
        return data
    }
}
