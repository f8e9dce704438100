import AArch64
import Machine
import Synchronization

/// The machine around KVM's vCPUs: their threads reach its devices one at a time.
final class KVMGuest: @unchecked Sendable {
    // SAFETY: `machine` is used with `lock` held while a vCPU runs.
    let machine: Machine
    /// What the guest's processors have; known when the first of them is there, and the same ever after.
    var features: ArchitectureFeatures = []
    var physicalAddressBits = 40
    var debugRegisters = DebugRegisterCounts(breakpoints: 0, watchpoints: 0)
    private let lock = Mutex<Void>(())
    /// Brings the guest what came from outside.
    private let takeInput: () -> Void

    init(_ machine: Machine, takeInput: @escaping () -> Void) {
        self.machine = machine
        self.takeInput = takeInput
    }

    /// A device's answer; nil where no device is.
    func read(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? {
        lock.withLock { _ in
            let value = machine.bus.read(address, size: size, vcpu: vcpu)
            // A read may have made room for more.
            takeInput()
            return value
        }
    }

    /// False where no device is.
    func write(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool {
        lock.withLock { _ in
            let isTaken = machine.bus.write(address, size: size, value: value, vcpu: vcpu)
            takeInput()
            return isTaken
        }
    }

    /// A port's answer; nil where no device is.
    func readPort(_ port: UInt16, size: Int, vcpu: Int) -> UInt64? {
        lock.withLock { _ in
            let value = machine.ports.read(UInt64(port), size: size, vcpu: vcpu)
            takeInput()
            return value
        }
    }

    /// What nobody takes is lost, as on a PC.
    func writePort(_ port: UInt16, size: Int, value: UInt64, vcpu: Int) {
        lock.withLock { _ in
            _ = machine.ports.write(UInt64(port), size: size, value: value, vcpu: vcpu)
            takeInput()
        }
    }

    /// What the guest has asked the machine's power control for, once.
    func takePowerRequest() -> PowerRequest? {
        lock.withLock { _ in machine.takePowerRequest() }
    }

    /// Looks whether something came from outside; says for how many nanoseconds there will be nothing to look for.
    func poll() -> UInt64 {
        lock.withLock { _ in
            takeInput()
            if machine.hasWorkLeft { return 100_000 }
            guard let seconds = machine.rtc?.secondsUntilMatch else { return 3_600_000_000_000 }
            return min(UInt64(seconds), 3600) * 1_000_000_000 + 1_000_000
        }
    }
}
