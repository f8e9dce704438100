import Acceleration
import Execution
import GDBStub

// The activity of each vCPU, for display.
extension X86_64Target {
    /// The vCPU's number, mode and wait state, such as `CPU 1 (64-bit, ring 0, HLT)`.
    package func threadName(vcpu: Int) -> String {
        let activity = accelerator.activity(vcpu: vcpu)
        if activity == .off { return "CPU \(vcpu) (off)" }
        let mode = (try? accelerator.mode(vcpu: vcpu).text) ?? "?"
        return "CPU \(vcpu) (\(mode)\(activity == .waiting ? ", HLT" : ""))"
    }
}
