import ByteOrder

/// An encoder for the part of the ACPI Machine Language that describes devices.
///
/// ACPI Specification 6.5, chapter 20.
enum AML {
    /// A PkgLength and the content whose length it is, its own bytes included (20.2.4).
    static func package(_ content: [UInt8]) -> [UInt8] {
        for (extra, room) in [(0, 0x3f), (1, 0xfff), (2, 0xf_ffff), (3, 0xfff_ffff)] {
            let length = content.count + 1 + extra
            guard length <= room else { continue }
            if extra == 0 { return [UInt8(length)] + content }
            let rest = (0..<extra).map { UInt8(truncatingIfNeeded: length >> (4 + 8 * $0)) }
            return [UInt8(extra << 6 | length & 0xf)] + rest + content
        }
        return []
    }

    /// A NameSeg: four characters, filled up with `_`.
    static func name(_ text: String) -> [UInt8] {
        Array(text.utf8) + [UInt8](repeating: UInt8(ascii: "_"), count: max(0, 4 - text.utf8.count))
    }

    static func string(_ text: String) -> [UInt8] { [0x0d] + Array(text.utf8) + [0] }

    static func number(_ value: UInt32) -> [UInt8] {
        value <= 0xff ? [0x0a, UInt8(value)] : [0x0c] + value.littleEndianBytes
    }

    /// DefName.
    static func define(_ text: String, _ value: [UInt8]) -> [UInt8] { [0x08] + name(text) + value }

    /// DefScope.
    static func scope(_ text: String, _ content: [UInt8]) -> [UInt8] {
        [0x10] + package(Array("\\".utf8) + name(text) + content)
    }

    /// DefDevice.
    static func device(_ text: String, _ content: [UInt8]) -> [UInt8] { [0x5b, 0x82] + package(name(text) + content) }

    /// DefPackage of numbers.
    static func numbers(_ values: [UInt32]) -> [UInt8] {
        [0x12] + package([UInt8(values.count)] + values.flatMap { number($0) })
    }

    /// DefBuffer with resource descriptors and their end tag (6.4.2.9).
    static func resources(_ descriptors: [UInt8]) -> [UInt8] {
        let bytes = descriptors + [0x79, 0]
        return [0x11] + package(number(UInt32(bytes.count)) + bytes)
    }

    /// A 32-bit fixed memory range descriptor (6.4.3.4).
    static func memory(_ base: UInt32, size: UInt32) -> [UInt8] {
        [0x86, 9, 0, 1] + base.littleEndianBytes + size.littleEndianBytes
    }

    /// An extended interrupt descriptor (6.4.3.6): consumer, edge-triggered, active high, exclusive.
    static func interrupt(_ number: UInt32) -> [UInt8] { [0x89, 6, 0, 0b0011, 1] + number.littleEndianBytes }

    /// An I/O port descriptor that decodes 16 bits (6.4.2.5).
    static func ports(_ first: UInt16, count: UInt8) -> [UInt8] {
        [0x47, 1] + first.littleEndianBytes + first.littleEndianBytes + [1, count]
    }

    /// An IRQ descriptor for one line of the 8259s (6.4.2.1).
    static func irq(_ line: Int) -> [UInt8] { [0x22] + (UInt16(1) << UInt16(line)).littleEndianBytes }
}
