import Glibc
import KVM
import Testing

/// `struct kvm_run` and what follows it, as KVM writes them (KVM API, section 5, "The kvm_run structure").
@Suite("A vCPU's shared page")
struct SharedPageTests {
    /// Less than two pages of the host, so that reading the next byte would not fault.
    private static let size = 8000
    /// `exit_reason`, and the union whose member it selects.
    private static let (exitReason, details) = (8, 32)

    /// A page of zeros in memory.
    private static func page(size: Int = size) throws -> SharedPage {
        let name = "/trapline-test-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let file = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
        defer {
            close(file)
            shm_unlink(name)
        }
        try #require(file >= 0 && ftruncate(file, off_t(size)) == 0)
        return try SharedPage(file, size: size)
    }

    private static func put(_ value: UInt64, _ count: Int, at offset: Int, into page: borrowing SharedPage) {
        for index in 0..<count { page[offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
    }

    @Test("A device access has its address, its size and as much of its data as it has bytes")
    func deviceAccess() throws {
        let page = try Self.page()
        // KVM_EXIT_MMIO: phys_addr, data[8], len, is_write.
        Self.put(6, 4, at: Self.exitReason, into: page)
        Self.put(0x0900_0018, 8, at: Self.details, into: page)
        Self.put(0x8877_6655_4433_2211, 8, at: Self.details + 8, into: page)
        Self.put(2, 4, at: Self.details + 16, into: page)
        #expect(KVMExit(page) == .deviceRead(address: 0x0900_0018, size: 2))
        Self.put(1, 1, at: Self.details + 20, into: page)
        #expect(KVMExit(page) == .deviceWrite(address: 0x0900_0018, size: 2, value: 0x2211))
        Self.put(9, 4, at: Self.details + 16, into: page)
        #expect(KVMExit(page) == .failed("a device access of 9 bytes"))
    }

    @Test("A port access has its port, its size and its count")
    func portAccess() throws {
        let page = try Self.page()
        // KVM_EXIT_IO: direction, size, port, count.
        Self.put(2, 4, at: Self.exitReason, into: page)
        Self.put(0x0000_0003_03F8_0201, 8, at: Self.details, into: page)
        #expect(KVMExit(page) == .portWrite(port: 0x3F8, size: 2, count: 3))
    }

    @Test("immediate_exit is the byte after request_interrupt_window")
    func immediateExit() throws {
        let page = try Self.page()
        page.immediateExit = true
        #expect(page[1] == 1 && page.immediateExit && page[0] == 0 && page[2] == 0)
        page.immediateExit = false
        #expect(page[1] == 0)
    }

    @Test("Bytes outside the mapping are not accessed")
    func bounds() async throws {
        let page = try Self.page()
        page[Self.size - 1] = 7
        #expect(page[Self.size - 1] == 7)
        #expect(throws: KVMError.self) { _ = try Self.page(size: 64) }
        await #expect(processExitsWith: .failure) { _ = try Self.page()[Self.size] }
        await #expect(processExitsWith: .failure) { try Self.page()[-1] = 0 }
    }
}
