/// A limit on how many lines a second reach the user, whatever the guest makes of them.
///
/// Lines beyond it are counted, and the count is a line of its own with the first that passes again.
struct LineRateLimit {
    /// Lines that may pass in the present second.
    private var left = mostInASecond
    private var second: UInt64 = 0
    private var dropped: UInt64 = 0

    private static let mostInASecond = 200

    mutating func pass(_ line: String, _ put: (String) -> Void) {
        let now = HostClock.now() / 1_000_000_000
        if now != second {
            if dropped > 0 {
                put("\(dropped) lines of breakpoints' commands left out: more than \(Self.mostInASecond) a second")
            }
            (second, left, dropped) = (now, Self.mostInASecond, 0)
        }
        guard left > 0 else { return dropped += 1 }
        left -= 1
        put(line)
    }
}
