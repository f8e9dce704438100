import AArch64CPU
import Acceleration
import Execution
import HostIO
import Machine

// Turns of the vCPUs, and idle time.
//
// A turn neither allocates nor checks for input: vCPUs that spin hand over after a few instructions.
extension SoftwareAccelerator {
    /// Instructions a vCPU gets in one turn when another one is on.
    private static let sharedSlice = 20_000
    /// Instructions a vCPU gets when it is alone.
    ///
    /// The number determines only how often input is checked for.
    private static let soleSlice = 1_000_000

    /// Gives each vCPU that may run one turn; nil if it is time for the next round.
    ///
    /// A brief round is over sooner when a device is written to or much is printed: requests to stop can't reach it.
    func round(_ runners: [Int], isBrief: Bool = false) -> RunOutcome? {
        if isBrief || cluster.timeBase >= nextInput {
            takeInput()
            hostProcessor.note()
            nextInput = cluster.timeBase &+ UInt64(Self.sharedSlice * runners.count)
        }
        if isStopRequested { return .requested }
        // A stop cuts a round short: the next one begins after the vCPU that stopped, so that none is starved.
        var position = 0
        while position < runners.count, runners[position] <= lastTurn { position += 1 }
        var isIdle = true
        self.isBrief = isBrief
        cluster.endsAtDeviceWrites = isBrief
        defer {
            self.isBrief = false
            cluster.endsAtDeviceWrites = false
        }
        for _ in runners.indices {
            if position >= runners.count { position = 0 }
            let vcpu = runners[position]
            position += 1
            guard mayRun(vcpu) else { continue }
            isIdle = false
            lastTurn = vcpu
            let exit = cluster.run(vcpu, budget: budget(of: vcpu, among: runners, isBrief: isBrief))
            noteTime(of: vcpu)
            if let outcome = handle(exit, vcpu: vcpu) { return outcome }
            // There is a request to stop, which ends the whole round, or input.
            if exit == .requested {
                nextInput = 0
                if isStopRequested { return .requested }
            }
            if isBrief, exit == .requested || exit == .semihosting { return nil }
        }
        guard isIdle, !isBrief else { return nil }
        nextInput = 0
        if !machine.hasWorkLeft { idle(runners) }
        return nil
    }

    /// How many instructions a vCPU's turn has, and whether its YIELD ends it.
    private func budget(of vcpu: Int, among runners: [Int], isBrief: Bool) -> Int {
        var isShared = isBrief
        var handsOver = false
        for other in runners where other != vcpu && power[other] != .off {
            isShared = true
            if wantsInput[other] { continue }
            // A plain store may wake a vCPU that waits with its exclusive monitor set: this is checked between turns.
            guard isWaiting[other], !cluster.vcpus[other].waitsForStore else {
                handsOver = true
                break
            }
        }
        cluster.handsOver = handsOver
        return isShared || machine.hasWorkLeft ? Self.sharedSlice : Self.soleSlice
    }

    /// Whether the vCPU is on; one that CPU_ON has been called for is from now on.
    func isOn(_ vcpu: Int) -> Bool {
        if power[vcpu] == .onPending { power[vcpu] = .on }
        return power[vcpu] == .on
    }

    func mayRun(_ vcpu: Int) -> Bool {
        guard isOn(vcpu) else { return false }
        if wantsInput[vcpu] {
            guard semihosting.hasInput() else { return false }
            wantsInput[vcpu] = false
        }
        if isWaiting[vcpu] {
            guard cluster.vcpus[vcpu].endWait() else { return false }
            isWaiting[vcpu] = false
        }
        return true
    }

    // MARK: Idle time

    /// Sleeps until the next deadline or a kick, or moves virtual time there at once, because no vCPU may run.
    private func idle(_ runners: [Int]) {
        var deadline = alarm
        var backstop = UInt64.max
        for vcpu in runners where power[vcpu] == .on && isWaiting[vcpu] {
            deadline = min(deadline, cluster.vcpus[vcpu].waitDeadline)
            backstop = min(backstop, cluster.vcpus[vcpu].waitBackstop)
        }
        if idleTime == .isSkipped {
            guard min(deadline, backstop) != .max else { return waitForKick(nanoseconds: Self.longestSleep) }
            // A guest that only waits for events would keep the host busy, so the host's time passes as well.
            if backstop < deadline { waitForKick(nanoseconds: nanoseconds(until: backstop)) }
            advance(to: min(deadline, backstop))
            return
        }
        deadline = min(deadline, backstop)
        let before = HostClock.now()
        waitForKick(nanoseconds: nanoseconds(until: deadline))
        let slept = (HostClock.now() &- before) / nanosecondsPerInstruction
        advance(to: min(cluster.timeBase &+ slept, max(deadline, cluster.timeBase)))
    }

    private static let longestSleep: UInt64 = 3_600_000_000_000

    /// The time until a virtual time, but no more than an hour.
    private func nanoseconds(until time: UInt64) -> UInt64 {
        let gap = time &- min(time, cluster.timeBase)
        return gap > Self.longestSleep / nanosecondsPerInstruction
            ? Self.longestSleep : gap * nanosecondsPerInstruction
    }

    /// A tick of the 62.5 MHz counter has 16 nanoseconds.
    private var nanosecondsPerInstruction: UInt64 { 16 / cluster.configuration.instructionsPerTick }

    private var instructionsPerSecond: UInt64 { 1_000_000_000 / nanosecondsPerInstruction }

    /// Guest time since the first instruction.
    package var guestSeconds: UInt64 { cluster.timeBase / instructionsPerSecond }

    /// Virtual time of the real-time clock's alarm, `.max` if none is set.
    private var alarm: UInt64 {
        guard let seconds = machine.rtc?.secondsUntilMatch else { return .max }
        return (guestSeconds &+ UInt64(seconds)) &* instructionsPerSecond
    }

    private func advance(to time: UInt64) {
        cluster.timeBase = max(cluster.timeBase, time)
    }

    private func waitForKick(nanoseconds: UInt64) {
        sleep.wait(nanoseconds: nanoseconds) { sleep -> Void? in
            defer { sleep.isKicked = false }
            return sleep.isKicked ? () : nil
        }
    }
}
