import Execution
import GDBRemote
import TargetDescription

extension DebugSession {
    mutating func reply(to query: Query) throws(TargetError) -> Reply? {
        switch query {
        case .stopReason:
            return nonStop == nil ? Reply(stopReplies.reply(to: lastStop)) : allStops()
        case .supported(let features):
            client.features = features
            // Some clients do not decode runs in this reply, although they do in others. QEMU never sends runs.
            link.send(Reply.features(of: target, for: client.features).data, encodesRuns: false)
            return nil
        case .startNoAckMode:
            send(.ok)
            link.stopAcknowledging()
            return nil
        case .transfer(let transfer):
            return try window(transfer)
        case .monitor(let line):
            return try runMonitorCommand(line)
        case .attached:
            // The machine existed before the client, and continues after the client disconnects.
            return Reply("1")
        case .symbol, .signals:
            return .ok
        case .offsets:
            return try offsets()
        }
    }

    /// Returns the reply to `qOffsets`: the relocation of the program, by which a debugger places its symbols when it
    /// connects.
    ///
    /// LLDB needs the reply even if the relocation is 0. GDB does nothing with a reply of 0 and asks only before its
    /// first read. Scripts for GDB (gef, pwndbg) ask later, and interpret any reply but an empty one, QEMU's, as a sign
    /// of user-mode emulation.
    private func offsets() throws(TargetError) -> Reply {
        let relocation = try required(target.relocation)
        guard client.listsThreadsInStopReply || (relocation != 0 && !client.hasReadTarget) else { return .empty }
        return .offsets(relocation)
    }

    private mutating func window(_ transfer: Query.Transfer) throws(TargetError) -> Reply {
        let document: [UInt8]
        switch transfer.object {
        case .features:
            guard transfer.annex.elementsEqual("target.xml".utf8) else {
                throw TargetError(.noSuchDocument, text: "the only document is target.xml")
            }
            document = targetDocument()
        case .threads:
            guard transfer.annex.isEmpty else { throw TargetError(.noSuchDocument, text: "threads have no annex") }
            document = threadsDocument(from: transfer.offset)
        case .traceFrameInfo:
            _ = try required(agent)
            document = try traceFrameDocument()
        case .memoryMap:
            let source = try required(target.memoryMapSource)
            guard transfer.annex.isEmpty else { throw TargetError(.noSuchDocument, text: "a memory map has no annex") }
            guard let map = source.memoryMap(vcpu: accessVCPU) else {
                throw TargetError(.noSuchDocument, text: "addresses are virtual, and a memory map is not true of them")
            }
            document = memoryMapDocument(map)
        case .osData:
            document = try systemDocument(transfer.annex, from: transfer.offset)
        }
        guard let reply = Reply.window(of: document, offset: transfer.offset, length: transfer.length) else {
            throw .invalid("the document is shorter than that")
        }
        return reply
    }

    private mutating func targetDocument() -> [UInt8] {
        if let known = transfers.description { return known }
        let document = target.preparedDescription?.document ?? target.description.xml()
        transfers.description = document
        return document
    }
}

extension Reply {
    /// The reply to `qSupported`, from the target's capabilities and the client's features.
    fileprivate static func features(of target: any DebugTarget, for client: ClientFeatures) -> Reply {
        var reply = Reply("PacketSize=")
        reply.append(number: UInt64(packetSize))
        reply.append(";QStartNoAckMode+;qXfer:features:read+;qXfer:threads:read+;vContSupported+;binary-upload+")
        reply.append(";swbreak+;hwbreak+")
        if target.agentHost != nil {
            reply.append(";ConditionalBreakpoints+;BreakpointCommands+;ConditionalTracepoints+;TraceStateVariables+")
            reply.append(";TracepointSource+;EnableDisableTracepoints+;DisconnectedTracing+;QTBuffer:size+;tracenz+")
            reply.append(";qXfer:traceframe-info:read+")
        }
        if target.systemTableSource != nil { reply.append(";qXfer:osdata:read+") }
        reply.append(";qEcho+;MultiMemRead+")
        if let types = target.watchpoints?.types {
            reply.append(";SupportedWatchpointTypes=")
            reply.append(types)
        }
        // GDB uses these packets whenever they are announced, and shows an error reply to the user.
        if target.powerReports != nil { reply.append(";QThreadEvents+") }
        if target.supportsNonStop { reply.append(";QNonStop+") }
        if target.memoryMapSource?.announcesMemoryMap == true { reply.append(";qXfer:memory-map:read+") }
        if client.contains(.multiprocess) { reply.append(";multiprocess+") }
        if client.contains(.errorText) { reply.append(";error-message+") }
        return reply
    }

    /// The reply to `qOffsets`.
    ///
    /// All sections have the same relocation.
    fileprivate static func offsets(_ relocation: UInt64) -> Reply {
        var reply = Reply("Text=")
        for key in ["", ";Data=", ";Bss="] {
            reply.append(key)
            reply.append(number: relocation)
        }
        return reply
    }
}
