package import AArch64
import AArch64CPU
import Acceleration
package import Execution

// The debugger's catches, and the optional abilities of accelerators. The software CPU has all of them.
extension SoftwareAccelerator {
    /// All exceptions can be caught.
    package var catchableExceptions: [ExceptionCatches.Class] { ExceptionCatches.Class.allCases }
    /// Interrupts can be masked always, never or during steps.
    package var interruptHoldings: [InterruptHolding] { InterruptHolding.allCases }
    /// True: the software CPU performs the power calls itself.
    package var canReportPower: Bool { true }
    /// The largest number of watchpoints.
    ///
    /// Watchpoints are checked in software, so the limit only bounds the list.
    package var watchpointCount: Int? { GuestDebug.maximumWatchpoints }

    package func caughtException(vcpu: Int) -> CaughtException? { cluster.vcpus[vcpu].lastCaught }
}
