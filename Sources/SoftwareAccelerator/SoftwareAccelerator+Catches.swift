package import AArch64
import AArch64CPU
import Acceleration
package import Execution

// What the software CPU can do for a debugger beyond breakpoints and watchpoints: all there is.
extension SoftwareAccelerator {
    package var catchableExceptions: [ExceptionCatches.Class] { ExceptionCatches.Class.allCases }
    package var interruptHoldings: [InterruptHolding] { InterruptHolding.allCases }
    package var canReportPower: Bool { true }
    /// They are checked in software, so this is only where a list of them stops being one.
    package var watchpointCount: Int? { GuestDebug.mostWatchpoints }

    package func caughtException(vcpu: Int) -> CaughtException? { cluster.vcpus[vcpu].lastCaught }
}
