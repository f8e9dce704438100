import Foundation

/// The factor by which every time limit of the tests is longer than its source says.
///
/// A limit only ends a test that hangs: what passes never waits for it. The sources name what a quiet machine may take;
/// the factor makes that enough for a machine that is busy with other things, and for the emulated hosts.
/// `TRAPLINE_TEST_PATIENCE` overrides it.
package enum Patience {
    package static let factor: Int = {
        let environment = ProcessInfo.processInfo.environment
        if let factor = environment["TRAPLINE_TEST_PATIENCE"].flatMap({ Int($0) }), factor > 0 { return factor }
        return environment["TRAPLINE_TEST_ACCEL"]?.hasPrefix("kvm") == true ? 8 : 4
    }()

    /// Polls until a condition holds; false when the limit passes first.
    package static func eventually(
        within limit: Duration = .seconds(20), every pause: Duration = .milliseconds(2),
        _ condition: () throws -> Bool
    ) rethrows -> Bool {
        let deadline = ContinuousClock.now + limit.withPatience
        while try !condition() {
            guard ContinuousClock.now < deadline else { return try condition() }
            usleep(UInt32(pause / .microseconds(1)))
        }
        return true
    }
}

extension Duration {
    /// A time limit as the machine under test needs it.
    package var withPatience: Duration { self * Patience.factor }
}
