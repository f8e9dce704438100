import Machine
import Testing
import TraplineCommands

/// A gzip file that unpacks to as many zeros as wanted, and has no end, so that reading too far fails as truncated.
private struct EndlessGzip {
    private var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0]
    private var pending: UInt32 = 0
    private var count = 0

    /// Packs `head`, whose bytes must be below 144, and `zeros` zeros after it.
    static func bytes(head: [UInt8], zeros: Int) -> [UInt8] {
        var file = EndlessGzip()
        // RFC 1951, section 3.2.3: the last block, of the fixed codes; section 3.2.6: the codes.
        file.put(0b011, count: 3)
        for byte in head + [0] { file.putCode(0x30 + UInt32(byte), count: 8) }
        for _ in 0..<zeros / 258 {
            // Length 258, distance 1.
            file.putCode(0xC5, count: 8)
            file.putCode(0, count: 5)
        }
        return file.bytes
    }

    /// Numbers come with their lowest bit first, codes with their highest.
    private mutating func put(_ value: UInt32, count added: Int) {
        pending |= value << UInt32(count)
        count += added
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    private mutating func putCode(_ code: UInt32, count: Int) {
        for bit in (0..<count).reversed() { put(code >> UInt32(bit) & 1, count: 1) }
    }
}

@Suite struct GzipBombTests {
    private static func refusal(_ bytes: [UInt8], memory: UInt64) -> String? {
        let configuration = MachineConfiguration(
            vcpuCount: 1, memorySize: memory, kernel: InputFile(name: "/x/y", bytes: bytes))
        return #expect(throws: MachineError.self) { try Machine(configuration) }?.sentence
    }

    @Test func aPackedFileThatBeginsAsNoKernelIsNotUnpackedFurther() {
        let bytes = EndlessGzip.bytes(head: [], zeros: 1 << 20)
        #expect(
            Self.refusal(bytes, memory: 64 << 20)
                == "kernel image /x/y: is neither a Linux Image for arm64 nor an ELF; a firmware goes to --firmware")
    }

    @Test func aPackedImageIsNotUnpackedBeyondTheGuestsMemory() {
        let head = [UInt8](repeating: 0, count: 56) + Array("ARM\u{64}".utf8)
        let bytes = EndlessGzip.bytes(head: head, zeros: 8 << 20)
        #expect(
            Self.refusal(bytes, memory: 4 << 20)
                == "kernel image /x/y: unpacks to more than 4 MiB; give more memory (--mem)")
    }
}
