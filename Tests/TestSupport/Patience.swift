import Foundation

/// How much longer than on a machine of one's own everything may take.
///
/// `TRAPLINE_TEST_PATIENCE` says it; in the emulated hosts it is 4.
package enum Patience {
    package static let factor: Int = {
        let environment = ProcessInfo.processInfo.environment
        if let factor = environment["TRAPLINE_TEST_PATIENCE"].flatMap({ Int($0) }), factor > 0 { return factor }
        return environment["TRAPLINE_TEST_ACCEL"]?.hasPrefix("kvm") == true ? 4 : 1
    }()
}

extension Duration {
    /// A time limit, longer where the machine under test is slow.
    package var withPatience: Duration { self * Patience.factor }
}
