import GuestAddresses
import AArch64
import Testing

/// Walks that registers or descriptors end with a fault.
extension TranslationWalkTests {
    @Test("EPD turns a half off at level 0")
    func disabledHalf() {
        for upper in [false, true] {
            let address: UInt64 = upper ? 0xffff_ffff_ffff_1000 : 0x1000
            var (settings, tables, _) = Self.standardCase(address, upper: upper)
            settings.tcr |= upper ? 1 << 23 : 1 << 7
            expect(settings.regime, VirtualAddress(address), tables, faults: .init(.translation, level: 0))
        }
    }

    static let sizeRows: [(Int, TranslationGranule, ArchitectureFeatures)] = [
        // TxSZ, granule, features
        (15, .size4K, .all), (0, .size4K, .all), (49, .size4K, .all),
        (63, .size4K, .all), (40, .size4K, .armv8_0), (48, .size64K, .all), (15, .size64K, .armv8_0),
    ]

    @Test("A size out of range faults at level 0", arguments: sizeRows)
    func sizeOutOfRange(txsz: Int, granule: TranslationGranule, features: ArchitectureFeatures) {
        var settings = RegimeSettings(features: features)
        settings.tcr = RegimeSettings.tcr(Layout(granule: granule, txsz: txsz, startLevel: 0), upper: false)
        #expect(throws: TranslationFault(.translation, level: 0)) {
            _ = try settings.regime.walk(0, read: { _ in 0x403 })
        }
    }

    @Test("A descriptor that can't be read is an external abort at its level", arguments: 0...3)
    func externalAbort(level: Int) {
        var (settings, tables, steps) = Self.standardCase(0x1234_5000)
        tables.memory[steps[level].address] = nil
        expect(settings.regime, 0x1234_5000, tables, faults: .init(.externalAbortOnWalk, level: level))
        _ = settings
    }

    @Test("An invalid descriptor is a translation fault at its level", arguments: 0...3)
    func invalid(level: Int) {
        var (settings, tables, steps) = Self.standardCase(0x1234_5000)
        tables.memory[steps[level].address] = 0xffff_ffff_ffff_fffc
        expect(settings.regime, 0x1234_5000, tables, faults: .init(.translation, level: level))
        _ = settings
    }

    static let addressSizeRows: [(Int, Int, Int)] = [
        // IPS bits, machine bits, what is too large: level of the fault
        (36, 48, 0), (36, 48, 1), (36, 48, 2), (36, 48, 3), (48, 36, 3), (40, 48, 2), (52, 40, 3),
    ]

    @Test("An address beyond IPS is an address size fault", arguments: addressSizeRows)
    func addressSize(ips: Int, machine: Int, level: Int) {
        var (settings, tables, steps) = Self.standardCase(0x1234_5000)
        settings.tcr = RegimeSettings.tcr(Self.standard, upper: false, outputBits: ips)
        settings.physicalAddressBits = machine
        let limit = UInt64(1) << UInt64(min(ips, machine, 48))
        // The highest address that fits is no fault of that level.
        tables.memory[steps[level].address] = steps[level].value | limit
        expect(settings.regime, 0x1234_5000, tables, faults: .init(.addressSize, level: level))
        tables.memory[steps[level].address] = (steps[level].value & 0xfff) | (limit >> 1)
        let fault = settings.regime.trace(0x1234_5000, read: tables.read).result
        if level == 3 {
            #expect((try? fault.get().physicalAddress) == PhysicalAddress(limit >> 1))
        } else {
            #expect(fault == .failure(.init(.externalAbortOnWalk, level: level + 1)))
        }
    }

    @Test("A base beyond IPS is an address size fault at level 0")
    func baseAddressSize() {
        var (settings, tables, _) = Self.standardCase(0x1000)
        settings.tcr = RegimeSettings.tcr(Self.standard, upper: false, outputBits: 32)
        settings.ttbr0 |= 1 << 32
        expect(settings.regime, 0x1000, tables, faults: .init(.addressSize, level: 0))
    }
}
