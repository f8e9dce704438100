/// How often the guest `agent` does what conditions, ranges and tracepoints are tried on.
///
/// Through KVM's emulated host a hit takes 12 ms and not 1 µs.
enum AgentGuest {
    /// A multiple of 4, as its items are.
    static let rounds = VMUnderTest.isKVM ? 400 : 200_000
    static let spins = VMUnderTest.isKVM ? 60 : 3000
    static let lastRound = rounds - 1

    /// For GDB, before the guest runs.
    static let setUp = """
        set var rounds = \(rounds)
        set var spins = \(spins)
        """
}
