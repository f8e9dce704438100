import Machine
import Testing

@Suite struct VirtioBlockTests {
    private static let flush: UInt64 = 1 << 9

    static func header(_ type: UInt32, sector: UInt64 = 0) -> [UInt8] {
        withUnsafeBytes(of: type.littleEndian) { Array($0) } + [0, 0, 0, 0]
            + withUnsafeBytes(of: sector.littleEndian) { Array($0) }
    }

    private static func ready(_ storage: MemoryStorage, features: UInt64 = 0) throws -> VirtioDriver {
        try VirtioDriver.ready(VirtioBlock(storage), features: VirtioDriver.version1 | features, size: 16)
    }

    /// Performs one request; the status and what came with it.
    private static func perform(
        _ driver: VirtioDriver, readable: [[UInt8]], writable: [Int] = []
    ) throws -> (status: UInt8, data: [UInt8]) {
        let request = driver.add(0, readable: readable, writable: writable + [1])
        driver.notify(0)
        let used = try #require(driver.takeUsed(0))
        #expect(used == (UInt32(request.head), UInt32(writable.reduce(1, +))))
        let data = zip(request.writable, writable).flatMap { driver.bytes($0.0, count: $0.1) }
        return (driver.get(try #require(request.writable.last)), data)
    }

    @Test func theConfigurationTellsSizeAndLimits() throws {
        let driver = try Self.ready(MemoryStorage(sectors: 77))
        #expect([0x100, 0x104, 0x108, 0x10C, 0x110, 0x114].map { driver[$0] } == [77, 0, 0, 254, 0, 512])
        driver[0x14] = 0
        #expect(driver[0x10] & 0xFFFF == 1 << 2 | 1 << 6 | 1 << 9)
    }

    @Test func whatIsReadIsWhatIsThere() throws {
        let storage = MemoryStorage(sectors: 8)
        let driver = try Self.ready(storage)
        let (status, data) = try Self.perform(driver, readable: [Self.header(0, sector: 3)], writable: [512, 1024])
        #expect(status == 0 && data == Array(storage.bytes[3 * 512..<6 * 512]))
    }

    @Test func whatIsWrittenIsThere() throws {
        let storage = MemoryStorage(sectors: 8)
        let driver = try Self.ready(storage, features: Self.flush)
        let data = (0..<1536).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        // Header and data divided as no driver would.
        let header = Self.header(1, sector: 5)
        let parts = [Array(header[..<7]), Array(header[7...]) + Array(data[..<100]), Array(data[100...])]
        #expect(try Self.perform(driver, readable: parts).status == 0)
        #expect(Array(storage.bytes[5 * 512..<8 * 512]) == data)
        #expect(storage.calls == "ww")
    }

    @Test func theStatusMayShareABufferWithTheData() throws {
        let storage = MemoryStorage(sectors: 8)
        let driver = try Self.ready(storage)
        let request = driver.add(0, readable: [Self.header(0, sector: 1)], writable: [100, 413])
        driver.notify(0)
        #expect(driver.takeUsed(0)?.written == 513)
        #expect(driver.bytes(request.writable[1] + 412, count: 1) == [0])
        #expect(
            driver.bytes(request.writable[0], count: 100) + driver.bytes(request.writable[1], count: 412)
                == Array(storage.bytes[512..<1024]))
    }

    @Test func aFlushIsDoneWhenTheStorageSaysSo() throws {
        let storage = MemoryStorage(sectors: 1)
        let driver = try Self.ready(storage, features: Self.flush)
        #expect(try Self.perform(driver, readable: [Self.header(4)]).status == 0)
        storage.fails = true
        #expect(try Self.perform(driver, readable: [Self.header(4)]).status == 1)
        #expect(storage.calls == "ff")
    }

    @Test func aDriverThatKnowsNoFlushHasEachWriteFlushed() throws {
        let storage = MemoryStorage(sectors: 1)
        let driver = try Self.ready(storage)
        #expect(try Self.perform(driver, readable: [Self.header(1), [UInt8](repeating: 1, count: 512)]).status == 0)
        #expect(storage.calls == "wf")
        // The accepted features stay as they are.
        driver[0x24] = 0
        driver[0x20] = UInt32(Self.flush)
        #expect(try Self.perform(driver, readable: [Self.header(1), [UInt8](repeating: 1, count: 512)]).status == 0)
        #expect(storage.calls == "wfwf")
    }

    @Test func theNameIsGivenInTwentyBytes() throws {
        let storage = MemoryStorage(sectors: 1)
        let driver = try Self.ready(storage)
        let short = try Self.perform(driver, readable: [Self.header(8)], writable: [20])
        #expect(short.status == 0 && short.data == Array("memory".utf8) + [UInt8](repeating: 0, count: 14))
        storage.identifier = "a name of more than twenty bytes"
        let long = try Self.perform(driver, readable: [Self.header(8)], writable: [20])
        #expect(long.data == Array("a name of more than ".utf8))
    }

    /// Type, sector, bytes to write, bytes to read, what the host does, and the status.
    private static let refusals: [(String, UInt32, UInt64, Int, Int, String, UInt8)] = [
        ("read at the end", 0, 7, 0, 512, "", 0),
        ("read past the end", 0, 8, 0, 512, "", 1),
        ("read over the end", 0, 7, 0, 1024, "", 1),
        ("read far away", 0, .max, 0, 512, "", 1),
        ("read where bytes overflow", 0, 1 << 55, 0, 512, "", 1),
        ("read half a sector", 0, 0, 0, 100, "", 1),
        ("read nothing", 0, 8, 0, 0, "", 0),
        ("write past the end", 1, 8, 512, 0, "", 1),
        ("write half a sector", 1, 0, 513, 0, "", 1),
        ("write to a read-only disk", 1, 0, 512, 0, "read-only", 1),
        ("flush a read-only disk", 4, 0, 0, 0, "read-only", 0),
        ("read that the host fails", 0, 0, 0, 512, "fails", 1),
        ("write that the host fails", 1, 0, 512, 0, "fails", 1),
        ("discard", 11, 0, 16, 0, "", 2),
        ("unknown", 0xFFFF_FFFF, 0, 0, 0, "", 2),
    ]

    @Test(arguments: refusals.indices) func whatCanNotBeDoneIsAnswered(_ row: Int) throws {
        let (name, type, sector, toWrite, toRead, host, expected) = Self.refusals[row]
        let storage = MemoryStorage(sectors: 8)
        storage.isReadOnly = host == "read-only"
        storage.fails = host == "fails"
        let before = storage.bytes
        let driver = try Self.ready(storage)
        let readable =
            [Self.header(type, sector: sector)] + (toWrite > 0 ? [[UInt8](repeating: 9, count: toWrite)] : [])
        let status = try Self.perform(driver, readable: readable, writable: toRead > 0 ? [toRead] : []).status
        #expect(status == expected, "\(name)")
        #expect(storage.bytes == before, "\(name)")
        #expect(driver[0x70] == 15, "\(name)")
    }

    @Test func aReadOnlyDiskSaysSo() throws {
        let storage = MemoryStorage(sectors: 1)
        storage.isReadOnly = true
        let driver = try VirtioDriver(VirtioBlock(storage))
        #expect(driver[0x10] & 1 << 5 != 0)
    }

    @Test func aLargeRequestIsDoneInParts() throws {
        let storage = MemoryStorage(sectors: 16 << 10)
        let expected = storage.bytes
        let driver = try VirtioDriver(VirtioBlock(storage), ramSize: 16 << 20)
        driver.negotiate(VirtioDriver.version1 | Self.flush)
        driver.setUp(0, size: 16)
        driver[0x70] = 15
        // One buffer that is larger than a part, and two that end in others.
        let sizes = [3 << 20, 512, (2 << 20) - 1024]
        let request = driver.add(0, readable: [Self.header(0, sector: 7)], writable: sizes + [1])
        driver.notify(0)
        #expect(driver.takeUsed(0) == nil && driver.transport.hasWorkLeft)
        for _ in 0..<100 where driver.transport.hasWorkLeft { driver.transport.poll() }
        #expect(driver.takeUsed(0)?.written == UInt32(sizes.reduce(1, +)))
        #expect(driver.get(request.writable[3], as: UInt8.self) == 0)
        let read = zip(request.writable, sizes).flatMap { driver.bytes($0.0, count: $0.1) }
        #expect(read == Array(expected[(7 * 512)..<(7 * 512 + read.count)]))
        #expect(storage.calls.count > 5)
    }

    @Test func aRequestThatIsNotFinishedGoesWithItsQueue() throws {
        let driver = try VirtioDriver(VirtioBlock(MemoryStorage(sectors: 16 << 10)), ramSize: 16 << 20)
        driver.negotiate(VirtioDriver.version1 | Self.flush)
        driver.setUp(0, size: 16)
        driver[0x70] = 15
        driver.add(0, readable: [Self.header(0)], writable: [4 << 20, 1])
        driver.notify(0)
        driver.setUpAgain(0, size: 8)
        driver.release()
        let (status, data) = try Self.perform(driver, readable: [Self.header(8)], writable: [20])
        #expect(status == 0 && data.starts(with: Array("memory".utf8)))
        for _ in 0..<100 where driver.transport.hasWorkLeft { driver.transport.poll() }
        #expect(driver.takeUsed(0) == nil)
    }

    @Test func aLongRequestListIsDoneInParts() throws {
        let storage = MemoryStorage(sectors: 1)
        let driver = try Self.ready(storage, features: Self.flush)
        // 256 requests of one chain: each is a flush, which count for more than they move.
        driver.setUpAgain(0, size: 256)
        let request = driver.add(0, readable: [Self.header(4)], writable: [1])
        for _ in 1..<256 { driver.makeAvailable(0, head: request.head) }
        driver.notify(0)
        let first = storage.calls.count
        #expect(first < 256 && driver.transport.hasWorkLeft)
        var polls = 0
        while driver.transport.hasWorkLeft, polls < 1000 {
            driver.transport.poll()
            polls += 1
        }
        #expect(storage.calls.count == 256 && !driver.transport.hasWorkLeft)
    }
}

extension VirtioDriver {
    /// Stops a queue and sets it up with another size.
    func setUpAgain(_ queue: Int, size: UInt16) {
        self[0x30] = UInt32(queue)
        self[0x44] = 0
        setUp(queue, size: size)
    }
}
