import TestSupport
import Testing

extension EndToEnd {
    /// Guests that rewrite their own code, as just-in-time compilers do.
    @Suite struct SelfModifyingCode {
        @Test(
            "rewriting code costs no more the more often it has been rewritten",
            .notOnKVM(.softwareCPUSpeed))
        func constantCost() throws {
            let guest = try TimedGuest("rewrite", variables: ["how_many": 2000], marks: ["rewritten_so_often"])
            _ = try guest.timeToMark()
            let times = try (0..<15).map { _ in try guest.timeToMark() }
            let (early, late) = (times.prefix(3).min() ?? 0, times.suffix(3).min() ?? 0)
            print("2,000 rewrites: \(early) s after 2,000, \(late) s after 26,000")
            #expect(late < 3 * early, "\(times)")
        }
    }
}
