import AArch64CPU
import HostIO
import Machine

// Idle time, and guest time in units other than instructions.
extension SoftwareAccelerator {
    /// Advances virtual time to the next deadline, or waits for a kick.
    ///
    /// Called when no vCPU may run.
    ///
    /// With ``IdleTime/isSkipped`` the next virtual time depends on the guest's state alone, not on how long the host
    /// waits or on what ends the wait.
    func idle(_ continues: [Bool]) {
        if machine.hasWorkLeft {
            turns.nextPoll = 0
            return
        }
        var deadline = alarm
        var backstop = UInt64.max
        for vcpu in continues.indices
        where continues[vcpu] && turns.power[vcpu] == .on && turns.isWaiting[vcpu] {
            deadline = min(deadline, cluster.vcpus[vcpu].waitDeadline)
            backstop = min(backstop, cluster.vcpus[vcpu].waitBackstop)
        }
        if idleTime == .isSkipped {
            guard min(deadline, backstop) != .max else { return waitForKick(nanoseconds: Self.longestSleep) }
            // A guest that waits only for events would keep the host busy, so host time must pass as well.
            if backstop < deadline { waitForKick(nanoseconds: nanoseconds(until: backstop)) }
            advanceTime(to: min(deadline, backstop))
            return
        }
        deadline = min(deadline, backstop)
        let before = HostClock.now()
        waitForKick(nanoseconds: nanoseconds(until: deadline))
        let slept = (HostClock.now() &- before) / nanosecondsPerInstruction
        advanceTime(to: min(cluster.timeBase &+ slept, max(deadline, cluster.timeBase)))
    }

    private func advanceTime(to time: UInt64) {
        cluster.timeBase = max(cluster.timeBase, time)
        turns.nextPoll = 0
    }

    private func waitForKick(nanoseconds: UInt64) {
        sleep.wait(nanoseconds: nanoseconds) { sleep -> Void? in
            defer { sleep.isKicked = false }
            return sleep.isKicked ? () : nil
        }
    }

    /// The longest sleep, in nanoseconds: one hour.
    private static let longestSleep: UInt64 = 3_600_000_000_000

    /// The host time until a virtual time, in nanoseconds, at most ``longestSleep``.
    private func nanoseconds(until time: UInt64) -> UInt64 {
        let gap = time &- min(time, cluster.timeBase)
        return gap > Self.longestSleep / nanosecondsPerInstruction
            ? Self.longestSleep : gap * nanosecondsPerInstruction
    }

    /// The time of an instruction.
    ///
    /// A tick of the 62.5 MHz counter takes 16 nanoseconds.
    private var nanosecondsPerInstruction: UInt64 { 16 / cluster.configuration.instructionsPerTick }

    private var instructionsPerSecond: UInt64 { 1_000_000_000 / nanosecondsPerInstruction }

    /// Virtual time in instructions; during a turn, that of the vCPU that has it.
    package var guestTime: UInt64 { cluster.time }

    /// Virtual time in seconds.
    package var guestSeconds: UInt64 { guestTime / instructionsPerSecond }

    /// The virtual time of the real-time clock's alarm, in instructions; `.max` if none is set.
    private var alarm: UInt64 {
        guard let seconds = machine.rtc?.secondsUntilMatch else { return .max }
        return (guestSeconds &+ UInt64(seconds)) &* instructionsPerSecond
    }
}
