import ByteOrder
import GuestAddresses

/// The ACPI tables of a PC, which describe its processors, interrupt controllers and devices.
///
/// ACPI Specification 6.5, chapter 5 "ACPI Software Programming Model".
struct ACPITables {
    var vcpuCount: Int
    var virtio: [(base: PhysicalAddress, interrupt: Int)]
    var hasSerial = true

    /// Returns all tables, for the address `base`.
    ///
    /// The first table is the root pointer.
    func bytes(at base: PhysicalAddress) -> [UInt8] {
        var all = [UInt8](repeating: 0, count: 64)
        func add(_ table: [UInt8]) -> PhysicalAddress {
            while all.count % 16 != 0 { all.append(0) }
            let address = base + UInt64(all.count)
            all += table
            return address
        }
        let dsdt = add(Self.table("DSDT", revision: 2, definitions))
        let fadt = add(Self.table("FACP", revision: 6, fixedDescription(dsdt: dsdt)))
        let madt = add(Self.table("APIC", revision: 5, interruptControllers))
        let xsdt = add(Self.table("XSDT", revision: 1, [fadt, madt].flatMap(\.rawValue.littleEndianBytes)))
        all.replaceSubrange(0..<36, with: Self.rootPointer(xsdt: xsdt))
        return all
    }

    /// The RSDP (5.2.5.3).
    ///
    /// The first 20 bytes have a checksum of their own.
    private static func rootPointer(xsdt: PhysicalAddress) -> [UInt8] {
        var bytes = Array("RSD PTR ".utf8) + [0] + Array("TRAPLN".utf8) + [2] + [0, 0, 0, 0]
        bytes[8] = checksum(bytes)
        bytes += UInt32(36).littleEndianBytes + xsdt.rawValue.littleEndianBytes + [0, 0, 0, 0]
        bytes[32] = checksum(bytes)
        return bytes
    }

    /// A table: a system description table header and its content (5.2.6).
    private static func table(_ signature: String, revision: UInt8, _ content: [UInt8]) -> [UInt8] {
        var bytes = Array(signature.utf8) + UInt32(36 + content.count).littleEndianBytes + [revision, 0]
        bytes += Array("TRAPLN".utf8) + Array("TRAPLINE".utf8) + UInt32(1).littleEndianBytes
        bytes += Array("TRAP".utf8) + UInt32(1).littleEndianBytes + content
        bytes[9] = checksum(bytes)
        return bytes
    }

    /// The byte that makes the sum of all bytes zero.
    private static func checksum(_ bytes: [UInt8]) -> UInt8 { 0 &- bytes.reduce(0, &+) }

    /// The FADT without its header (5.2.9).
    ///
    /// Offsets are from the start of the whole table.
    private func fixedDescription(dsdt: PhysicalAddress) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 276)
        func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
            bytes.replaceSubrange(offset..<(offset + MemoryLayout<Value>.size), with: value.littleEndianBytes)
        }
        let ports = UInt32(ACPIPowerManagement.base)
        put(UInt32(truncatingIfNeeded: dsdt.rawValue), 40)
        put(UInt16(ACPIPowerManagement.interrupt), 46)
        put(ports, 56)  // PM1a_EVT_BLK
        put(ports + 4, 64)  // PM1a_CNT_BLK
        put(UInt8(4), 88)  // PM1_EVT_LEN
        put(UInt8(2), 89)  // PM1_CNT_LEN
        put(UInt16(0x0fff), 96)  // P_LVL2_LAT: C2 is not supported.
        put(UInt16(0x0fff), 98)  // P_LVL3_LAT: C3 is not supported.
        put(UInt8(0x32), 108)  // CENTURY, an offset in the clock's RAM
        // IAPC_BOOT_ARCH: LEGACY_DEVICES and VGA Not Present.
        put(UInt16(0b101), 109)
        // Flags: WBINVD, PWR_BUTTON and SLP_BUTTON (no fixed hardware buttons), RESET_REG_SUP.
        put(UInt32(1 | 1 << 4 | 1 << 5 | 1 << 10), 112)
        // RESET_REG: the 8042's command port, one byte wide.
        bytes.replaceSubrange(116..<120, with: [1, 8, 0, 1])
        put(UInt64(0x64), 120)
        put(UInt8(0xfe), 128)
        put(dsdt.rawValue, 140)
        return Array(bytes[36...])
    }

    /// The MADT without its header (5.2.12).
    private var interruptControllers: [UInt8] {
        // Flags: PCAT_COMPAT, because there are two 8259s as well.
        var bytes =
            UInt32(truncatingIfNeeded: PCMemoryMap.localAPIC.rawValue).littleEndianBytes + UInt32(1).littleEndianBytes
        for vcpu in 0..<vcpuCount {
            bytes += [0, 8, UInt8(vcpu), UInt8(vcpu)] + UInt32(1).littleEndianBytes
        }
        bytes +=
            [1, 12, 0, 0] + UInt32(truncatingIfNeeded: PCMemoryMap.ioAPIC.rawValue).littleEndianBytes
            + UInt32(0).littleEndianBytes
        // KVM's 8254 is connected to input 0 of the I/O APIC, which is the default for IRQ 0, so it needs no override.
        // The SCI is level-triggered, active high.
        let sci = UInt8(ACPIPowerManagement.interrupt)
        bytes += [2, 10, 0, sci] + UInt32(sci).littleEndianBytes + UInt16(0b1101).littleEndianBytes
        // Each local APIC's LINT1 is NMI.
        bytes += [4, 6, 0xff] + UInt16(0).littleEndianBytes + [1]
        return bytes
    }

    /// The DSDT without its header.
    private var definitions: [UInt8] {
        var devices: [UInt8] = []
        if hasSerial {
            // PNP0501: a 16550A (EISA ID as 5 + 5 + 5 bits and four digits, big-endian).
            devices += AML.device(
                "COM1",
                AML.define("_HID", [0x0c] + UInt32(0x0105_d041).littleEndianBytes) + AML.define("_UID", AML.number(1))
                    + AML.define("_CRS", AML.resources(AML.ports(0x3f8, count: 8) + AML.irq(4))))
        }
        for (index, device) in virtio.enumerated() {
            let base = UInt32(truncatingIfNeeded: device.base.rawValue)
            devices += AML.device(
                "VR" + (index < 16 ? "0" : "") + String(index, radix: 16, uppercase: true),
                AML.define("_HID", AML.string("LNRO0005")) + AML.define("_UID", AML.number(UInt32(index)))
                    + AML.define(
                        "_CRS",
                        AML.resources(
                            AML.memory(base, size: UInt32(VirtioSlots.size))
                                + AML.interrupt(UInt32(device.interrupt)))))
        }
        return AML.define("_S5", AML.numbers([UInt32(ACPIPowerManagement.offType), 0, 0, 0]))
            + AML.scope("_SB", devices)
    }
}
