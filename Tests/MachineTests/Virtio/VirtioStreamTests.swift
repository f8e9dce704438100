import Machine
import Testing

@Suite struct VirtioConsoleTests {
    @Test func outputComesOutInOrder() throws {
        var sent: [UInt8] = []
        let driver = try VirtioDriver.ready(VirtioConsole(output: { sent.append($0) }))
        driver.add(1, readable: [Array("hel".utf8), Array("lo".utf8)])
        driver.add(1, readable: [Array(" world".utf8)])
        driver.notify(1)
        #expect(sent == Array("hello world".utf8))
        let used = try #require(driver.takeUsed(1))
        #expect(used == (0, 0))
    }

    @Test func inputWaitsForBuffersAndFillsThem() throws {
        let console = VirtioConsole(output: { _ in })
        let driver = try VirtioDriver.ready(console)
        #expect(console.receive(Array("hello".utf8)) == 5)
        driver.transport.poll()
        #expect(driver.takeUsed(0) == nil)
        let requests = (0..<3).map { _ in driver.add(0, writable: [4]) }
        driver.notify(0)
        #expect(driver.takeUsed(0)?.written == 4 && driver.takeUsed(0)?.written == 1 && driver.takeUsed(0) == nil)
        #expect(driver.bytes(requests[0].writable[0], count: 4) == Array("hell".utf8))
        #expect(driver.bytes(requests[1].writable[0], count: 1) == Array("o".utf8))
        _ = driver.acknowledge()
        #expect(console.receive([0x21]) == 1)
        driver.transport.poll()
        #expect(driver.line && driver.takeUsed(0)?.head == UInt32(requests[2].head))
    }

    @Test func pastedTextIsKeptWholeUpToTheLimit() throws {
        let console = VirtioConsole(output: { _ in })
        let text = (0..<300 << 10).map { UInt8(truncatingIfNeeded: $0 / 3) }
        let accepted = console.receive(text)
        #expect(accepted == 256 << 10 && console.receive([1]) == 0)
        let driver = try VirtioDriver.ready(console)
        var read: [UInt8] = []
        while read.count < accepted {
            let request = driver.add(0, writable: [1000])
            driver.notify(0)
            guard let used = driver.takeUsed(0) else { break }
            read += driver.bytes(request.writable[0], count: Int(used.written))
            driver.release()
        }
        #expect(read == Array(text.prefix(accepted)))
    }

    @Test func muchOutputIsSentInParts() throws {
        var count = 0
        let driver = try VirtioDriver.ready(VirtioConsole(output: { _ in count += 1 }), size: 8)
        driver.descriptor(VirtioDriver.base(1), 0, VirtioDriver.ramBase, 1 << 19, 0, 0)
        for _ in 0..<8 { driver.makeAvailable(1, head: 0) }
        driver.notify(1)
        #expect(count < 1 << 20 && driver.transport.hasWorkLeft)
        for _ in 0..<1000 where driver.transport.hasWorkLeft { driver.transport.poll() }
        #expect(count == 4 << 20 && !driver.transport.hasWorkLeft)
    }
}

@Suite struct VirtioNetworkTests {
    @Test func theAddressIsInTheConfiguration() throws {
        let driver = try VirtioDriver(VirtioNetwork(TestLink(), address: [2, 3, 4, 5, 6, 7]))
        #expect(driver[0x10] & 1 << 5 != 0)
        #expect((0..<6).map { driver.transport.read(offset: 0x100 + $0, size: 1, vcpu: 0) } == [2, 3, 4, 5, 6, 7])
    }

    @Test func framesGoOutWithoutTheirHeader() throws {
        let link = TestLink()
        let driver = try VirtioDriver.ready(VirtioNetwork(link))
        let frame = (0..<60).map { UInt8($0) }
        driver.add(1, readable: [[UInt8](repeating: 0, count: 12), frame])
        driver.add(1, readable: [[UInt8](repeating: 0, count: 12) + frame.reversed()])
        driver.add(1, readable: [[1, 2, 3]])
        driver.notify(1)
        #expect(link.sent == [frame, frame.reversed()])
        #expect((0..<3).map { _ in driver.takeUsed(1)?.written } == [0, 0, 0])
    }

    @Test func framesComeInWithAHeader() throws {
        let link = TestLink()
        let driver = try VirtioDriver.ready(VirtioNetwork(link))
        link.incoming = [[9, 8, 7], [6, 5]]
        driver.transport.poll()
        #expect(link.incoming.count == 2, "they wait where they are until there is a buffer")
        let request = driver.add(0, writable: [5, 100])
        driver.notify(0)
        #expect(link.incoming.count == 1)
        #expect(driver.takeUsed(0)?.written == 15)
        #expect(
            driver.bytes(request.writable[0], count: 5) + driver.bytes(request.writable[1], count: 10)
                == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 9, 8, 7])
        #expect(driver.line)
    }

    @Test func aFrameWithoutRoomIsDroppedAndTheBufferKept() throws {
        let link = TestLink()
        let driver = try VirtioDriver.ready(VirtioNetwork(link))
        driver.add(0, writable: [20])
        link.incoming = [[UInt8](repeating: 1, count: 9), [4, 4]]
        driver.transport.poll()
        #expect(link.incoming.isEmpty)
        #expect(driver.takeUsed(0)?.written == 14 && driver.takeUsed(0) == nil)
    }
}
