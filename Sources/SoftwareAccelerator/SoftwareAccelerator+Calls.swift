import AArch64CPU
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Machine

// What the guest calls outside of itself for: PSCI, and semihosting.
extension SoftwareAccelerator {
    /// Answers HVC and SMC as the machine's firmware; an outcome if that ends the turn of all.
    func callFirmware(_ vcpu: Int) -> RunOutcome? {
        let cpu = cluster.vcpus[vcpu]
        let call = PSCI.Call(function: UInt32(truncatingIfNeeded: cpu.x(0)), cpu.x(1), cpu.x(2), cpu.x(3))
        let answer = machine.answer(call, states: turns.power)
        if let result = answer.result { cpu.setX(0, result) }
        switch answer.action {
        case .proceed: break
        case .standby:
            turns.isWaiting[vcpu] = true
            cpu.beginWaitForInterrupt()
        case .start(let target, let entry, let context):
            cluster.vcpus[target].reset()
            cluster.vcpus[target].pc = entry
            cluster.vcpus[target].setX(0, context)
            turns.power[target] = .onPending
            turns.isWaiting[target] = false
            if debug.reportsPower { return .stopped(StopEvent(.turnedOn, vcpu: target)) }
        case .powerOff:
            turns.power[vcpu] = .off
            if debug.reportsPower { return .stopped(StopEvent(.turnedOff, vcpu: vcpu)) }
        case .systemOff: return .poweredOff(status: 0)
        case .systemReset: return .resetRequested
        }
        return nil
    }

    /// Answers HLT 0xF000; an outcome if the guest ends the machine.
    func callSemihosting(_ vcpu: Int) -> RunOutcome? {
        let cpu = cluster.vcpus[vcpu]
        let space = try? AArch64AddressSpace(self, memory: machine.memory, vcpu: vcpu)
        let call = Semihosting.Call(operation: cpu.x(0), parameter: cpu.x(1), vcpu: vcpu, pc: cpu.pc)
        let outcome = semihosting.answer(call, isToPause: { isStopRequested || isBrief }) { address, count in
            guard let bytes = try? space?.read(VirtualAddress(address), count: count), bytes.count == count else {
                return nil
            }
            return bytes
        }
        switch outcome {
        case .result(let value):
            cpu.setX(0, value)
            turns.endTurn(of: vcpu)
            return nil
        case .waits:
            // Executed again when there is input.
            cpu.pc &-= 4
            turns.wantsInput[vcpu] = true
            turns.endTurn(of: vcpu)
            return nil
        case .pauses:
            // Executed again, with the rest, after the stop: until then it has not been executed at all.
            cpu.retractInstruction()
            cluster.timeBase &-= 1
            turns.retractInstruction(of: vcpu)
            return nil
        case .exit(let status):
            return .poweredOff(status: status)
        }
    }
}
