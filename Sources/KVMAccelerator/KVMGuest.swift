package import GuestAddresses
package import Machine
import Synchronization

/// The machine around KVM's vCPUs: their threads reach its devices one at a time.
package final class KVMGuest: @unchecked Sendable {
    // SAFETY: `machine` is used with `lock` held while a vCPU runs.
    package let machine: Machine
    private let lock = Mutex<Void>(())
    /// Delivers pending input from the host to the devices.
    private let takeInput: () -> Void
    /// Called on a vCPU's thread when a device has left work for the next ``poll()``, because an idle guest makes no
    /// access by which the device would continue.
    package var onWorkLeft: () -> Void = {}

    package init(_ machine: Machine, takeInput: @escaping () -> Void) {
        self.machine = machine
        self.takeInput = takeInput
    }

    /// Reads from a device; nil if there is none at the address.
    package func read(_ address: PhysicalAddress, size: Int, vcpu: Int) -> UInt64? {
        // A read may have made room for more input.
        access { machine.bus.read(address, size: size, vcpu: vcpu) }
    }

    /// Writes to a device; false if there is none at the address.
    package func write(_ address: PhysicalAddress, size: Int, value: UInt64, vcpu: Int) -> Bool {
        access { machine.bus.write(address, size: size, value: value, vcpu: vcpu) }
    }

    /// Reads from a port; nil if no device has it.
    func readPort(_ port: UInt16, size: Int, vcpu: Int) -> UInt64? {
        access { machine.ports.read(port, size: size, vcpu: vcpu) }
    }

    /// Writes to a port; ignored if no device has it, as on a PC.
    func writePort(_ port: UInt16, size: Int, value: UInt64, vcpu: Int) {
        _ = access { machine.ports.write(port, size: size, value: value, vcpu: vcpu) }
    }

    private func access<Result>(_ body: () -> Result) -> Result {
        lock.withLock { _ in
            let result = body()
            takeInput()
            if machine.hasWorkLeft { onWorkLeft() }
            return result
        }
    }

    /// The request of the guest to the machine's power control, if any.
    ///
    /// Reading it clears it.
    func takePowerRequest() -> PowerRequest? {
        lock.withLock { _ in machine.takePowerRequest() }
    }

    /// Delivers pending input, and returns the number of nanoseconds until the next poll is needed.
    package func poll() -> UInt64 {
        lock.withLock { _ in
            takeInput()
            if machine.hasWorkLeft { return 100_000 }
            guard let seconds = machine.rtc?.secondsUntilMatch else { return 3_600_000_000_000 }
            return min(UInt64(seconds), 3600) * 1_000_000_000 + 1_000_000
        }
    }
}
