import HostIO

/// A loop that takes a processor about the same time in any guest as outside: each iteration waits for the multiplication
/// of the one before.
package enum SpeedLoop {
    package static let iterations: UInt64 = 1 << 20
    package static let seed: UInt64 = 1
    package static let factor: UInt64 = 0x5851_F42D_4C95_7F2D
    package static let summand: UInt64 = 0x1405_7B7E_F767_814F

    /// X0: the number, X1: iterations left, X2: the factor, X3: the summand.
    package static let aarch64: [UInt32] = [
        0x9B02_0C00,  // madd x0, x0, x2, x3
        0xF100_0421,  // subs x1, x1, #1
        0x54FF_FFC1,  // b.ne to the first
    ]
    package static let aarch64Registers = [seed, iterations, factor, summand]

    /// RAX: the number, RCX: iterations left, RDX: the factor, RBX: the summand.
    package static let x86: [UInt8] = [
        0x48, 0x0F, 0xAF, 0xC2,  // imul %rdx, %rax
        0x48, 0x01, 0xD8,  // add %rbx, %rax
        0x48, 0xFF, 0xC9,  // dec %rcx
        0x75, 0xF4,  // jnz to the first
    ]

    /// The loop outside of any guest: its result, and the time of an iteration on this thread.
    package static func onHost() -> (result: UInt64, nanosecondsPerIteration: Double) {
        let start = HostClock.ofThisThread()
        let result = run(seed, iterations, factor, summand)
        return (result, Double(HostClock.ofThisThread() &- start) / Double(iterations))
    }

    @inline(never)
    private static func run(_ seed: UInt64, _ iterations: UInt64, _ factor: UInt64, _ summand: UInt64) -> UInt64 {
        var number = seed
        for _ in 0..<iterations { number = number &* factor &+ summand }
        return number
    }
}
