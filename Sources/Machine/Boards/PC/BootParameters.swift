import ByteOrder
import GuestAddresses

/// `struct boot_params`, the zero page: the parameters that a kernel for x86 receives.
///
/// Linux, Documentation/arch/x86/zero-page.rst and boot.rst.
struct BootParameters {
    private(set) var bytes = [UInt8](repeating: 0, count: 4096)

    private enum Offset {
        static let rootPointer = 0x070
        static let memoryMapCount = 0x1e8
        static let loader = 0x210
        static let loadFlags = 0x211
        static let initrd = 0x218
        static let initrdSize = 0x21c
        static let commandLine = 0x228
        static let memoryMap = 0x2d0
    }

    /// Parameters with a kernel's setup header.
    ///
    /// - Parameter header: The setup header, from offset 0x1F1; empty for an ELF.
    init(header: [UInt8]) {
        bytes.replaceSubrange(BzImage.Offset.header..<(BzImage.Offset.header + header.count), with: header)
        // type_of_loader is 0xFF, a loader without an assigned ID; LOADED_HIGH is set.
        bytes[Offset.loader] = 0xff
        bytes[Offset.loadFlags] |= 1
    }

    mutating func place(initrd: Range<PhysicalAddress>?) {
        guard let initrd else { return }
        put(UInt32(truncatingIfNeeded: initrd.lowerBound.rawValue), Offset.initrd)
        put(UInt32(truncatingIfNeeded: initrd.upperBound - initrd.lowerBound), Offset.initrdSize)
    }

    mutating func setCommandLine(at address: PhysicalAddress) {
        put(UInt32(truncatingIfNeeded: address.rawValue), Offset.commandLine)
    }

    mutating func setRootPointer(_ address: PhysicalAddress) { put(address.rawValue, Offset.rootPointer) }

    /// Sets the E820 memory map.
    ///
    /// RAM is type 1. The range from 640 KiB to 1 MiB, which has the ACPI tables, is type 2 (reserved).
    mutating func setMemory(_ ram: [Range<PhysicalAddress>]) {
        var entries: [(range: Range<PhysicalAddress>, type: UInt32)] = [
            (0..<PCMemoryMap.lowTop, 1), (PCMemoryMap.lowTop..<PCMemoryMap.high, 2),
        ]
        for range in ram where range.upperBound > PCMemoryMap.high {
            entries.append((max(range.lowerBound, PCMemoryMap.high)..<range.upperBound, 1))
        }
        bytes[Offset.memoryMapCount] = UInt8(entries.count)
        for (index, entry) in entries.enumerated() {
            let place = Offset.memoryMap + 20 * index
            put(entry.range.lowerBound.rawValue, place)
            put(entry.range.upperBound - entry.range.lowerBound, place + 8)
            put(entry.type, place + 16)
        }
    }

    private mutating func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
        bytes.replaceSubrange(offset..<(offset + MemoryLayout<Value>.size), with: value.littleEndianBytes)
    }
}
