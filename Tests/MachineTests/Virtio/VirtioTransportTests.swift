import Machine
import Testing

@Suite struct VirtioTransportTests {
    private static func entropy() -> VirtioEntropy { VirtioEntropy(source: { 0x0807_0605_0403_0201 }) }

    @Test func theRegistersSayWhatItIs() throws {
        let driver = try VirtioDriver(MemoryStorage(sectors: 9).device)
        #expect(driver[0] == 0x7472_6976 && driver[4] == 2 && driver[8] == 2 && driver[12] == 0x4D56_4B4C)
        #expect(driver[0x34] == 256 && driver[0x44] == 0 && driver[0x60] == 0 && driver[0x70] == 0)
        driver[0x30] = 1
        #expect(driver[0x34] == 0, "there is one queue")
        #expect(driver[0xB0] == ~0 && driver[0xB4] == ~0, "there is no shared memory")
        #expect(driver[0xFC] == 0)
        #expect(driver[0x100] == 9 && driver[0x104] == 0)
        for size in [1, 2, 8] { #expect(driver.transport.read(offset: 0, size: size, vcpu: 0) == 0) }
        #expect(driver.transport.read(offset: 2, size: 4, vcpu: 0) == 0)
        #expect(driver.transport.read(offset: 0x114, size: 2, vcpu: 0) == 512)
        #expect(driver.transport.read(offset: 0x115, size: 1, vcpu: 0) == 2)
        #expect(driver.transport.read(offset: 0x1FC, size: 4, vcpu: 0) == 0)
    }

    @Test func featuresAreOfferedInHalves() throws {
        let driver = try VirtioDriver(Self.entropy())
        #expect(driver[0x10] == 0x3000_0000)
        driver[0x14] = 1
        #expect(driver[0x10] == 1)
        driver[0x14] = 2
        #expect(driver[0x10] == 0)
    }

    /// Features that a driver accepts, and whether it may.
    private static let negotiations: [(UInt64, Bool)] = [
        (1 << 32, true), (1 << 32 | 3 << 28, true), (0, false), (1 << 32 | 1, false), (1 << 33 | 1 << 32, false),
    ]

    @Test(arguments: negotiations) func onlyFeaturesThatAreOfferedCanBeAccepted(
        _ features: UInt64, _ isPossible: Bool
    ) throws {
        let driver = try VirtioDriver(Self.entropy())
        driver.negotiate(features)
        #expect(driver[0x70] == (isPossible ? 11 : 3))
        driver[0x70] = 15
        #expect(driver[0x70] == (isPossible ? 15 : 3), "no DRIVER_OK without FEATURES_OK")
    }

    @Test func acceptedFeaturesStayAsTheyAre() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver[0x24] = 0
        driver[0x20] = ~0
        driver[0x70] = 15
        #expect(driver[0x70] == 15)
        driver[0x70] = 1
        #expect(driver[0x70] == 15, "only a reset takes bits back")
    }

