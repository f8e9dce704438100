import AArch64CPU
import Glibc

/// Proves that the software CPU works on this host, by running a guest of three instructions.
package enum SoftwareCPUProbe {
    /// What went wrong.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// Sums 1 to 1000 in a loop and looks at the result; returns how many instructions that took.
    package static func run() throws(Failure) -> Int {
        let size = 4096
        guard let host = aligned_alloc(size, size) else { throw Failure(description: "the host has no memory left") }
        defer { free(host) }
        let program: [UInt32] = [
            0x8B01_0000,  // add x0, x0, x1
            0xF100_0421,  // subs x1, x1, #1
            0x54FF_FFC1,  // b.ne to the first
        ]
        memset(host, 0, size)
        for (index, word) in program.enumerated() {
            host.storeBytes(of: word.littleEndian, toByteOffset: 4 * index, as: UInt32.self)
        }
        let region = RAMRegion(base: 0, size: UInt64(size), host: host, isReadOnly: false)
        let cluster = CPUCluster(
            vcpuCount: 1, regions: [region], environment: NoDevices(), configuration: CPUConfiguration())
        cluster.vcpus[0].setX(1, 1000)
        let exit = cluster.run(0, budget: 3000)
        let sum = cluster.vcpus[0].x(0)
        guard exit == .budget, sum == 500_500 else {
            throw Failure(description: "a loop that sums 1 to 1000 came to \(sum) (\(exit))")
        }
        return 3000
    }

    private final class NoDevices: CPUEnvironment {
        func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? { nil }
        func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool { false }
        func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { nil }
        func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool { false }
        func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {}
    }
}
