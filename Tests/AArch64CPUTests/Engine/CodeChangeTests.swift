import AArch64CPU
import Testing

private let ram = EngineFixture.ram

extension EngineFixture {
    /// Puts the word of an instruction into a register, for the guest to store.
    fileprivate func setWord(_ register: Int, _ line: String, vcpu: Int = 0) {
        for word in Self.words([line]) { cluster.vcpus[vcpu].setX(register, UInt64(word)) }
    }
}

struct CodeChangeTests {
    @Test("A store into the block it is in takes effect with the next instruction")
    func ownBlock() {
        let fixture = EngineFixture([
            "str w1, [x2]", "add x0, x0, #1", "add x0, x0, #1",
            "b #0",
        ])
        fixture.setWord(1, "add x0, x0, #16")
        fixture.cpu.setX(2, ram + 8)
        fixture.run(3)
        #expect(fixture.cpu.x(0) == 17)
        #expect(fixture.cpu.pc == ram + 12)
        // The store itself, as the first instruction of its block, may be what is overwritten.
        fixture.cpu.setX(2, ram)
        fixture.cpu.pc = ram
        fixture.run(1)
        #expect(fixture.cpu.pc == ram + 4)
        fixture.cpu.pc = ram
        fixture.run(1)
        #expect(fixture.cpu.x(0) == 33)
    }

    @Test("A store to code that has run is seen when it runs again, chained or not", arguments: [false, true])
    func loop(_ isMapped: Bool) {
        // Each pass adds an immediate that the pass before has put into the instruction.
        let fixture = EngineFixture([
            "add x0, x0, #0", "add x1, x1, #1", "add w3, w4, w1, lsl #10",
            "str w3, [x2]",
            "b #-16",
        ])
        if isMapped { fixture.enableMMU() }
        fixture.cpu.setX(2, ram)
        fixture.cpu.setX(4, UInt64(fixture.load(ram, as: UInt32.self)))
        fixture.run(5 * 50)
        #expect(fixture.cpu.x(0) == (0..<50).reduce(0, +))
        #expect(fixture.cpu.pc == ram)
    }

    @Test("A store through another mapping of the page is seen")
    func alias() {
        let page = EngineFixture.data
        let fixture = EngineFixture(["blr x5", "str w1, [x2]", "blr x5"])
        fixture.enableMMU(remap: [page: page + 0x1000])
        fixture.put(["add x0, x0, #1", "ret"], at: page + 0x1000)
        fixture.cpu.setX(5, page)
        fixture.setWord(1, "add x0, x0, #16")
        fixture.cpu.setX(2, page + 0x1000)
        fixture.run(7)
        #expect(fixture.cpu.x(0) == 17)
    }

    @Test("Code another vCPU writes is seen, though that vCPU had the page in its TLB before")
    func otherCPU() {
        let fixture = EngineFixture(vcpuCount: 2, ["add x0, x0, #1", "b #-4"])
        let writer = EngineFixture.ram + 0x2000
        fixture.put(
            ["str w3, [x2, #4]", "str w1, [x2]", "b #0"], at: writer)
        let other = fixture.cluster.vcpus[1]
        other.pc = writer
        fixture.setWord(3, "b #-4", vcpu: 1)
        fixture.setWord(1, "add x0, x0, #16", vcpu: 1)
        other.setX(2, ram)
        fixture.run(1, vcpu: 1)
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 5)
        fixture.run(1, vcpu: 1)
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 5 + 16 * 5)
    }

    @Test("Code changed from outside is seen once it is announced")
    func outside() {
        let fixture = EngineFixture(["add x0, x0, #1", "b #-4"])
        fixture.run(10)
        fixture.put(["add x0, x0, #16"])
        fixture.cluster.invalidateCode(ram..<ram + 4)
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 5 + 16 * 5)
        fixture.put(["add x0, x0, #1"])
        fixture.cluster.invalidateAllCode()
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 10 + 16 * 5)
    }

    @Test(
        "An instruction that a device writes over is executed as it is then, also in the block that accessed the device"
    )
    func deviceWritesOverItsBlock() {
        let fixture = EngineFixture([
            "str w1, [x2]", "add x0, x0, #1", "add x0, x0, #1",
        ])
        fixture.cpu.setX(2, RecordingDevice.base)
        fixture.device.onAccess = { [unowned fixture] _, _ in
            fixture.put(["add x0, x0, #16"], at: ram + 8)
            fixture.cluster.invalidateCode(ram + 8..<ram + 12)
        }
        #expect(fixture.run(3) == .budget)
        #expect(fixture.cpu.x(0) == 17)
    }

    @Test("Data that shares a page with code is stored without end")
    func sharedPage() {
        let fixture = EngineFixture([
            "adr x2, #512", "str x0, [x2]", "add x0, x0, #1",
            "b #-8",
        ])
        fixture.enableMMU()
        fixture.run(3001)
        #expect(fixture.load(ram + 512) == 999 as UInt64)
    }
}

