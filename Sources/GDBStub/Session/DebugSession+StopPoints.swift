import GDBRemote

extension DebugSession {
    func reply(to command: StopPointCommand) throws(TargetError) -> Reply {
        guard let type = UInt8(exactly: command.type), let kind = StopPoint.Kind(rawValue: type) else { return .empty }
        guard command.kind == 0 || endsInAddressSpace(command.address, count: command.kind) else {
            throw .invalid("\(command.kind) bytes reach beyond the last address")
        }
        let point = StopPoint(kind: kind, address: command.address, length: command.kind)
        switch command.operation {
        case .insert: try target.insert(point, vcpu: accessVCPU)
        case .remove: try target.remove(point, vcpu: accessVCPU)
        }
        return .ok
    }
}
