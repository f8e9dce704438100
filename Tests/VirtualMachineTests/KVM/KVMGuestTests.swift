import GuestAddresses
import GuestMemory
import KVMAccelerator
import Machine
import Testing

@Suite("The devices as KVM's vCPUs reach them")
struct KVMGuestTests {
    /// A disk of zeros.
    private final class Disk: BlockStorage {
        let sectorCount: UInt64 = 1 << 14
        let isReadOnly = false
        let identifier = "zeros"
        var bytesRead = 0

        func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
            bytesRead += buffer.count
            return true
        }

        func write(at offset: UInt64, from buffer: UnsafeRawBufferPointer) -> Bool { true }
        func flush() -> Bool { true }
    }

    private static let device: PhysicalAddress = 0x0A00_0000
    private static let ring: PhysicalAddress = 0x4100_0000
    /// In bytes: more than one access serves.
    private static let size = 4 << 20

    /// Starts the driver and makes one request available that reads `size` bytes from sector 0.
    ///
    /// Virtio 1.2, 3.1.1 "Driver Requirements: Device Initialization", 4.2.2 "MMIO Device Register Layout", 2.7 "Split
    /// Virtqueues", 5.2.6 "Device Operation" of the block device.
    private static func prepare(_ guest: KVMGuest) throws {
        let registers: [(offset: UInt64, value: UInt64)] = [
            (0x70, 0), (0x70, 3), (0x24, 1), (0x20, 1), (0x70, 11), (0x30, 0), (0x38, 4), (0x80, ring.rawValue),
            (0x90, ring.rawValue + 0x100), (0xA0, ring.rawValue + 0x200), (0x44, 1), (0x70, 15),
        ]
        for (offset, value) in registers {
            #expect(guest.write(device + offset, size: 4, value: value, vcpu: 0))
        }
        // The header, the data and the status: address, length, flags (1: another follows, 2: the device writes), next.
        let descriptors: [(address: PhysicalAddress, length: Int, flags: UInt64, next: UInt64)] = [
            (ring + 0x300, 16, 1, 1), (0x4200_0000, size, 3, 2), (ring + 0x400, 1, 2, 0),
        ]
        var table: [UInt8] = []
        for (address, length, flags, next) in descriptors {
            table += bytes(address.rawValue, 8) + bytes(UInt64(length), 4) + bytes(flags, 2) + bytes(next, 2)
        }
        let memory = guest.machine.memory
        try memory.write(ring, table)
        try memory.write(ring + 0x400, [0xFF])
        try memory.write(ring + 0x102, bytes(1, 2) + bytes(0, 2))
    }

    private static func bytes(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }

    @Test("A request that one access doesn't complete is completed by polls, which the device asks for")
    func deferredWork() throws {
        let disk = Disk()
        let machine = try Machine(
            MachineConfiguration(memorySize: 64 << 20, firmware: InputFile(name: "fw", bytes: [0, 0, 0, 0x14])),
            disks: [disk], interrupts: .external(setLine: { _, _ in }))
        let guest = KVMGuest(machine, takeInput: { machine.poll() })
        var calls = 0
        guest.onWorkLeft = { calls += 1 }
        try Self.prepare(guest)
        #expect(calls == 0)
        #expect(guest.write(Self.device + 0x50, size: 4, value: 0, vcpu: 0))
        // No access follows: the guest sleeps until the disk has answered.
        #expect(calls == 1)
        #expect(disk.bytesRead < Self.size)
        #expect(try machine.memory.read(Self.ring + 0x400, count: 1) == [0xFF])
        var polls = 0
        while guest.poll() < 1_000_000, polls < 100 { polls += 1 }
        #expect(disk.bytesRead == Self.size)
        #expect(try machine.memory.read(Self.ring + 0x400, count: 1) == [0])
        #expect(try machine.memory.read(Self.ring + 0x202, count: 2) == [1, 0])
    }
}