struct TranslationContextTests {
    /// Two address spaces whose pages of code and data at one address differ.
    @Test("Switching the address space switches code and data, and back, without a TLBI")
    func addressSpaces() {
        let page = EngineFixture.data
        let fixture = EngineFixture()
        let tables = [ram + 0x1E_0000, ram + 0x1F_0000]
        fixture.enableMMU(tables: tables[0], remap: [page: page + 0x1000], asid: 1)
        fixture.enableMMU(tables: tables[1], remap: [page: page + 0x2000], asid: 2)
        fixture.put(
            ["add x0, x0, #1", "ldr x3, [x4, #64]", "ret"],
            at: page + 0x1000)
        fixture.put(
            ["add x0, x0, #16", "ldr x3, [x4, #64]", "ret"],
            at: page + 0x2000)
        fixture.store(page + 0x1040, UInt64(111))
        fixture.store(page + 0x2040, UInt64(222))
        fixture.put([
            "msr ttbr0_el1, x1", "isb", "blr x4",
            "add x5, x5, x3", "msr ttbr0_el1, x2",
            "isb", "blr x4", "add x5, x5, x3", "b #-32",
        ])
        fixture.cpu.setX(1, tables[0] | 1 << 48)
        fixture.cpu.setX(2, tables[1] | 2 << 48)
        fixture.cpu.setX(4, page)
        fixture.run(15 * 20)
        #expect(fixture.cpu.x(0) == 17 * 20)
        #expect(fixture.cpu.x(5) == 333 * 20)
    }

    @Test("More address spaces than there are banks take turns")
    func manySpaces() {
        let page = EngineFixture.data
        let fixture = EngineFixture([
            "msr ttbr0_el1, x1", "isb", "ldr x3, [x4]",
        ])
        let spaces = (0..<12).map { ram + 0x10_0000 + UInt64($0) * 0x8000 }
        for (number, tables) in spaces.enumerated() {
            fixture.store(page + 0x1000 * UInt64(number), UInt64(number))
            fixture.enableMMU(tables: tables, remap: [page: page + 0x1000 * UInt64(number)])
        }
        fixture.cpu.setX(4, page)
        for round in 0..<40 {
            let space = round * 5 % 12
            fixture.cpu.pc = ram
            fixture.cpu.setX(1, spaces[space])
            fixture.run(3)
            #expect(fixture.cpu.x(3) == UInt64(space))
        }
    }

    @Test("A changed table entry counts once its page is invalidated")
    func invalidation() {
        let page = EngineFixture.data
        let fixture = EngineFixture([
            "ldr x0, [x1]", "str x2, [x3]", "tlbi vae1, x4",
            "ldr x5, [x1]",
        ])
        fixture.enableMMU()
        fixture.store(page, UInt64(1))
        fixture.store(page + 0x1000, UInt64(2))
        fixture.cpu.setX(1, page)
        fixture.cpu.setX(2, (page + 0x1000) | 0x703)
        fixture.cpu.setX(3, ram + 0x1F_2000 + 8 * 0x80)
        fixture.cpu.setX(4, page >> 12)
        fixture.run(4)
        #expect(fixture.cpu.x(0) == 1)
        #expect(fixture.cpu.x(5) == 2)
    }

