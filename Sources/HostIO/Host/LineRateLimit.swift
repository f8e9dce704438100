/// An upper bound on the lines that reach the user in a second.
///
/// Lines beyond it are counted, and the count is reported in a line of its own before the next line that passes.
package struct LineRateLimit {
    /// The number of lines that may still pass in this second.
    private var left = maximumInASecond
    private var second: UInt64 = 0
    private var dropped: UInt64 = 0

    private static let maximumInASecond = 200

    package init() {}

    package mutating func pass(_ line: String, _ put: (String) -> Void) {
        let now = HostClock.now() / 1_000_000_000
        if now != second {
            if dropped > 0 {
                put("\(dropped) lines of breakpoints' commands left out: more than \(Self.maximumInASecond) a second")
            }
            (second, left, dropped) = (now, Self.maximumInASecond, 0)
        }
        guard left > 0 else { return dropped += 1 }
        left -= 1
        put(line)
    }
}
