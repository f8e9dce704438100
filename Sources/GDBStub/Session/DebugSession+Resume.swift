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
        case .plain(let kind, _, let address):
            if nonStop != nil { return try moveOneByOne(kind, from: address) }
            let plan = try plan(for: kind)
            if let address { try setProgramCounter(address, vcpu: movingVCPU(of: plan)) }
            resume(plan)
        }
        return nil
    }

    /// The plan a `vCont` describes: the leftmost action counts, and who has none stays.
    private func plan(for actions: [ResumeCommand.Action]) throws(TargetError) -> ResumePlan {
        guard !actions.contains(where: { $0.kind == .stop }) else {
            throw .invalid("vCont: t is only there in non-stop mode, which QNonStop:1 begins")
        }
        var resolved = [ResumeAction?](repeating: nil, count: target.vcpuCount)
        var undecided = resolved.count
        for action in actions {
            let vcpus = try vcpus(action.thread ?? ThreadID(thread: .all))
            guard undecided > 0 else { continue }
            for vcpu in vcpus where resolved[vcpu] == nil {
                resolved[vcpu] = ResumeAction(action.kind)
                undecided -= 1
            }
        }
        return ResumePlan(actions: resolved.map { $0 ?? .hold })
    }

    /// The plan of `c` and `s`: only the vCPU that `Hc` chose, if it chose one; else all of them, of which the one
    /// that stopped steps with `s`.
    private func plan(for kind: ResumeCommand.Kind) throws(TargetError) -> ResumePlan {
        switch resumeThread.thread {
        case .number:
            return try plan(for: [ResumeCommand.Action(kind, thread: resumeThread)])
        case .any, .all:
            var plan = ResumePlan(actions: Array(repeating: .continue, count: target.vcpuCount))
            if accessVCPU < plan.actions.count { plan.actions[accessVCPU] = ResumeAction(kind) }
            return plan
        }
    }

    /// The vCPU whose program counter an address is for: the one that moves alone, or the current one.
    private func movingVCPU(of plan: ResumePlan) -> Int {
        if plan.actions.contains(.hold), let vcpu = plan.actions.firstIndex(where: { $0 != .hold }) { return vcpu }
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

extension ResumeAction {
    init(_ kind: ResumeCommand.Kind) {
        self =
            switch kind {
            case .continue: .continue
            case .step: .step
            case .stepWithin(let range): .stepWithin(range)
            case .stop: .hold
            }
    }
}
