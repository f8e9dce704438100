import Foundation
package import Testing

/// The random number generator of all tests, whose seed is printed with every failure.
///
/// SplitMix64: each state gives one number, and any seed is good.
package struct SeededRandom: RandomNumberGenerator {
    package let seed: UInt64
    private var state: UInt64

    package init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    /// The seed in `TRAPLINE_FUZZ_SEED`, or one of the system's.
    package static var chosenSeed: UInt64 {
        ProcessInfo.processInfo.environment["TRAPLINE_FUZZ_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...(.max))
    }

    /// A generator with the chosen seed, which is printed at once, so that a crash can be repeated as well.
    package static func announced(_ test: String) -> SeededRandom {
        let random = SeededRandom(seed: chosenSeed)
        print("\(test): \(random.comment)")
        return random
    }

    /// The comment of an expectation: how to repeat a failure.
    package var comment: Comment { "TRAPLINE_FUZZ_SEED=\(seed)" }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    package mutating func below(_ bound: Int) -> Int {
        Int.random(in: 0..<bound, using: &self)
    }

    /// True for that percentage of the calls.
    package mutating func chance(_ percent: Int) -> Bool {
        below(100) < percent
    }

    package mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }
}

/// Runs rounds of a random test for `TRAPLINE_FUZZ_SECONDS`, or about a second.
///
/// The seed of the first round is printed. Each later round's is one more, so that a run with the seed of a failure begins
/// with the round that failed.
package func fuzz(_ name: String, _ round: (inout SeededRandom) throws -> Void) rethrows {
    let environment = ProcessInfo.processInfo.environment
    let seconds = environment["TRAPLINE_FUZZ_SECONDS"].flatMap { Double($0) } ?? 1
    let seed = SeededRandom.announced("fuzz \(name)").seed
    let end = ContinuousClock.now + .seconds(seconds)
    var rounds: UInt64 = 0
    repeat {
        var random = SeededRandom(seed: seed &+ rounds)
        try round(&random)
        rounds += 1
    } while ContinuousClock.now < end
    print("fuzz \(name): \(rounds) rounds")
}
