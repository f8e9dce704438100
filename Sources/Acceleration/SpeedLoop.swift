import HostIO

/// A loop that takes about the same time in a guest as on the host.
///
/// Each iteration depends on the multiplication of the previous one, so the processor cannot overlap them.
package enum SpeedLoop {
    /// The number of iterations.
    package static let iterations: UInt64 = 1 << 20
    /// The initial number.
    package static let seed: UInt64 = 1
    /// The factor of each iteration.
    package static let factor: UInt64 = 0x5851_F42D_4C95_7F2D
    /// The summand of each iteration.
    package static let summand: UInt64 = 0x1405_7B7E_F767_814F

    /// The loop as A64 instructions.
    ///
    /// X0 is the number, X1 the remaining iterations, X2 the factor, X3 the summand.
    package static let aarch64: [UInt32] = [
        0x9B02_0C00,  // madd x0, x0, x2, x3
        0xF100_0421,  // subs x1, x1, #1
        0x54FF_FFC1,  // b.ne to the first
    ]
    /// The initial values of X0 to X3.
    package static let aarch64Registers = [seed, iterations, factor, summand]

    /// The loop as x86-64 code.
    ///
    /// RAX is the number, RCX the remaining iterations, RDX the factor, RBX the summand.
    package static let x86: [UInt8] = [
        0x48, 0x0F, 0xAF, 0xC2,  // imul %rdx, %rax
        0x48, 0x01, 0xD8,  // add %rbx, %rax
        0x48, 0xFF, 0xC9,  // dec %rcx
        0x75, 0xF4,  // jnz to the first
    ]

    /// Runs the loop on the host, and returns its result and the time of an iteration on this thread.
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
