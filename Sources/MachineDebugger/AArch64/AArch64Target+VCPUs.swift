import AArch64
import Acceleration
package import Execution
import GDBStub
import Machine
import NumberText

// The activity of each vCPU, for display.
extension AArch64Target {
    /// The vCPU's number, exception level and wait state, such as `CPU 2 (EL1, WFI)`.
    package func threadName(vcpu: Int) -> String {
        let activity = accelerator.activity(vcpu: vcpu)
        if activity == .off { return "CPU \(vcpu) (off)" }
        let level = (try? pstate(vcpu).el.rawValue).map { "EL\($0)" } ?? "EL?"
        let wait = activity == .waiting ? ", WFI" : activity == .waitingForEvent ? ", WFE" : ""
        return "CPU \(vcpu) (\(level)\(wait))"
    }

    /// One line for each vCPU, with the selected one marked as in `info threads`.
    package func cpus(selected: Int) throws(TargetError) -> String {
        var text = ""
        for vcpu in 0..<vcpuCount {
            text += (vcpu == selected ? "* " : "  ") + threadName(vcpu: vcpu)
            if accelerator.activity(vcpu: vcpu) != .off { text += try registers(vcpu: vcpu) }
            text += "\n"
        }
        return text
    }

    private func registers(vcpu: Int) throws(TargetError) -> String {
        let registers = try TranslationRegisters(accelerator, vcpu: vcpu)
        let asid = registers.tcr.asid(ttbr0: registers.ttbr0, ttbr1: registers.ttbr1)
        let masks = masks(try pstate(vcpu))
        return "  PC \(padded(try accelerator.read(.pc, vcpu: vcpu)))  DAIF \(masks)"
            + "  TTBR0 \(padded(registers.ttbr0))  TTBR1 \(padded(registers.ttbr1))"
            + "  ASID \(hexadecimal(UInt64(asid)))\(registers.sctlr.m ? "" : "  MMU off")"
    }

    /// A letter for each mask that is set, such as `-AIF`.
    func masks(_ state: PSTATE) -> String {
        zip("DAIF", [9, 8, 7, 6]).map { state.rawValue >> UInt64($1) & 1 != 0 ? String($0) : "-" }.joined()
    }
}
