import Foundation

/// SplitMix64: the same seed gives the same numbers; a failing test prints its seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// `MACHINE_TEST_SEED`, or a fixed seed so that a plain run is always the same.
    static var seed: UInt64 {
        ProcessInfo.processInfo.environment["MACHINE_TEST_SEED"].flatMap { UInt64($0) } ?? 0x7261_706C
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
