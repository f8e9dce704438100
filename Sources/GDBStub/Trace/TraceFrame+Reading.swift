import ByteOrder

extension TraceFrame {
    /// A block of the frame, with its range in `blocks`.
    enum Block {
        case registers(Range<Int>)
        case memory(address: UInt64, Range<Int>)
        case variable(number: UInt64, value: UInt64)
    }

    /// Calls the closure for each block, in the order of collection.
    ///
    /// `registerBytes` is the size of the `g` registers.
    func forEachBlock(registerBytes: Int, _ body: (Block) -> Void) {
        var position = 0
        while position < blocks.count {
            let kind = blocks[position]
            position += 1
            switch Unicode.Scalar(kind) {
            case "R":
                body(.registers(position..<(position + registerBytes)))
                position += registerBytes
            case "M":
                let count = Int(number(at: position + 8, count: 2))
                let start = position + 10
                body(.memory(address: number(at: position, count: 8), start..<(start + count)))
                position = start + count
            default:
                body(.variable(number: number(at: position, count: 4), value: number(at: position + 4, count: 8)))
                position += 12
            }
        }
    }

    private func number(at position: Int, count: Int) -> UInt64 {
        UInt64(littleEndianBytes: blocks[position..<(position + count)])
    }

    /// The registers in the layout of `g`; nil if they were not collected.
    func registers(byteCount: Int) -> [UInt8]? {
        var found: [UInt8]?
        forEachBlock(registerBytes: byteCount) { block in
            if case .registers(let range) = block { found = Array(blocks[range]) }
        }
        return found
    }

    /// Returns collected memory from the address up to the first gap; empty if the first byte was not collected.
    func memory(_ address: UInt64, count: Int, registerBytes: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var isGrowing = true
        while isGrowing && bytes.count < count {
            isGrowing = false
            let next = address &+ UInt64(bytes.count)
            forEachBlock(registerBytes: registerBytes) { block in
                guard !isGrowing, case .memory(let start, let range) = block, next >= start,
                    next - start < UInt64(range.count)
                else { return }
                let from = range.lowerBound + Int(next - start)
                bytes += blocks[from..<min(range.upperBound, from + count - bytes.count)]
                isGrowing = true
            }
        }
        return bytes
    }

    /// The last collected value of a variable; nil if it was not collected.
    func variable(_ number: UInt64, registerBytes: Int) -> UInt64? {
        var found: UInt64?
        forEachBlock(registerBytes: registerBytes) { block in
            if case .variable(number, let value) = block { found = value }
        }
        return found
    }
}
