import Machine
import Testing

/// Attempts of a guest to break its host: each ends with DEVICE_NEEDS_RESET, and nothing happens until the reset.
@Suite struct VirtioHostileTests {
    struct Attack: Sendable, CustomStringConvertible {
        var description: String
        /// The fault that the device reports.
        var fault: String
        var perform: @Sendable (VirtioDriver) -> Void

        init(_ description: String, _ fault: String, _ perform: @escaping @Sendable (VirtioDriver) -> Void) {
            self.description = description
            self.fault = fault
            self.perform = perform
        }
    }

    private static let table = VirtioDriver.base(0)
    private static let buffer = VirtioDriver.ramBase + 0x3_0000
    private static let end = VirtioDriver.ramBase + 1 << 20

    /// A single descriptor.
    private static func one(
        _ address: UInt64, _ count: UInt32, flags: UInt16 = 2, next: UInt16 = 0
    ) -> @Sendable (VirtioDriver) -> Void {
        { driver in
            driver.descriptor(table, 0, address, count, flags, next)
            driver.makeAvailable(0, head: 0)
            driver.notify(0)
        }
    }

    /// An indirect table of these descriptors.
    private static func indirect(
        _ descriptors: [(UInt64, UInt32, UInt16, UInt16)], flags: UInt16 = 4, count: UInt32? = nil,
        at place: UInt64? = nil
    ) -> @Sendable (VirtioDriver) -> Void {
        { driver in
            let inner = VirtioDriver.ramBase + 0x4_0000
            for (index, part) in descriptors.enumerated() {
                driver.descriptor(inner, UInt16(index), part.0, part.1, part.2, part.3)
            }
            one(place ?? inner, count ?? UInt32(16 * descriptors.count), flags: flags)(driver)
        }
    }

    /// On a queue of 8 with indirect descriptors and event indexes.
    private static let onRings: [Attack] = [
        Attack("a head outside the table", "descriptor 8 of 8") { driver in
            driver.makeAvailable(0, head: 8)
            driver.notify(0)
        },
        Attack("a next outside the table", "descriptor 65535 of 8", one(buffer, 4, flags: 3, next: 0xFFFF)),
        Attack("a descriptor that is its own next", "a descriptor chain that has no end", one(buffer, 4, flags: 3)),
        Attack("a loop over two descriptors", "a descriptor chain that has no end") { driver in
            driver.descriptor(table, 1, buffer, 4, 3, 0)
            one(buffer, 4, flags: 3, next: 1)(driver)
        },
        Attack("a buffer below RAM", "a buffer of 4 bytes at 0x7ffffffe, which is not RAM", one(0x7FFF_FFFE, 4)),
        Attack("a buffer in flash", "a buffer of 4 bytes at 0x0, which is not RAM", one(0, 4)),
        Attack("a buffer over the end of RAM", "a buffer of 4 bytes at 0x800ffffd, which is not RAM", one(end - 3, 4)),
        Attack("a buffer behind RAM", "a buffer of 0 bytes at 0x80100000, which is not RAM", one(end, 0)),
        Attack(
            "a buffer over the end of the address space",
            "a buffer of 2 bytes at 0xffffffffffffffff, which is not RAM", one(.max, 2)),
        Attack(
            "a huge buffer", "a buffer of 4294967295 bytes at 0x80030000, which is not RAM", one(buffer, .max)),
        Attack("a readable buffer after a writable one", "a readable buffer after a writable one") { driver in
            driver.descriptor(table, 1, buffer, 4, 0, 0)
            one(buffer, 4, flags: 3, next: 1)(driver)
        },
        Attack(
            "an indirect table in an indirect table", "an indirect descriptor where none may be",
            indirect([(buffer, 16, 4, 0)])),
        Attack(
            "an indirect table that goes on", "an indirect descriptor where none may be",
            indirect([(buffer, 4, 2, 0)], flags: 5)),
        Attack("an empty indirect table", "an indirect table of 0 bytes at 0x80040000", indirect([])),
        Attack(
            "an indirect table of a descriptor and a half", "an indirect table of 24 bytes at 0x80040000",
            indirect([(buffer, 4, 2, 0)], count: 24)),
        Attack(
            "an indirect table outside RAM", "an indirect table of 16 bytes at 0x1000",
            indirect([(buffer, 4, 2, 0)], at: 0x1000)),
        Attack(
            "an indirect table over the end of RAM", "an indirect table of 4294967280 bytes at 0x80040000",
            indirect([(buffer, 4, 2, 0)], count: 0xFFFF_FFF0)),
        Attack(
            "a loop in an indirect table", "a descriptor chain that has no end",
            indirect([(buffer, 4, 3, 1), (buffer, 4, 3, 0)])),
        Attack("a next outside an indirect table", "descriptor 1 of 1", indirect([(buffer, 4, 3, 1)])),
        Attack("more chains than the queue has room for", "9 chains available in a queue of 8") { driver in
            driver.put(9 as UInt16, at: VirtioDriver.available(0) + 2)
            driver.notify(0)
        },
        Attack("an available index that goes back", "65535 chains available in a queue of 8") { driver in
            driver.put(0xFFFF as UInt16, at: VirtioDriver.available(0) + 2)
            driver.notify(0)
        },
    ]

