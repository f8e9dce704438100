import GuestAddresses
import GuestMemory
import Machine
import Testing

/// ACPI Specification 6.5, chapter 5; each expectation comes from the section or table in its comment.
@Suite("The ACPI tables of the machine pc")
struct ACPITableTests {
    /// The tables of a machine, each by its address.
    struct Tables {
        let machine: Machine
        let root: PhysicalAddress
        let xsdt: PhysicalAddress

        init(vcpus: Int = 1) throws {
            machine = try PCFixture.machine(PCFixture.elf(0x20_0000), vcpus: vcpus)
            // Linux, Documentation/arch/x86/zero-page.rst: acpi_rsdp_addr.
            root = try machine.address(at: machine.bootState.x0 + 0x070)
            // Table 5.3: XsdtAddress.
            xsdt = try machine.address(at: root + 24)
        }

        func bytes(_ address: PhysicalAddress, _ count: Int) throws -> [UInt8] {
            try machine.memory.read(address, count: count)
        }

        func text(_ address: PhysicalAddress, _ count: Int) throws -> String {
            String(decoding: try bytes(address, count), as: UTF8.self)
        }

        /// A whole table: the header's Length is at offset 4 (table 5.4).
        func table(_ address: PhysicalAddress) throws -> [UInt8] {
            try bytes(address, Int(try machine.number(address + 4, as: UInt32.self)))
        }

        /// The address of the table with a signature that the XSDT lists (table 5.8: entries from offset 36).
        func address(of signature: String) throws -> PhysicalAddress? {
            let count = (try table(xsdt).count - 36) / 8
            let entries = try (0..<UInt64(count)).map { try machine.address(at: xsdt + 36 + 8 * $0) }
            return try entries.first { try text($0, 4) == signature }
        }

        func fadt() throws -> PhysicalAddress { try #require(try address(of: "FACP")) }
    }

    // 5.2.5.1: on a 16-byte boundary of the BIOS's memory, 0xE0000 to 0xFFFFF. Table 5.3: the fields and two checksums.
    @Test("The root pointer is where a search finds it, and has both checksums")
    func root() throws {
        let tables = try Tables()
        #expect(tables.root.isAligned(to: 16) && (0xe_0000..<0x10_0000).contains(tables.root))
        let pointer = try tables.bytes(tables.root, 36)
        #expect(Array(pointer.prefix(8)) == Array("RSD PTR ".utf8))
        #expect(pointer.prefix(20).reduce(0, &+) == 0 && pointer.reduce(0, &+) == 0)
        // Revision; the reserved bytes at the end.
        #expect(pointer[15] == 2 && pointer[33...].allSatisfy { $0 == 0 })
        #expect(try tables.machine.number(tables.root + 20, as: UInt32.self) == 36)
        #expect(try tables.text(tables.xsdt, 4) == "XSDT")
    }

    /// Table 5.4: the header's Signature, Length, Revision and Checksum; table 5.5: the signatures.
    @Test("Every table has its header, its checksum and a place of its own in reserved memory", arguments: [1, 64])
    func headers(vcpus: Int) throws {
        let tables = try Tables(vcpus: vcpus)
        let fadt = try tables.fadt()
        let addresses = [
            tables.xsdt, fadt, try #require(try tables.address(of: "APIC")),
            try tables.machine.address(at: fadt + 140),
        ]
        var places = [tables.root..<tables.root + 36]
        for (address, signature) in zip(addresses, ["XSDT", "FACP", "APIC", "DSDT"]) {
            let table = try tables.table(address)
            #expect(try tables.text(address, 4) == signature)
            #expect(table.count >= 36 && table.reduce(0, &+) == 0, "\(signature)")
            places.append(address..<address + UInt64(table.count))
        }
        places.sort { $0.lowerBound < $1.lowerBound }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
        #expect(places.allSatisfy { $0.lowerBound >= 0xe_0000 && $0.upperBound <= 0x10_0000 })
        #expect(try tables.table(tables.xsdt).count == 36 + 2 * 8)
    }

    /// Offset and size in bytes, and the value that this machine needs (table 5.9).
    static let fixed: [(name: String, offset: UInt64, size: Int, value: UInt64)] = [
        ("Length", 4, 4, 276), ("SCI_INT", 46, 2, 9), ("SMI_CMD: always in ACPI mode", 48, 4, 0),
        ("PM1a_EVT_BLK", 56, 4, 0x600), ("PM1a_CNT_BLK", 64, 4, 0x604), ("PM1_EVT_LEN", 88, 1, 4),
        ("PM1_CNT_LEN", 89, 1, 2), ("PM_TMR_LEN: no timer", 91, 1, 0), ("CENTURY", 108, 1, 0x32),
        // 5.2.9.3: LEGACY_DEVICES and VGA Not Present, no 8042 with a keyboard.
        ("IAPC_BOOT_ARCH", 109, 2, 0b101),
        // Table 5.10: WBINVD, PWR_BUTTON, SLP_BUTTON, RESET_REG_SUP.
        ("Flags", 112, 4, 0b100_0011_0001),
        // 5.2.3.2: system I/O, 8 bits from bit 0, byte access; 4.8.3.6: the reset register's value.
        ("RESET_REG", 116, 4, 0x0100_0801), ("RESET_REG.Address", 120, 8, 0x64), ("RESET_VALUE", 128, 1, 0xfe),
    ]

