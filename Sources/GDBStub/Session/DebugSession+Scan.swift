import GDBRemote

extension DebugSession {
    func reply(to command: ScanCommand) throws(TargetError) -> Reply {
        switch command {
        case .search(let address, let count, let pattern):
            guard let found = try find(pattern, from: address, count: count) else { return Reply("0") }
            var reply = Reply("1,")
            reply.append(number: found)
            return reply
        case .checksum(let address, let count):
            var sum = CRC32()
            try scan(address, count: count) { _, bytes in
                sum.update(bytes)
                return true
            }
            var reply = Reply("C")
            reply.append(number: UInt64(sum.value))
            return reply
        }
    }

    /// The lowest address at which all of the pattern lies within the range.
    private func find(_ pattern: [UInt8], from address: UInt64, count: UInt64) throws(TargetError) -> UInt64? {
        guard UInt64(pattern.count) <= count else { return nil }
        var found: UInt64?
        /// The end of what was looked at, which may be the beginning of the pattern.
        var tail: [UInt8] = []
        try scan(address, count: count) { start, bytes in
            let window = tail + bytes
            if let index = window.firstIndex(ofPattern: pattern) {
                found = start &- UInt64(tail.count) &+ UInt64(index)
                return false
            }
            tail = Array(window.suffix(pattern.count - 1))
            return true
        }
        return found
    }

    /// Reads a range piece by piece, until its end or until `body` wants no more.
    ///
    /// What can't be read ends it with an error: a pattern that was not found before may be there.
    private func scan(
        _ address: UInt64, count: UInt64, _ body: (UInt64, [UInt8]) -> Bool
    ) throws(TargetError) {
        guard count > 0 else { return }
        guard endsInAddressSpace(address, count: count) else {
            throw .fault("\(count) bytes reach beyond the last address")
        }
        // The client waits and the machine stands still meanwhile; tables can make a little memory look endless.
        guard count <= mostScannedBytes else {
            throw .invalid("at most \(mostScannedBytes >> 30) GiB at a time: take a part of the range")
        }
        var done: UInt64 = 0
        while done < count {
            let wanted = Int(min(count - done, 1 << 16))
            let bytes = try target.readMemory(address + done, count: wanted, vcpu: accessVCPU)
            guard !bytes.isEmpty else { throw .fault("memory there can't be read") }
            guard body(address + done, bytes.count > wanted ? Array(bytes[..<wanted]) : bytes) else { return }
            done += UInt64(min(bytes.count, wanted))
        }
    }
}

private let mostScannedBytes: UInt64 = 1 << 30

/// The checksum of `qCRC`: polynomial 0x04c11db7, most significant bit first, from all ones (GDB manual, `qCRC`).
struct CRC32 {
    private(set) var value: UInt32 = 0xffff_ffff

    private static let table: [UInt32] = (0..<256).map { index in
        var value = UInt32(index) << 24
        for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? value << 1 ^ 0x04c1_1db7 : value << 1 }
        return value
    }

    mutating func update(_ bytes: [UInt8]) {
        let table = Self.table
        var value = value
        for byte in bytes { value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ byte)] }
        self.value = value
    }
}

extension [UInt8] {
    /// Where the pattern, which is not empty, first lies as a whole.
    fileprivate func firstIndex(ofPattern pattern: [UInt8]) -> Int? {
        guard pattern.count <= count else { return nil }
        let first = pattern[0]
        var index = 0
        let end = count - pattern.count
        while index <= end {
            if self[index] == first, self[index..<(index + pattern.count)].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }
}