    @Test(arguments: onRings) func ringsThatBreakTheRulesEndTheDevice(_ attack: Attack) throws {
        let features = VirtioDriver.version1 | VirtioDriver.indirect | VirtioDriver.eventIndex
        let driver = try VirtioDriver.ready(VirtioEntropy(source: { .max }), features: features)
        driver.written = []
        attack.perform(driver)
        try Self.expectEnd(driver, attack.fault)
        #expect(driver.written.isEmpty)
    }

    /// On a queue that is not ready yet; values of size and addresses.
    private static let onSetup: [Attack] = [
        Attack("a size that is no power of two", "a queue of size 7") { $0[0x38] = 7 },
        Attack("no size", "a queue of size 0") { $0[0x38] = 0 },
        Attack("a size above the maximum", "a queue of size 512") { $0[0x38] = 512 },
        Attack("a size whose low half is possible", "a queue of size 65544") { $0[0x38] = 0x1_0008 },
        Attack("a table outside RAM", "the descriptor table at 0x1000: not aligned or not in RAM") {
            $0.setAddress(0x80, 0x1000)
        },
        Attack("a table over the end of RAM", "the descriptor table at 0x800fff90: not aligned or not in RAM") {
            $0.setAddress(0x80, end - 0x70)
        },
        Attack("a table between alignments", "the descriptor table at 0x80000008: not aligned or not in RAM") {
            $0.setAddress(0x80, VirtioDriver.ramBase + 8)
        },
        Attack("an available ring at an odd address", "the available ring at 0x80000001: not aligned or not in RAM") {
            $0.setAddress(0x90, VirtioDriver.ramBase + 1)
        },
        Attack(
            "an available ring over the end of the address space",
            "the available ring at 0xfffffffffffffffe: not aligned or not in RAM"
        ) { $0.setAddress(0x90, .max - 1) },
        Attack("a used ring between alignments", "the used ring at 0x80000002: not aligned or not in RAM") {
            $0.setAddress(0xA0, VirtioDriver.ramBase + 2)
        },
        Attack("a used ring in flash", "the used ring at 0x100: not aligned or not in RAM") {
            $0.setAddress(0xA0, 0x100)
        },
    ]

    @Test(arguments: onSetup) func queuesThatAreNotPossibleEndTheDevice(_ attack: Attack) throws {
        let driver = try VirtioDriver.ready(VirtioEntropy(source: { .max }))
        driver[0x44] = 0
        attack.perform(driver)
        driver[0x44] = 1
        #expect(driver[0x44] == 0)
        driver.setUp(0, size: 8)
        #expect(driver[0x44] == 0, "only after a reset")
        try Self.expectEnd(driver, attack.fault)
    }

