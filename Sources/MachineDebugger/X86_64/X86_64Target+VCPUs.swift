import Acceleration
import Execution
import GDBStub

// What each vCPU is doing, for people.
extension X86_64Target {
    package func threadName(vcpu: Int) -> String {
        let activity = accelerator.activity(vcpu: vcpu)
        if activity == .off { return "CPU \(vcpu) (off)" }
        let mode = (try? accelerator.mode(vcpu: vcpu).text) ?? "?"
        return "CPU \(vcpu) (\(mode)\(activity == .waiting ? ", HLT" : ""))"
    }
}
