import GDBRemote
import TargetDescription

// With a frame selected, registers, memory and variables are those that were collected.
extension DebugSession {
    /// The frame that is looked at instead of the machine.
    var traceFrame: TraceFrame? {
        guard let selectedFrame, let agent = target.agent else { return nil }
        return agent.trace.buffer[selectedFrame]
    }

    /// `QTFrame`: the first frame behind the one looked at that is what is sought, or that of a number.
    mutating func select(_ search: TraceCommand.FrameSearch, in trace: TraceExperiment) -> Reply {
        let first = (selectedFrame ?? -1) + 1
        let found: Int?
        switch search {
        case .none:
            selectedFrame = nil
            return .ok
        case .number(let number): found = number < UInt64(trace.buffer.count) ? Int(number) : nil
        case .pc(let address): found = frame(from: first, in: trace) { pc(of: $0) == address }
        case .tracepoint(let number): found = frame(from: first, in: trace) { UInt64($0.tracepoint) == number }
        case .inside(let start, let end):
            found = frame(from: first, in: trace) { start <= pc(of: $0) && pc(of: $0) <= end }
        case .outside(let start, let end):
            found = frame(from: first, in: trace) { pc(of: $0) < start || end < pc(of: $0) }
        }
        guard let found else { return Reply("F-1") }
        selectedFrame = found
        var reply = Reply("F")
        reply.append(number: UInt64(found))
        reply.append("T")
        reply.append(number: UInt64(trace.buffer[found].tracepoint))
        return reply
    }

    private func frame(from first: Int, in trace: TraceExperiment, where matches: (TraceFrame) -> Bool) -> Int? {
        var index = first
        while index < trace.buffer.count {
            if matches(trace.buffer[index]) { return index }
            index += 1
        }
        return nil
    }

    /// Where the frame was collected: its PC, or else the tracepoint's place.
    private func pc(of frame: TraceFrame) -> UInt64 {
        guard let register = layout.register(genericName: "pc"),
            let bytes = value(of: register, in: frame)
        else { return frame.address }
        var value: UInt64 = 0
        for byte in bytes.prefix(8).reversed() { value = value << 8 | UInt64(byte) }
        return value
    }

    /// A register as it was collected.
    ///
    /// Of a frame without registers at least PC is known: it was at the tracepoint.
    func value(of register: RegisterDescription, in frame: TraceFrame) -> [UInt8]? {
        guard let offset = layout.offset(ofRegister: register.number) else { return nil }
        if let all = frame.registers(byteCount: layout.generalByteCount) {
            return Array(all[offset..<(offset + register.byteCount)])
        }
        guard register.genericName?.utf8.elementsEqual("pc".utf8) == true else { return nil }
        var bytes: [UInt8] = []
        bytes.append(number: frame.address, count: register.byteCount)
        return bytes
    }

    /// Memory as it was collected, or as it always is.
    func readMemory(_ address: UInt64, count: Int, in frame: TraceFrame) throws(TargetError) -> [UInt8] {
        let collected = frame.memory(address, count: count, registerBytes: layout.generalByteCount)
        if !collected.isEmpty { return collected }
        for range in target.agent?.trace.readOnlyRanges ?? [] where range.contains(address) {
            let length = min(UInt64(count), range.upperBound - address)
            return try target.readMemory(address, count: Int(length), vcpu: accessVCPU)
        }
        throw .fault("memory there was not collected in this trace frame")
    }

    /// Nothing can be changed in what is past.
    func checkNoFrameIsSelected() throws(TargetError) {
        guard selectedFrame == nil else {
            throw .invalid("a trace frame is selected, which can't be changed: tfind none selects the machine")
        }
    }

    /// `qXfer:traceframe-info`: what the frame has (GDB manual, "Traceframe Info Format").
    func traceFrameDocument() throws(TargetError) -> [UInt8] {
        guard let frame = traceFrame else { throw .invalid("no trace frame is selected") }
        var writer = XMLWriter()
        writer.raw("<?xml version=\"1.0\"?>\n<!DOCTYPE traceframe-info SYSTEM \"traceframe-info.dtd\">\n")
        writer.begin("traceframe-info")
        frame.forEachBlock(registerBytes: layout.generalByteCount) { block in
            switch block {
            case .registers: break
            case .memory(let address, let range):
                writer.element(
                    "memory",
                    [
                        ("start", "0x" + String(address, radix: 16)),
                        ("length", "0x" + String(range.count, radix: 16)),
                    ])
            case .variable(let number, _): writer.element("tvar", [("id", "0x" + String(number, radix: 16))])
            }
        }
        writer.end("traceframe-info")
        return writer.bytes
    }
}
