package import Machine

/// The state of the software CPU's scheduling: which vCPUs may run, which one has the turn, and how much of the turn is
/// left.
///
/// All of it is in one value, so that a run can be paused at any instruction and continued without effect on the guest.
/// Nothing in it depends on when the host paused the run: turns end, and devices are polled, at virtual times that
/// depend on the guest alone.
package struct Schedule: Equatable, Sendable {
    /// The vCPU that has the current turn, or had the last one; −1 before the first.
    ///
    /// vCPUs take turns in the order of their numbers, and those that may not run are skipped.
    package private(set) var vcpu = -1
    /// The instructions left in the turn; 0 once it is over.
    package private(set) var left: UInt64 = 0
    /// Whether a YIELD ends the turn: the value of `CPUCluster.yieldEndsRun` when the run paused.
    package internal(set) var yieldEndsRun = false
    /// The number of turns so far.
    package private(set) var turnCount: UInt64 = 0

    /// The virtual time, in instructions, at or after which devices are polled before the next turn.
    package internal(set) var nextPoll: UInt64 = 0
    /// The number of times that devices have been polled.
    package private(set) var pollCount: UInt64 = 0

    /// The power state of each vCPU.
    package internal(set) var power: [PSCI.PowerState]
    /// Whether each vCPU waits in WFI or WFE.
    package internal(set) var isWaiting: [Bool]
    /// Whether each vCPU waits for console input in a semihosting call.
    package internal(set) var wantsInput: [Bool]

    /// The schedule before the first turn, with all vCPUs off.
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

    /// Subtracts executed instructions from the turn, if the vCPU has it.
    mutating func charge(_ executed: UInt64, to vcpu: Int) {
        if vcpu == self.vcpu { left -= min(left, executed) }
    }

    /// Returns one instruction to the turn, if the vCPU has it.
    mutating func retractInstruction(of vcpu: Int) {
        if vcpu == self.vcpu { left &+= 1 }
    }

    mutating func endTurn(of vcpu: Int) {
        if vcpu == self.vcpu { left = 0 }
    }

    /// Records a poll of the devices, and the time of the next one.
    mutating func recordPoll(next: UInt64) {
        nextPoll = next
        pollCount &+= 1
    }
}
