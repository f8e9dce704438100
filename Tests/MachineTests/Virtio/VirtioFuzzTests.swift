import Machine
import TestSupport
import Testing

/// A guest that does anything at all to a virtio device, half of it nearly right.
@Suite struct VirtioFuzzTests {
    private static let ramSize: UInt64 = 96 << 10
    private static let flags: [UInt16] = [0, 1, 2, 3, 4, 2, 1, 3]

    /// Rounds of random accesses; RAM changes only where the device has reported a write.
    @Test func noGuestBreaksADevice() throws {
        try fuzz("virtio") { random in
            let storage = MemoryStorage(sectors: 16)
            let link = TestLink()
            let console = VirtioConsole(output: { _ in })
            let devices: [any VirtioDevice] = [
                VirtioBlock(storage), VirtioNetwork(link), console, VirtioEntropy(source: { 0x55 }),
            ]
            let device = random.pick(devices)
            let driver = try VirtioDriver(device, ramSize: Self.ramSize)
            let flash = driver.bytes(0, count: 0x1000)
            Self.begin(driver, &random)
            for _ in 0..<random.below(60) {
                if random.chance(10) { link.incoming.append([UInt8](repeating: 1, count: random.below(2000))) }
                if random.chance(10) { _ = console.receive([UInt8](repeating: 2, count: random.below(300))) }
                Self.prepare(driver, &random)
                let before = driver.bytes(VirtioDriver.ramBase, count: Int(Self.ramSize))
                driver.written = []
                Self.act(driver, &random)
                Self.expectTold(driver, before, random.comment)
                if driver[0x70] & 64 != 0 || random.chance(2) { Self.begin(driver, &random) }
            }
            #expect(driver.bytes(0, count: 0x1000) == flash, random.comment)
            #expect(storage.bytes.count == 16 * 512, random.comment)
        }
    }

    private static func begin(_ driver: VirtioDriver, _ random: inout SeededRandom) {
        driver.release()
        let rings = UInt64(random.below(4)) << 28
        driver.negotiate(random.chance(95) ? VirtioDriver.version1 | rings : random.next())
        for queue in 0..<2 { driver.setUp(queue, size: random.pick([1, 2, 4, 8, 16, 256])) }
        driver[0x70] = 15
    }

    /// Writes to the rings, as the guest can at any time.
    private static func prepare(_ driver: VirtioDriver, _ random: inout SeededRandom) {
        let queue = random.below(2)
        for _ in 0..<random.below(12) {
            let table = random.chance(80) ? VirtioDriver.base(queue) : VirtioDriver.buffers
            driver.descriptor(
                table, UInt16(random.below(8)), address(&random), count(&random), random.pick(flags),
                random.chance(95) ? UInt16(random.below(8)) : UInt16(truncatingIfNeeded: random.next()))
        }
        if random.chance(50) {
            let type = random.pick([0, 1, 4, 8, 3] as [UInt32])
            driver.add(
                queue, readable: [VirtioBlockTests.header(type, sector: UInt64(random.below(20)))],
                writable: random.pick([[1], [512, 1], [20, 1], [1024, 1], []]), indirect: random.chance(30))
        } else if random.chance(90) {
            driver.makeAvailable(queue, head: UInt16(random.below(8)))
        } else {
            driver.put(
                UInt16(truncatingIfNeeded: random.next()), at: VirtioDriver.available(queue) + UInt64(random.below(40)))
        }
        if random.chance(20) { driver.release() }
    }

    private static func act(_ driver: VirtioDriver, _ random: inout SeededRandom) {
        switch random.below(10) {
        case 0..<5: driver.notify(random.below(2))
        case 5..<7: driver.transport.poll()
        case 7: _ = driver.acknowledge()
        default:
            let offset = UInt64(random.below(0x200)) & (random.chance(90) ? ~3 : ~0)
            let value = random.pick([0, 1, 2, 8, 15, 0x8000_0000, random.next()])
            let size = random.chance(90) ? 4 : random.pick([1, 2, 8])
            if random.chance(80) {
                driver.transport.write(offset: offset, size: size, value: value, vcpu: 0)
            } else {
                _ = driver.transport.read(offset: offset, size: size, vcpu: 0)
            }
        }
    }

    private static func address(_ random: inout SeededRandom) -> UInt64 {
        switch random.below(12) {
        case 0: random.next()
        case 1: VirtioDriver.ramBase + ramSize - UInt64(random.below(40))
        case 2: VirtioDriver.base(random.below(2)) + UInt64(random.below(0x2100))
        default: VirtioDriver.buffers + UInt64(random.below(0xF800))
        }
    }

    private static func count(_ random: inout SeededRandom) -> UInt32 {
        switch random.below(12) {
        case 0: UInt32(truncatingIfNeeded: random.next())
        case 1: 0
        case 2: 16 * UInt32(random.below(9))
        case 3...6: random.pick([1, 12, 16, 512, 1024])
        default: UInt32(random.below(2000))
        }
    }

    private static func expectTold(_ driver: VirtioDriver, _ before: [UInt8], _ comment: Comment) {
        let after = driver.bytes(VirtioDriver.ramBase, count: Int(ramSize))
        guard before != after else { return }
        var restored = after
        for range in driver.written {
            let place = Int(range.lowerBound - VirtioDriver.ramBase)..<Int(range.upperBound - VirtioDriver.ramBase)
            restored.replaceSubrange(place, with: before[place])
        }
        #expect(restored == before, comment)
    }
}
