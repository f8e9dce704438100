import ByteOrder
import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Nil where the reply is the stop reply, which comes when the machine stops.
    mutating func reply(to command: ResumeCommand) throws(TargetError) -> Reply? {
        switch command {
        case .listActions:
            // GDB takes vCont only if it finds c, C, s and S, all of them.
            return Reply(nonStop == nil ? "vCont;c;C;s;S;r" : "vCont;c;C;s;S;r;t")
        case .actions(let actions):
            if nonStop != nil { return try moveOneByOne(actions) }
            resume(try plan(for: actions))
        case .plain(let motion, _, let address):
            if nonStop != nil { return try moveOneByOne(motion, from: address) }
            let plan = try plan(for: motion)
            if let address { try setProgramCounter(address, vcpu: movingVCPU(of: plan)) }
            resume(plan)
        }
        return nil
    }

    /// The plan a `vCont` describes: the leftmost action counts, and who has none stays.
    private func plan(for actions: [ResumeCommand.Action]) throws(TargetError) -> ResumePlan {
        guard !actions.contains(where: { $0.motion == .stop }) else {
            throw .invalid("vCont: t is only there in non-stop mode, which QNonStop:1 begins")
        }
        var motions = [ResumePlan.Motion?](repeating: nil, count: target.vcpuCount)
        var undecided = motions.count
        for action in actions {
            let vcpus = try vcpus(action.thread ?? ThreadID(thread: .all))
            guard undecided > 0 else { continue }
            for vcpu in vcpus where motions[vcpu] == nil {
                motions[vcpu] = ResumePlan.Motion(action.motion)
                undecided -= 1
            }
        }
        return ResumePlan(motions: motions.map { $0 ?? .hold })
    }

    /// The plan of `c` and `s`: only the vCPU that `Hc` chose, if it chose one; else all of them, of which the one
    /// that stopped steps with `s`.
    private func plan(for motion: ResumeCommand.Motion) throws(TargetError) -> ResumePlan {
        switch resumeThread.thread {
        case .number:
            return try plan(for: [ResumeCommand.Action(motion, thread: resumeThread)])
        case .any, .all:
            var plan = ResumePlan(motions: Array(repeating: .continue, count: target.vcpuCount))
            if accessVCPU < plan.motions.count { plan.motions[accessVCPU] = ResumePlan.Motion(motion) }
            return plan
        }
    }

    /// The vCPU whose program counter an address is for: the one that moves alone, or the current one.
    private func movingVCPU(of plan: ResumePlan) -> Int {
        if plan.motions.contains(.hold), let vcpu = plan.motions.firstIndex(where: { $0 != .hold }) { return vcpu }
        return accessVCPU
    }

    func setProgramCounter(_ address: UInt64, vcpu: Int) throws(TargetError) {
        guard let register = layout.register(genericName: "pc") else {
            throw .invalid("the target does not say which register is the program counter")
        }
        try target.writeRegister(
            register.number, vcpu: vcpu, bytes: address.littleEndianBytes(count: register.byteCount))
    }
}

extension ResumePlan.Motion {
    init(_ motion: ResumeCommand.Motion) {
        self =
            switch motion {
            case .continue: .continue
            case .step: .step
            case .stepWithin(let range): .stepWithin(range)
            case .stop: .hold
            }
    }
}