    @Test func anIndirectTableWithoutTheFeatureEndsTheDevice() throws {
        let driver = try VirtioDriver.ready(VirtioEntropy(source: { .max }))
        driver.add(0, writable: [4], indirect: true)
        driver.notify(0)
        try Self.expectEnd(driver, "an indirect descriptor where none may be")
    }

    @Test func aChainOfMoreThan4GiBEndsTheDevice() throws {
        let driver = try VirtioDriver(VirtioEntropy(source: { .max }), ramSize: 3 << 30)
        for count in [2, 3] as [UInt16] {
            driver.negotiate(VirtioDriver.version1)
            driver.setUp(0, size: 8)
            driver[0x70] = 15
            for index in 0..<count {
                let flags: UInt16 = index + 1 < count ? 3 : 2
                driver.descriptor(Self.table, index, Self.buffer, 2 << 30, flags, index + 1)
            }
            driver.makeAvailable(0, head: 0)
            driver.notify(0)
            #expect((driver.takeUsed(0)?.written == 4096) == (count == 2))
        }
        try Self.expectEnd(driver, "a descriptor chain of more than 4 GiB")
    }

    @Test func requestsThatAreNoneEndTheDevice() throws {
        let requests: [([[UInt8]], [Int])] = [
            ([VirtioBlockTests.header(0)], []), ([VirtioBlockTests.header(0).dropLast()], [1]), ([], [1]), ([], [513]),
            ([VirtioBlockTests.header(0)], [0]),
        ]
        for (readable, writable) in requests {
            let driver = try VirtioDriver.ready(MemoryStorage(sectors: 1).device)
            driver.add(0, readable: readable, writable: writable)
            driver.notify(0)
            try Self.expectEnd(driver, "a block request without header or status")
        }
        let driver = try VirtioDriver.ready(VirtioConsole(output: { _ in }))
        driver.descriptor(VirtioDriver.base(1), 0, VirtioDriver.ramBase, 0x8_0001, 1, 1)
        driver.descriptor(VirtioDriver.base(1), 1, VirtioDriver.ramBase, 0x8_0000, 0, 0)
        driver.makeAvailable(1, head: 0)
        driver.notify(1)
        try Self.expectEnd(driver, "console output of 1048577 bytes at once")
    }

    @Test func registersThatNameNothingDoNothing() throws {
        let driver = try VirtioDriver.ready(VirtioEntropy(source: { .max }))
        driver.add(0, writable: [4])
        for value in [1, 2, 0x100, 0x8000_0000, 0xFFFF_FFFF] as [UInt32] {
            driver[0x50] = value
            driver[0x30] = value
            for register in stride(from: 0x34, to: 0x50, by: 4) as StrideTo<UInt64> { driver[register] = value }
            for register in stride(from: 0x80, to: 0x200, by: 4) as StrideTo<UInt64> { driver[register] = value }
            #expect(driver[0x34] == 0 && driver[0x44] == 0)
        }
        #expect(driver[0x70] == 15 && driver.takeUsed(0) == nil)
        driver.notify(0)
        #expect(driver.takeUsed(0) != nil, "the queue is as it was")
    }

    /// The device has ended, says so, leaves memory alone, and works again after a reset.
    private static func expectEnd(
        _ driver: VirtioDriver, _ fault: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(driver.transport.fault?.reason == fault, sourceLocation: sourceLocation)
        #expect(driver[0x70] == 15 | 64 && driver[0x60] & 2 != 0 && driver.line, sourceLocation: sourceLocation)
        let before = driver.written.count
        driver.setUp(0, size: 8)
        driver.add(0, writable: [600])
        for queue in 0..<2 { driver.notify(queue) }
        driver[0x70] = 15
        driver.transport.poll()
        #expect(driver.written.count == before && driver[0x70] == 15 | 64, sourceLocation: sourceLocation)
        driver[0x70] = 0
        #expect(driver[0x70] == 0 && !driver.line, sourceLocation: sourceLocation)
        driver.negotiate(VirtioDriver.version1)
        #expect(driver[0x70] == 11 && driver.transport.fault == nil, sourceLocation: sourceLocation)
    }
}
