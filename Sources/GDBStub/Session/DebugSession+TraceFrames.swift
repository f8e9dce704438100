import ByteOrder
import Execution
import GDBRemote
import TargetDescription

// With a frame selected, registers, memory and variables are those that were collected.
extension DebugSession {
    /// The frame that is looked at instead of the machine.
    var traceFrame: TraceFrame? {
        guard let selectedFrame, let agent else { return nil }
        return agent.trace.buffer[selectedFrame]
    }

    /// `QTFrame`: the first frame after the one looked at that is what is sought, or that of a number.
    ///
    /// Nil if the reply comes when enough of them have been looked at.
    mutating func select(_ search: TraceCommand.FrameSearch, in trace: TraceExperiment) -> Reply? {
        switch search {
        case .none:
            selectedFrame = nil
            return .ok
        case .number(let number):
            return selected(number < UInt64(trace.buffer.count) ? Int(number) : nil, in: trace)
        default:
            begin(FrameSearchRequest(search, from: (selectedFrame ?? -1) + 1, in: trace, longErrorStyle))
            return nil
        }
    }

    /// Selects a frame that was found.
    fileprivate mutating func selected(_ found: Int?, in trace: TraceExperiment) -> Reply {
        guard let found else { return Reply("F-1") }
        selectedFrame = found
        var reply = Reply("F")
        reply.append(number: UInt64(found))
        reply.append("T")
        reply.append(number: UInt64(trace.buffer[found].tracepoint))
        return reply
    }

    /// Where the frame was collected: its PC, or else the tracepoint's place.
    fileprivate func pc(of frame: TraceFrame) -> UInt64 {
        guard let register = layout.register(genericName: "pc"),
            let bytes = value(of: register, in: frame)
        else { return frame.address }
        return UInt64(littleEndianBytes: bytes)
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
        bytes += frame.address.littleEndianBytes(count: register.byteCount)
        return bytes
    }

    /// Memory as it was collected, or as it always is.
    func readMemory(_ address: UInt64, count: Int, in frame: TraceFrame) throws(TargetError) -> [UInt8] {
        let collected = frame.memory(address, count: count, registerBytes: layout.generalByteCount)
        if !collected.isEmpty { return collected }
        for range in agent?.trace.readOnlyRanges ?? [] where range.contains(address) {
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

/// A search through the trace frames, of which 256 MiB may be full.
private final class FrameSearchRequest: LongRequest {
    let errorStyle: DebugSession.ErrorStyle
    private let search: TraceCommand.FrameSearch
    private let trace: TraceExperiment
    private var index: Int

    /// The number of bytes of frames after which a piece ends.
    private static let bytesAtATime = 1 << 18

    init(
        _ search: TraceCommand.FrameSearch, from index: Int, in trace: TraceExperiment, _ style: DebugSession.ErrorStyle
    ) {
        self.search = search
        self.trace = trace
        self.index = index
        errorStyle = style
    }

    func nextPiece(for session: inout DebugSession) throws(TargetError) -> Reply? {
        var bytes = 0
        while index < trace.buffer.count {
            guard bytes < Self.bytesAtATime else { return nil }
            let frame = trace.buffer[index]
            if matches(frame, session) { return session.selected(index, in: trace) }
            bytes += frame.byteCount
            index += 1
        }
        return session.selected(nil, in: trace)
    }

    private func matches(_ frame: TraceFrame, _ session: borrowing DebugSession) -> Bool {
        switch search {
        case .none, .number: false
        case .pc(let address): session.pc(of: frame) == address
        case .tracepoint(let number): UInt64(frame.tracepoint) == number
        case .inside(let start, let end): start <= session.pc(of: frame) && session.pc(of: frame) <= end
        case .outside(let start, let end): session.pc(of: frame) < start || end < session.pc(of: frame)
        }
    }
}
