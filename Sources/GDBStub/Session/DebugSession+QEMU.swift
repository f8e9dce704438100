import Execution
import GDBRemote

/// QEMU's own packets, for tools that were written for its stub.
///
/// NOTIMER has no meaning of its own here: while a vCPU steps, time moves on by the one instruction, or not at all.
extension DebugSession {
    func reply(to command: QEMUCommand) throws(TargetError) -> Reply {
        switch command {
        case .supported:
            return Reply("sstepbits;sstep;PhyMemMode")
        case .stepModeBits:
            return Reply("ENABLE=1,NOIRQ=2,NOTIMER=4")
        case .stepMode:
            return Reply(target.stepsHoldInterrupts ? "0x7" : "0x5")
        case .setStepMode(let bits):
            guard bits <= 7, bits & 1 != 0 else {
                throw .invalid("Qqemu.sstep takes 1 with 2 (no interrupts) and 4 (no timers) added to it")
            }
            try target.setStepsHoldInterrupts(bits & 2 != 0)
            return .ok
        case .physicalMode:
            guard let isPhysical = target.usesPhysicalAddresses else { return .empty }
            return Reply(isPhysical ? "1" : "0")
        case .setPhysicalMode(let isPhysical):
            guard target.usesPhysicalAddresses != nil else { return .empty }
            try target.setUsesPhysicalAddresses(isPhysical)
            return .ok
        }
    }
}