    @Test("LDTR has EL0's rights, and EL0's pages are not EL1's to lose")
    func unprivileged() {
        let page = EngineFixture.data
        let fixture = EngineFixture([
            "ldr x0, [x1]", "ldtr x2, [x1]", "ldtr x3, [x4]",
        ])
        fixture.enableMMU()
        // AP[1]: EL0 may too.
        fixture.store(ram + 0x1F_2000 + 8 * 0x80, page | 0x743)
        fixture.store(page, UInt64(7))
        fixture.cpu.setX(1, page)
        fixture.cpu.setX(4, page + 0x1000)
        fixture.run(3)
        #expect(fixture.cpu.x(0) == 7)
        #expect(fixture.cpu.x(2) == 7)
        #expect(fixture.cpu.system.elr_el1 == ram + 8)
        #expect(fixture.cpu.system.esr_el1 & 0x3F == 0b001111)
        #expect(fixture.cpu.system.far_el1 == page + 0x1000)
    }

    @Test("With TBI the top byte of an address is ignored, also of a branch's")
    func topByteIgnore() {
        let page = EngineFixture.data
        let tag: UInt64 = 0x5A << 56
        let fixture = EngineFixture([
            "str x0, [x1]", "ldr x2, [x3]", "blr x4",
            "mov x6, x30",
        ])
        fixture.enableMMU()
        fixture.cpu.system.tcr_el1 |= 1 << 37
        fixture.cpu.flushTranslations()
        fixture.put(["adr x5, #0", "ret"], at: page + 0x100)
        fixture.cpu.setX(0, 77)
        fixture.cpu.setX(1, page | tag)
        fixture.cpu.setX(3, page)
        fixture.cpu.setX(4, (page + 0x100) | tag)
        fixture.run(6)
        #expect(fixture.cpu.x(2) == 77)
        #expect(fixture.cpu.x(5) == page + 0x100)
        #expect(fixture.cpu.x(6) == ram + 12)
    }

    @Test("Flash that is not direct is read from the environment, and is direct again afterwards")
    func regionThatIsADevice() {
        let flash = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
        defer { flash.deallocate() }
        flash.initializeMemory(as: UInt64.self, repeating: 5, count: 512)
        let device = RecordingDevice()
        let cluster = CPUCluster(
            vcpuCount: 1,
            regions: [RAMRegion(base: RecordingDevice.base, size: 4096, host: flash, isReadOnly: true)],
            environment: device, configuration: CPUConfiguration())
        for (index, word) in EngineFixture.words(["ldr x0, [x1, #16]", "str x0, [x1, #16]"]).enumerated() {
            flash.storeBytes(of: word, toByteOffset: 4 * index, as: UInt32.self)
        }
        let cpu = cluster.vcpus[0]
        cpu.pc = RecordingDevice.base
        cpu.setX(1, RecordingDevice.base)
        #expect(cluster.run(0, budget: 2) == .budget)
        #expect(cpu.x(0) == 5)
        #expect(device.accesses == [.init(address: RecordingDevice.base + 16, size: 8, value: 5)])
        #expect(flash.load(fromByteOffset: 16, as: UInt64.self) == 5)
        // Nothing can be fetched from it now, and the vectors are not there either.
        cluster.setRegion(at: RecordingDevice.base, isDirect: false)
        cpu.pc = RecordingDevice.base
        _ = cluster.run(0, budget: 1)
        #expect(cpu.system.far_el1 == RecordingDevice.base)
        #expect(device.accesses.count == 1)
        cluster.setRegion(at: RecordingDevice.base, isDirect: true)
        cpu.pc = RecordingDevice.base
        _ = cluster.run(0, budget: 1)
        #expect(cpu.x(0) == 5)
    }
}
