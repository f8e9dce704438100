import ByteOrder
import Execution
import GDBRemote
import TargetDescription

// Trace frames. While one is selected, registers, memory and trace state variables have their collected values.
extension DebugSession {
    /// The selected trace frame; nil if packets access the live machine.
    var traceFrame: TraceFrame? {
        guard let selectedFrame, let agent else { return nil }
        return agent.trace.buffer[selectedFrame]
    }

    /// Handles `QTFrame`: selects a frame by number, or the next frame that matches after the selected one.
    ///
    /// Returns nil if the search takes longer and replies later.
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

    /// Selects a frame and returns the reply; nil stands for a failed search.
    fileprivate mutating func selected(_ found: Int?, in trace: TraceExperiment) -> Reply {
        guard let found else { return Reply("F-1") }
        selectedFrame = found
        var reply = Reply("F")
        reply.append(number: UInt64(found))
        reply.append("T")
        reply.append(number: UInt64(trace.buffer[found].tracepoint))
        return reply
    }

    /// The PC of a frame: the collected one, or else the address of the tracepoint.
    fileprivate func pc(of frame: TraceFrame) -> UInt64 {
        guard let register = layout.register(genericName: "pc"),
            let bytes = value(of: register, in: frame)
        else { return frame.address }
        return UInt64(littleEndianBytes: bytes)
    }

    /// The collected value of a register; nil if it was not collected.
    ///
    /// In a frame without registers the PC is still known, because it was the tracepoint's address.
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

    /// Reads collected memory, or live memory in a range that never changes.
    func readMemory(_ address: UInt64, count: Int, in frame: TraceFrame) throws(TargetError) -> [UInt8] {
        let collected = frame.memory(address, count: count, registerBytes: layout.generalByteCount)
        if !collected.isEmpty { return collected }
        for range in agent?.trace.readOnlyRanges ?? [] where range.contains(address) {
            let length = min(UInt64(count), range.upperBound - address)
            return try target.readMemory(address, count: Int(length), vcpu: accessVCPU)
        }
        throw .fault("memory there was not collected in this trace frame")
    }

    /// Throws if a trace frame is selected, because collected data cannot be changed.
    func checkNoFrameIsSelected() throws(TargetError) {
        guard selectedFrame == nil else {
            throw .invalid("a trace frame is selected, which can't be changed: tfind none selects the machine")
        }
    }

    /// Returns the document of `qXfer:traceframe-info` (GDB manual, "Traceframe Info Format").
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

/// A search through the trace frames, whose buffer may hold 256 MiB.
private final class FrameSearchRequest: LongRequest {
    let errorStyle: DebugSession.ErrorStyle
    private let search: TraceCommand.FrameSearch
    private let trace: TraceExperiment
    private var index: Int

    /// The number of bytes of frames in one piece of the search.
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
