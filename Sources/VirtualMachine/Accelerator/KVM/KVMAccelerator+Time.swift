import AArch64
import KVM

// The guest's time. A kernel that is held for minutes would find its watchdogs expired and its timers all due at once;
// so its virtual counter goes on where it stood, as QEMU's does. KVM keeps one offset for all vCPUs.
extension KVMAccelerator {
    /// Remembers the counter: from now on no vCPU runs.
    func holdTime() {
        heldCounter = try? processors[0].system(.cntvct)
    }

    /// Has the counter go on from where it was held.
    func releaseTime() {
        guard let count = heldCounter, let id = KVMRegisterID.systemRegister(.cntvct) else { return }
        // A host that doesn't let it be set lets time go by, as it did.
        try? processors[0].write(id, count)
        heldCounter = nil
    }
}
