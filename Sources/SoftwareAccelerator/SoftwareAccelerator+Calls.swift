import AArch64CPU
import Acceleration
import Execution
import GuestAddresses
import GuestMemory
import Machine

// Calls from the guest to the firmware and the host: PSCI and semihosting.
extension SoftwareAccelerator {
    /// Handles HVC and SMC as the machine's firmware.
    ///
    /// Returns an outcome if the call ends the run.
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

    /// Handles HLT 0xF000.
    ///
    /// Returns an outcome if the guest ends the machine.
    ///
    /// - Parameter hadMoved: whether the vCPU has executed another instruction earlier in the current run.
    func callSemihosting(_ vcpu: Int, hadMoved: Bool) -> RunOutcome? {
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
            retractCall(of: vcpu, hadMoved: hadMoved)
            turns.wantsInput[vcpu] = true
            turns.endTurn(of: vcpu)
            return nil
        case .pauses:
            retractCall(of: vcpu, hadMoved: hadMoved)
            return nil
        case .exit(let status):
            return .poweredOff(status: status)
        }
    }

    /// Retracts a semihosting call that is not complete, as if it had not been executed.
    ///
    /// The vCPU makes it again when there is input, or after a pause for the rest of its output.
    private func retractCall(of vcpu: Int, hadMoved: Bool) {
        cluster.vcpus[vcpu].retractInstruction()
        cluster.timeBase &-= 1
        turns.retractInstruction(of: vcpu)
        hasMoved[vcpu] = hadMoved
    }
}