    @Test func nothingIsServedBeforeTheDriverIsReadyAndEverythingWhenItIs() throws {
        let driver = try VirtioDriver(Self.entropy())
        driver.negotiate(VirtioDriver.version1)
        driver.setUp(0, size: 4)
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.takeUsed(0) == nil)
        driver[0x70] = 15
        let used = try #require(driver.takeUsed(0))
        #expect(used == (0, 4))
    }

    @Test func anInterruptLastsUntilItIsAcknowledged() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver.add(0, writable: [4])
        #expect(!driver.line)
        driver.notify(0)
        #expect(driver.line && driver[0x60] == 1)
        driver[0x64] = 2
        #expect(driver.line && driver[0x60] == 1)
        #expect(driver.acknowledge() == 1)
        #expect(!driver.line && driver[0x60] == 0)
    }

    @Test func anEventIsNeverLostWhereverTheDriverIsInItsHandler() throws {
        for place in 0..<3 {
            let driver = try VirtioDriver.ready(Self.entropy())
            driver.add(0, writable: [4])
            driver.notify(0)
            #expect(driver.edges == 1)
            func another(_ here: Int) {
                guard here == place else { return }
                driver.add(0, writable: [4])
                driver.notify(0)
            }
            another(0)
            let status = driver[0x60]
            another(1)
            driver[0x64] = status
            another(2)
            var found = 0
            while driver.takeUsed(0) != nil { found += 1 }
            #expect(found == 2, "the handler looks at the queue when it has acknowledged")
            #expect(driver.edges == (place == 2 ? 2 : 1))
        }
    }

    @Test func whatIsLeftAfterAnAcknowledgementIsAnotherEdge() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver.add(0, writable: [4])
        driver.notify(0)
        // A chain outside the table: DEVICE_NEEDS_RESET comes as a change of the configuration.
        driver.makeAvailable(0, head: 100)
        driver.notify(0)
        #expect(driver[0x60] == 3 && driver.edges == 1)
        driver[0x64] = 1
        #expect(driver.line && driver.edges == 2 && driver[0x60] == 2)
        driver[0x64] = 2
        #expect(!driver.line && driver.edges == 2)
    }

    @Test func theDriverCanAskForNoInterrupts() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver.put(1 as UInt16, at: VirtioDriver.available(0))
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.takeUsed(0) != nil && !driver.line)
        driver.put(0 as UInt16, at: VirtioDriver.available(0))
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.line)
    }

    @Test func withEventIndexesEachSideSaysWhenItWantsToKnow() throws {
        let driver = try VirtioDriver.ready(
            Self.entropy(), features: VirtioDriver.version1 | VirtioDriver.eventIndex, size: 4)
        let wanted = VirtioDriver.available(0) + 4 + 2 * 4
        let asked = VirtioDriver.used(0) + 4 + 8 * 4
        // The flag of the driver that knows no event indexes does not count.
        driver.put(1 as UInt16, at: VirtioDriver.available(0))
        driver.put(1 as UInt16, at: wanted)
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(!driver.line, "the driver waits for the second")
        #expect(driver.get(asked, as: UInt16.self) == 1)
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.line)
        #expect(driver.get(asked, as: UInt16.self) == 2)
        _ = driver.acknowledge()
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(!driver.line, "what the driver waited for has been told")
        // Round and round, past the end of a 16-bit index.
        var (count, interrupts): (UInt16, Int) = (3, 0)
        for _ in 0..<40_000 {
            driver.put(count &+ 1, at: wanted)
            driver.descriptor(VirtioDriver.base(0), 0, VirtioDriver.ramBase + 0x3_0000, 1, 2, 0)
            driver.makeAvailable(0, head: 0)
            driver.makeAvailable(0, head: 0)
            driver.notify(0)
            count &+= 2
            if driver.line { interrupts += 1 }
            _ = driver.acknowledge()
        }
        #expect(interrupts == 40_000)
    }

    @Test func chainsMayBeInTablesOfTheirOwn() throws {
        let driver = try VirtioDriver.ready(
            Self.entropy(), features: VirtioDriver.version1 | VirtioDriver.indirect, size: 2)
        let request = driver.add(0, writable: [3, 4, 3], indirect: true)
        driver.notify(0)
        let used = try #require(driver.takeUsed(0))
        #expect(used == (UInt32(request.head), 10))
        #expect(driver.bytes(request.writable[0], count: 3) == [1, 2, 3])
        #expect(driver.bytes(request.writable[1], count: 4) == [4, 5, 6, 7])
        #expect(driver.bytes(request.writable[2], count: 3) == [8, 1, 2])
    }

    @Test func aResetForgetsEverything() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver.add(0, writable: [4])
        driver.notify(0)
        driver[0x70] = 0
        #expect(!driver.line && driver[0x70] == 0 && driver[0x60] == 0 && driver[0x44] == 0)
        driver.notify(0)
        driver.negotiate(VirtioDriver.version1)
        driver.setUp(0, size: 8)
        driver[0x70] = 15
        driver.add(0, writable: [4])
        driver.notify(0)
        let used = try #require(driver.takeUsed(0))
        #expect(used == (0, 4))
    }

    @Test func aQueueThatIsStoppedStartsFromTheBeginning() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.takeUsed(0) != nil)
        driver[0x30] = 0
        driver[0x38] = 4
        driver[0x44] = 0
        #expect(driver[0x44] == 0)
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.takeUsed(0) == nil)
        driver.setUp(0, size: 4)
        driver.add(0, writable: [4])
        driver.notify(0)
        #expect(driver.takeUsed(0) != nil && driver.takeUsed(0) == nil)
    }

    @Test func itSaysExactlyWhatItHasWritten() throws {
        let driver = try VirtioDriver.ready(Self.entropy())
        let request = driver.add(0, writable: [5])
        driver.notify(0)
        let used = VirtioDriver.used(0)
        #expect(
            driver.written == [
                request.writable[0]..<request.writable[0] + 5, used + 4..<used + 8, used + 8..<used + 12,
                used + 2..<used + 4,
            ])
    }
}

extension MemoryStorage {
    var device: VirtioBlock { VirtioBlock(self) }
}
