import ByteOrder
package import GuestAddresses

/// The guest-physical memory map of a PC.
///
///     0x0000_0000  RAM                          up to 640 KiB
///     0x000E_0000  ACPI tables                  128 KiB, where firmware has them
///     0x0010_0000  RAM                          up to 3 GiB
///     0xD000_0000  virtio                       512 bytes for each   GSI 16 and up
///     0xFEC0_0000  I/O APIC                     inside KVM
///     0xFEE0_0000  local APICs                  inside KVM
///     0xFFFB_C000  four pages of KVM's own      (Intel)
///     0x1_0000_0000  RAM                        the rest
package enum PCMemoryMap {
    /// The range below 4 GiB that is left free for devices; RAM continues after it.
    package static let hole: Range<PhysicalAddress> = 0xc000_0000..<0x1_0000_0000
    /// The address of the GDT.
    package static let gdt: PhysicalAddress = 0x6000
    /// The address of `boot_params`, one page.
    package static let bootParameters: PhysicalAddress = 0x7000
    /// The address of the initial page tables, six pages.
    package static let pageTables: PhysicalAddress = 0x9000
    /// The initial stack pointer of the first program.
    package static let stack: PhysicalAddress = 0x1_8000
    /// The address of the kernel's command line.
    package static let commandLine: PhysicalAddress = 0x2_0000
    /// The end of RAM below 1 MiB: 640 KiB.
    package static let lowTop: PhysicalAddress = 0xa_0000
    /// The address of the ACPI tables.
    package static let acpi: PhysicalAddress = 0xe_0000
    /// The address at which RAM continues: 1 MiB.
    package static let high: PhysicalAddress = 0x10_0000
    static let ioAPIC: PhysicalAddress = 0xfec0_0000
    static let localAPIC: PhysicalAddress = 0xfee0_0000

    /// Returns the ranges of `size` bytes of RAM: up to the hole, and the rest from 4 GiB.
    static func ram(size: UInt64) -> [Range<PhysicalAddress>] {
        let below = min(size, hole.lowerBound.rawValue)
        let rest = size - below
        return [0..<PhysicalAddress(below)] + (rest > 0 ? [hole.upperBound..<hole.upperBound + rest] : [])
    }

    /// The GDT selector of 64-bit code.
    package static let codeSelector: UInt16 = 0x10
    /// The GDT selector of data.
    package static let dataSelector: UInt16 = 0x18

    /// The descriptors of the GDT: null, unused, 64-bit code, data (SDM volume 3A, 3.4.5).
    static let gdtEntries: [UInt64] = [0, 0, 0x00af_9b00_0000_ffff, 0x00cf_9300_0000_ffff]
    /// The limit of the GDT: its size in bytes minus one.
    package static let gdtLimit: UInt16 = 31

    /// Page tables that identity-map the first 4 GiB with 2 MiB pages (SDM volume 3A, 4.5).
    static var identityTables: [UInt8] {
        let flags: UInt64 = 0b11
        let start = pageTables.rawValue
        var entries = [UInt64](repeating: 0, count: 6 * 512)
        entries[0] = start + 0x1000 | flags
        for index in 0..<4 {
            entries[512 + index] = start + 0x2000 + UInt64(index) * 0x1000 | flags
            for page in 0..<512 {
                entries[(2 + index) * 512 + page] = UInt64(index * 512 + page) << 21 | flags | 1 << 7
            }
        }
        return entries.flatMap(\.littleEndianBytes)
    }
}
