import Execution
import GDBRemote

extension DebugSession {
    func reply(to command: MemoryCommand) throws(TargetError) -> Reply {
        switch command {
        case .read(let address, let count):
            guard count > 0 else { throw .invalid("m of no bytes at all") }
            return .hex(try readMemory(address, count: count, limit: packetSize / 2))
        case .readBinary(let address, let count):
            guard count > 0 else { return .binary([]) }
            return .binary(try readMemory(address, count: count, limit: packetSize - 1))
        case .write(let address, let bytes):
            guard !bytes.isEmpty else { return .ok }
            try checkNoFrameIsSelected()
            guard endsInAddressSpace(address, count: UInt64(bytes.count)) else {
                throw .fault("\(bytes.count) bytes reach beyond the last address")
            }
            try target.writeMemory(address, bytes: bytes, vcpu: accessVCPU)
            return .ok
        }
    }

    /// Reads the readable bytes that begin at the address.
    ///
    /// Clients request the missing ones again.
    func readMemory(_ address: UInt64, count: UInt64, limit: Int) throws(TargetError) -> [UInt8] {
        var count = Int(min(count, UInt64(limit)))
        if !endsInAddressSpace(address, count: UInt64(count)) {
            count = Int(0 &- address)
        }
        if let traceFrame { return try readMemory(address, count: count, in: traceFrame) }
        let bytes = try target.readMemory(address, count: count, vcpu: accessVCPU)
        guard !bytes.isEmpty else { throw .fault("memory there can't be read") }
        return bytes.count > count ? Array(bytes[..<count]) : bytes
    }

    /// Whether the range, of at least one byte, ends at or before the last address.
    func endsInAddressSpace(_ address: UInt64, count: UInt64) -> Bool {
        !address.addingReportingOverflow(count - 1).overflow
    }
}
