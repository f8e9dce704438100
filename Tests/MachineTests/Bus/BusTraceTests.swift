import GuestAddresses
import Machine
import Testing

@Suite struct BusTraceTests {
    private final class Register: Device {
        let name = "register"
        var value: UInt64 = 0x1122_3344_5566_7788
        func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64 { value }
        func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int) { self.value = value }
    }

    @Test func accessesAreCountedAndNoted() throws {
        let bus = Bus()
        try bus.add(Register(), at: 0x1000, size: 8)
        #expect(bus.read(0x1000, size: 4, vcpu: 1) == 0x5566_7788)
        let trace = BusTrace()
        bus.trace = trace
        #expect(bus.read(0x1000, size: 2, vcpu: 1) == 0x7788)
        #expect(bus.write(0x1004, size: 1, value: 0x1ff, vcpu: 0))
        #expect(bus.read(0x2000, size: 8, vcpu: 0) == nil)
        #expect(!bus.write(0x2000, size: 8, value: 5, vcpu: 0))
        let (accesses, lost) = trace.take()
        #expect(lost == 0)
        #expect(
            accesses == [
                .init(direction: .read, address: 0x1000, size: 2, value: 0x7788, vcpu: 1, device: "register"),
                .init(direction: .write, address: 0x1004, size: 1, value: 0xff, vcpu: 0, device: "register"),
                .init(direction: .read, address: 0x2000, size: 8, value: nil, vcpu: 0, device: nil),
                .init(direction: .write, address: 0x2000, size: 8, value: 5, vcpu: 0, device: nil),
            ])
        #expect(bus.mappings[0].reads == 2 && bus.mappings[0].writes == 1)
        #expect(trace.take().accesses.isEmpty)
    }

    @Test func theOldestGoFirst() throws {
        let bus = Bus()
        try bus.add(Register(), at: 0, size: 64)
        let trace = BusTrace(capacity: 3)
        bus.trace = trace
        for offset in 0..<5 { _ = bus.read(PhysicalAddress(UInt64(8 * offset)), size: 8, vcpu: 0) }
        let (accesses, lost) = trace.take()
        #expect(accesses.map(\.address) == [16, 24, 32] && lost == 2)
        _ = bus.read(0, size: 8, vcpu: 0)
        #expect(trace.take().accesses.count == 1)
    }
}
