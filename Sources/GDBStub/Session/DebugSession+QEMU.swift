import Execution
import GDBRemote

/// QEMU's own packets, for tools that are written for its stub.
///
/// NOTIMER has no meaning of its own here: during a step, guest time advances by the one instruction at most.
extension DebugSession {
    func reply(to command: QEMUCommand) throws(TargetError) -> Reply {
        switch command {
        case .supported:
            var names: [String] = []
            if target.stepInterrupts != nil { names += ["sstepbits", "sstep"] }
            if target.physicalAddressing != nil { names.append("PhyMemMode") }
            guard !names.isEmpty else { throw .unsupported }
            return Reply(names.joined(separator: ";"))
        case .stepModeBits:
            _ = try required(target.stepInterrupts)
            return Reply("ENABLE=1,NOIRQ=2,NOTIMER=4")
        case .stepMode:
            return Reply(try required(target.stepInterrupts).stepsHoldInterrupts ? "0x7" : "0x5")
        case .setStepMode(let bits):
            let interrupts = try required(target.stepInterrupts)
            guard bits <= 7, bits & 1 != 0 else {
                throw .invalid("Qqemu.sstep takes 1 with 2 (no interrupts) and 4 (no timers) added to it")
            }
            try interrupts.setStepsHoldInterrupts(bits & 2 != 0)
            return .ok
        case .physicalMode:
            return Reply(try required(target.physicalAddressing).usesPhysicalAddresses ? "1" : "0")
        case .setPhysicalMode(let isPhysical):
            try required(target.physicalAddressing).setUsesPhysicalAddresses(isPhysical)
            return .ok
        }
    }
}
