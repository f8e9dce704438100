package import AArch64
import AArch64CPU
import Acceleration
package import Execution

// The debugger's catches, and the optional abilities of accelerators, all of which the software CPU has.
extension SoftwareAccelerator {
    package var catchableExceptions: [ExceptionCatches.Class] { ExceptionCatches.Class.allCases }
    package var interruptHoldings: [InterruptHolding] { InterruptHolding.allCases }
    package var canReportPower: Bool { true }
    /// Watchpoints are checked in software, so this limit only bounds the list.
    package var watchpointCount: Int? { GuestDebug.maximumWatchpoints }

    package func caughtException(vcpu: Int) -> CaughtException? { cluster.vcpus[vcpu].lastCaught }
}
