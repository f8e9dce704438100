package import Machine

/// Which vCPUs of the software CPU may run, whose turn it is, and what is left of it.
///
/// One value, so that a run can be paused at any instruction and continued as if it had not been. Nothing in it depends
/// on when the host paused the run: turns end and devices are polled at virtual times that follow from the guest alone.
package struct Schedule: Equatable, Sendable {
    /// The vCPU that has the current turn, or had the last one; -1 before the first.
    ///
    /// Turns are given in the order of the vCPUs' numbers; those that may not run are left out.
    package private(set) var vcpu = -1
    /// Instructions left of the turn; 0 when it is over.
    package private(set) var left: UInt64 = 0
    /// Whether a YIELD ends the turn: `CPUCluster.yieldEndsRun`, as it was when the run paused.
    package internal(set) var yieldEndsRun = false
    /// How many turns there have been.
    package private(set) var turnCount: UInt64 = 0

    /// The virtual time in instructions from which on devices are polled before the next turn.
    package internal(set) var nextPoll: UInt64 = 0
    /// How many times devices have been polled.
    package private(set) var pollCount: UInt64 = 0

    /// By vCPU: whether it is on.
    package internal(set) var power: [PSCI.PowerState]
    /// By vCPU: whether it waits in WFI or WFE.
    package internal(set) var isWaiting: [Bool]
    /// By vCPU: whether it waits for console input in a semihosting call.
    package internal(set) var wantsInput: [Bool]

    /// All vCPUs off.
    init(vcpuCount: Int) {
        power = Array(repeating: .off, count: vcpuCount)
        isWaiting = Array(repeating: false, count: vcpuCount)
        wantsInput = isWaiting
    }

    mutating func beginTurn(of vcpu: Int, length: UInt64) {
        self.vcpu = vcpu
        left = length
        turnCount &+= 1
    }

    /// Takes executed instructions from the vCPU's turn, if it has the current one.
    mutating func charge(_ executed: UInt64, to vcpu: Int) {
        if vcpu == self.vcpu { left -= min(left, executed) }
    }

    /// Gives an instruction back to the vCPU's turn, if it has the current one.
    mutating func retractInstruction(of vcpu: Int) {
        if vcpu == self.vcpu { left &+= 1 }
    }

    mutating func endTurn(of vcpu: Int) {
        if vcpu == self.vcpu { left = 0 }
    }

    /// Notes that devices have been polled, and when they are polled next.
    mutating func recordPoll(next: UInt64) {
        nextPoll = next
        pollCount &+= 1
    }
}
