import ByteOrder

/// The data collected at one hit of a tracepoint, as the blocks of a trace file (GDB manual, "Trace File Format").
///
/// Numbers in it have the target's byte order, little-endian.
final class TraceFrame {
    /// The tracepoint's number, which has 16 bits in a trace file.
    let tracepoint: UInt16
    /// The address of the tracepoint, which is the PC if no registers were collected.
    let address: UInt64
    private(set) var blocks: [UInt8] = []

    /// The most bytes that one hit may collect.
    static let maximumBytes = 1 << 20
    /// The largest length of a memory block, in bytes.
    static let maximumInBlock = 0xffff
    /// The size of the frame's header in bytes: the tracepoint's number and the length of the blocks.
    static let headerBytes = 6

    init(tracepoint: UInt16, address: UInt64, blocks: [UInt8] = []) {
        self.tracepoint = tracepoint
        self.address = address
        self.blocks = blocks
    }

    /// The size of the frame in the buffer, in bytes.
    var byteCount: Int { Self.headerBytes + blocks.count }

    /// The frame in the form of a trace file.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(byteCount)
        bytes += UInt64(tracepoint).littleEndianBytes(count: 2)
        bytes += UInt64(blocks.count).littleEndianBytes(count: 4)
        return bytes + blocks
    }

    /// Throws if `count` more bytes do not fit in the frame.
    ///
    /// Called before the bytes are read.
    func checkRoom(for count: UInt64, at offset: UInt16) throws(AgentError) {
        guard count <= UInt64(Self.maximumBytes), blocks.count + Int(count) + Self.maximumOverhead <= Self.maximumBytes
        else {
            throw AgentError(.traceBufferFull, at: Int(offset), "one hit collects more than \(Self.maximumBytes) bytes")
        }
    }

    /// The size of the headers in a frame full of memory blocks, in bytes.
    private static let maximumOverhead = 11 * (maximumBytes / maximumInBlock + 1)

    func add(memory address: UInt64, _ bytes: [UInt8], at offset: UInt16) throws(AgentError) {
        try checkRoom(for: UInt64(bytes.count), at: offset)
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Self.maximumInBlock)
            blocks.append(UInt8(ascii: "M"))
            blocks += (address &+ UInt64(start)).littleEndianBytes(count: 8)
            blocks += UInt64(end - start).littleEndianBytes(count: 2)
            blocks += bytes[start..<end]
            start = end
        }
    }

    func add(variable: UInt64, value: UInt64, at offset: UInt16) throws(AgentError) {
        try checkRoom(for: 13, at: offset)
        blocks.append(UInt8(ascii: "V"))
        blocks += variable.littleEndianBytes(count: 4)
        blocks += value.littleEndianBytes(count: 8)
    }

    /// Adds the registers in the layout of `g`.
    ///
    /// A second call changes nothing, because registers do not change within a hit.
    func add(registers: [UInt8]) {
        guard !hasRegisters else { return }
        hasRegisters = true
        blocks.append(UInt8(ascii: "R"))
        blocks += registers
    }

    private var hasRegisters = false
}
