import ByteOrder
import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    /// Handles a resume packet; nil if the reply is the stop reply, sent when the machine stops.
    mutating func reply(to command: ResumeCommand) throws(TargetError) -> Reply? {
        switch command {
        case .listActions:
            // GDB uses vCont only if c, C, s and S are all listed.
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

    /// Returns the plan of a `vCont`.
    ///
    /// The leftmost action for a vCPU applies, and a vCPU without one is held.
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

    /// Returns the plan of `c` and `s`.
    ///
    /// If `Hc` selected a vCPU, the rest are held. Otherwise all continue, and with `s` the vCPU that stopped steps.
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

    /// Returns the vCPU whose PC an address sets: the only one that the plan does not hold, or else the current one.
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
