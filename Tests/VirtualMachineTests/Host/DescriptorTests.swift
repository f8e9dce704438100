import Foundation
import HostIO
import Synchronization
import SystemPackage
import TestSupport
import Testing

@Suite struct DescriptorTests {
    @Test("a read that a signal interrupts is made again")
    func interruptedRead() throws {
        var handler = sigaction()
        handler.__sigaction_handler.sa_handler = { _ in }
        // Without SA_RESTART the call itself fails.
        var old = sigaction()
        try #require(sigaction(SIGUSR2, &handler, &old) == 0)
        defer { sigaction(SIGUSR2, &old, nil) }

        final class Shared: Sendable {
            let reader = Mutex<pthread_t?>(nil)
            let result = Mutex<[UInt8]?>(nil)
        }
        let shared = Shared()
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let source = OwnedDescriptor(ends[0])
        let sink = OwnedDescriptor(ends[1])
        let raw = source.borrowed.rawValue
        let thread = try HostThread(named: "reader") {
            // Threads of a test may have every signal blocked.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGUSR2)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            shared.reader.withLock { $0 = pthread_self() }
            let bytes = try? FileDescriptor(rawValue: raw).read(upTo: 16)
            shared.result.withLock { $0 = bytes ?? [] }
        }
        #expect(Patience.eventually { shared.reader.withLock { $0 != nil } })
        for _ in 0..<20 {
            usleep(5000)
            shared.reader.withLock { if let id = $0 { _ = pthread_kill(id, SIGUSR2) } }
        }
        try sink.borrowed.writeAll([1, 2, 3])
        thread.join()
        #expect(shared.result.withLock { $0 } == [1, 2, 3])
    }

    @Test("nothing to read is an error that says so, and the end is no bytes")
    func emptyReads() throws {
        var ends: [CInt] = [-1, -1]
        try #require(pipe(&ends) == 0)
        let source = OwnedDescriptor(ends[0])
        source.setNonblocking()
        let error = #expect(throws: Errno.self) { try source.borrowed.read(upTo: 1) }
        #expect(error?.isWouldBlock == true)
        #expect(!source.borrowed.wait(for: .input, milliseconds: 0) && !source.borrowed.isHungUp)
        try Self.write([7, 8], to: OwnedDescriptor(ends[1]))
        #expect(source.borrowed.wait(for: .input, milliseconds: 0) && source.borrowed.isHungUp)
        #expect(try source.borrowed.read(upTo: 1) == [7])
        #expect(try source.borrowed.read(upTo: 9) == [8])
        #expect(try source.borrowed.read(upTo: 9) == [])
    }

    /// Writes, and closes the descriptor.
    private static func write(_ bytes: [UInt8], to sink: consuming OwnedDescriptor) throws {
        try sink.borrowed.writeAll(bytes)
    }

    @Test("poll ignores a request without a descriptor, and finds what happened at the others")
    func polling() throws {
        let ends = try OwnedDescriptor.socketPair()
        var requests = [
            PollRequest(nil, .input), PollRequest(ends.first.borrowed, .input),
            PollRequest(ends.first.borrowed, [.input, .output]),
        ]
        #expect(PollRequest.poll(&requests, milliseconds: 0) == 1)
        #expect(requests.map(\.found) == [[], [], .output])
        try ends.second.borrowed.writeAll([1])
        #expect(PollRequest.poll(&requests, milliseconds: nil) == 2)
        #expect(requests.map(\.found) == [[], .input, [.input, .output]])
    }

    @Test("a file is loaded whole, or refused for what it is")
    func loading() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1, 2, 3], to: "file")
        #expect(try HostFile.load(path, limit: 3) == [1, 2, 3])
        #expect(throws: HostFile.LoadError.tooLarge(3)) { try HostFile.load(path, limit: 2) }
        #expect(throws: HostFile.LoadError.notRegular) { try HostFile.load(folder.path, limit: 9) }
        #expect(throws: HostFile.LoadError.unreadable(.noSuchFileOrDirectory)) {
            try HostFile.load(folder.file("none"), limit: 9)
        }
    }

    @Test("guest memory reads as zero or as ones until it is written, and again after it is cleared")
    func mapping() throws {
        for reads in [UInt8(0), 0xFF] {
            var mapping = try HostMapping.make(size: 3 << 20)
            if reads != 0 { try mapping.fillWithOnes() }
            let places = [0, 4095, (2 << 20) - 1, 2 << 20, (3 << 20) - 1]
            for place in places {
                #expect(mapping.address.load(fromByteOffset: place, as: UInt8.self) == reads)
                mapping.address.storeBytes(of: 0x55, toByteOffset: place, as: UInt8.self)
            }
            mapping.clear()
            for place in places { #expect(mapping.address.load(fromByteOffset: place, as: UInt8.self) == reads) }
        }
        #expect(throws: Errno.noMemory) { _ = try HostMapping.make(size: .max) }
    }
}
