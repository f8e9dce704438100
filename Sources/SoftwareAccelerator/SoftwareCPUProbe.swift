import AArch64CPU
import Acceleration
import GuestAddresses
import GuestMemory
import HostIO

/// A probe that checks that the software CPU works on this host, by running a loop of about three million instructions.
package enum SoftwareCPUProbe {
    /// The failure of the probe, for display.
    package struct Failure: Error, CustomStringConvertible {
        /// The failure as one sentence without a period.
        package var description: String
    }

    /// The result of the probe.
    package struct Report: Sendable {
        /// The number of instructions executed.
        package var instructionCount: Int
        /// The time of an iteration of the loop, in nanoseconds.
        package var nanosecondsPerIteration: Double
    }

    /// Runs the loop and checks its result.
    ///
    /// Throws if the result is wrong or memory is lacking.
    package static func run() throws(Failure) -> Report {
        let size: UInt64 = 4096
        let memory = GuestMemory()
        let ram: MemoryRegion
        do throws(RegionError) {
            ram = try memory.addRegion(name: "RAM", kind: .ram, base: 0, size: size)
        } catch {
            throw Failure(description: "the host has no memory left")
        }
        for (index, word) in SpeedLoop.aarch64.enumerated() {
            // The loop has a few words, and the RAM is a page.
            _ = memory.store(word, at: PhysicalAddress(UInt64(4 * index)), by: .host)
        }
        // SAFETY: `memory` owns the region until the loop has run.
        let region = unsafe RAMRegion(base: 0, size: size, host: ram.unsafeHostAddress, isReadOnly: false)
        defer { withExtendedLifetime(memory) {} }
        let cluster = CPUCluster(
            vcpuCount: 1, regions: [region], environment: NoDevices(), configuration: CPUConfiguration())
        for (register, value) in SpeedLoop.aarch64Registers.enumerated() { cluster.vcpus[0].setX(register, value) }
        let count = SpeedLoop.aarch64.count * Int(SpeedLoop.iterations)
        let start = HostClock.ofThisThread()
        let exit = cluster.run(0, budget: count)
        let time = HostClock.ofThisThread() &- start
        let result = cluster.vcpus[0].x(0)
        let expected = SpeedLoop.onHost().result
        guard exit == .budget, result == expected else {
            throw Failure(
                description: "a loop of \(count) instructions came to \(result) instead of \(expected) (\(exit))")
        }
        return Report(
            instructionCount: count, nanosecondsPerIteration: Double(time) / Double(SpeedLoop.iterations))
    }

    private final class NoDevices: CPUEnvironment {
        func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? { nil }
        func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool { false }
        func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { nil }
        func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool { false }
        func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {}
    }
}