    @Test("The FADT describes the fixed hardware", arguments: fixed)
    func fixedHardware(name: String, offset: UInt64, size: Int, value: UInt64) throws {
        let tables = try Tables()
        let bytes = try tables.bytes(try tables.fadt() + offset, size)
        #expect(bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } == value)
    }

    @Test("The FADT has no C2 and no C3, and one DSDT")
    func states() throws {
        let tables = try Tables()
        let fadt = try tables.fadt()
        // Table 5.9: more than 100 us for C2 and more than 1000 us for C3 mean that there is none.
        #expect(try tables.machine.number(fadt + 96, as: UInt16.self) > 100)
        #expect(try tables.machine.number(fadt + 98, as: UInt16.self) > 1000)
        let dsdt: UInt64 = try tables.machine.number(fadt + 140)
        #expect(try UInt64(tables.machine.number(fadt + 40, as: UInt32.self)) == dsdt)
    }

    /// The reset register and PM1's control register are what the machine has at those ports.
    @Test("The FADT's registers work")
    func registers() throws {
        let tables = try Tables()
        let fadt = try tables.fadt()
        let (machine, port) = (tables.machine, UInt16(try tables.machine.number(fadt + 120, as: UInt64.self)))
        _ = machine.ports.write(port, size: 1, value: try UInt64(machine.number(fadt + 128, as: UInt8.self)), vcpu: 0)
        #expect(machine.takePowerRequest() == .reset)
        let control = try UInt16(machine.number(fadt + 64, as: UInt32.self))
        // 4.8.3.2.1: SCI_EN is bit 0, SLP_TYP 12:10, SLP_EN 13.
        #expect((machine.ports.read(control, size: 2, vcpu: 0) ?? 0) & 1 == 1)
        _ = machine.ports.write(control, size: 2, value: 1 << 13 | 5 << 10, vcpu: 0)
        #expect(machine.takePowerRequest() == .off)
    }

    /// Table 5.19, then the entries: 5.2.12.2 local APIC, .3 I/O APIC, .5 source override, .7 local APIC NMI.
    @Test("The MADT has an enabled local APIC for each vCPU", arguments: [1, 3, 64])
    func processors(vcpus: Int) throws {
        let tables = try Tables(vcpus: vcpus)
        let madt = try tables.table(try #require(try tables.address(of: "APIC")))
        var entries: [[UInt8]] = []
        var place = 44
        while place < madt.count, madt[place + 1] >= 2, place + Int(madt[place + 1]) <= madt.count {
            entries.append(Array(madt[place..<place + Int(madt[place + 1])]))
            place += Int(madt[place + 1])
        }
        #expect(place == madt.count)
        // The local APICs' address, SDM volume 3A, 11.4.1; PCAT_COMPAT, because there are 8259s.
        #expect(Array(madt[36..<44]) == [0, 0, 0xe0, 0xfe, 1, 0, 0, 0])
        let local: [[UInt8]] = (0..<UInt8(vcpus)).map { [0, 8, $0, $0, 1, 0, 0, 0] }
        #expect(
            entries == local + [
                // The I/O APIC at 0xFEC00000, GSIs from 0.
                [1, 12, 0, 0, 0, 0, 0xc0, 0xfe, 0, 0, 0, 0],
                // ISA IRQ 9, the SCI, is GSI 9: active high (01) and level-triggered (11).
                [2, 10, 0, 9, 9, 0, 0, 0, 0b1101, 0],
                // NMI is LINT1 of every processor (0xFF).
                [4, 6, 0xff, 0, 0, 1],
            ])
    }

    /// 20.2.5.1: DefName is 0x08, DefScope 0x10; 20.2.4: PkgLength counts itself, in up to four bytes.
    @Test("The DSDT is one name and one scope that ends where the table does")
    func definitions() throws {
        let tables = try Tables()
        let dsdt = try tables.table(try tables.machine.address(at: try tables.fadt() + 140))
        // \_S5: SLP_TYP 5 (20.2.5.4: a package of four numbers).
        let off: [UInt8] = [0x08] + Array("_S5_".utf8) + [0x12, 10, 4, 0x0a, 5, 0x0a, 0, 0x0a, 0, 0x0a, 0]
        #expect(Array(dsdt[36..<36 + off.count]) == off)
        let scope = 36 + off.count
        #expect(dsdt[scope] == 0x10)
        let extra = Int(dsdt[scope + 1] >> 6)
        var length = extra == 0 ? Int(dsdt[scope + 1] & 0x3f) : Int(dsdt[scope + 1] & 0xf)
        for byte in 0..<extra { length |= Int(dsdt[scope + 2 + byte]) << (4 + 8 * byte) }
        #expect(scope + 1 + length == dsdt.count)
        #expect(Array(dsdt[scope + 2 + extra..<scope + 7 + extra]) == Array("\\_SB_".utf8))
    }
}
