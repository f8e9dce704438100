import Machine

/// Makes images for tests, right ones and wrong ones.
enum ImageBuilder {
    struct Segment {
        var type: UInt32 = 1
        var offset: UInt64?
        var virtual: UInt64?
        var physical: UInt64
        var bytes: [UInt8] = []
        var fileSize: UInt64?
        var memorySize: UInt64?
    }

    /// An ELF with the given program headers; the segments' bytes follow them.
    static func elf(
        entry: UInt64, _ segments: [Segment], type: UInt16 = 2, machine: UInt16 = 183, class: UInt8 = 2, data: UInt8 = 1
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, `class`, data, 1, 0] + [UInt8](repeating: 0, count: 8)
        bytes += little(type) + little(machine) + little(1 as UInt32) + little(entry) + little(64 as UInt64)
        bytes += little(0 as UInt64) + little(0 as UInt32) + little(64 as UInt16) + little(56 as UInt16)
        bytes += little(UInt16(segments.count)) + little(0 as UInt16) + little(0 as UInt16) + little(0 as UInt16)
        var content: [UInt8] = []
        let start = 64 + 56 * segments.count
        for segment in segments {
            let size = UInt64(segment.bytes.count)
            bytes += little(segment.type) + little(7 as UInt32)
            bytes += little(segment.offset ?? UInt64(start + content.count))
            bytes += little(segment.virtual ?? segment.physical) + little(segment.physical)
            bytes += little(segment.fileSize ?? size) + little(segment.memorySize ?? size) + little(0x1000 as UInt64)
            content += segment.bytes
        }
        return bytes + content
    }

    /// A Linux Image of `count` bytes.
    static func linux(
        count: Int = 4096, textOffset: UInt64 = 0, imageSize: UInt64 = 0x20000, flags: UInt64 = 0xA
    ) -> [UInt8] {
        var bytes: [UInt8] = little(0x1400_0010 as UInt32) + little(0 as UInt32)
        bytes += little(textOffset) + little(imageSize) + little(flags)
        bytes += [UInt8](repeating: 0, count: 24) + Array("ARM\u{64}".utf8) + little(0 as UInt32)
        return bytes + (64..<max(count, 64)).map { UInt8(truncatingIfNeeded: $0) }
    }

    static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
