import GuestAddresses
import GuestMemory
import Machine

/// Machines `pc` with small kernels.
enum PCFixture {
    static let program: [UInt8] = [0xf4, 0xeb, 0xfd]

    static func elf(_ address: UInt64, machine: UInt16 = 62) -> [UInt8] {
        ImageBuilder.elf(
            entry: address, [ImageBuilder.Segment(physical: address, bytes: program, memorySize: 0x1000)],
            machine: machine)
    }

    static func machine(
        _ kernel: [UInt8], vcpus: Int = 1, memory: UInt64 = 128 << 20, initrd: [UInt8]? = nil, arguments: String = ""
    ) throws -> Machine {
        try Machine(
            MachineConfiguration(
                board: PCBoard.pc, vcpuCount: vcpus, memorySize: memory, kernel: InputFile(name: "/x/y", bytes: kernel),
                initrd: initrd.map { InputFile(name: "rd", bytes: $0) }, bootArguments: arguments),
            interrupts: .external(setLine: { _, _ in }), realTime: { 1_700_000_000 }, consoleOutput: { _ in })
    }

    /// A bzImage whose kernel is a few bytes: the fields of Linux's Documentation/arch/x86/boot.rst, "Details of Header
    /// Fields".
    static func bzImage(
        version: UInt16 = 0x20f, flags: UInt16 = 1, headerLength: UInt8 = 0x66, size: Int = 0x2000,
        setupSectors: UInt8 = 4, address: UInt64 = 0x100_0000, memorySize: UInt32 = 0x80_0000,
        initrdLimit: UInt32 = 0x7fff_ffff
    ) -> [UInt8] {
        var bytes = [UInt8](repeating: 0x90, count: size)
        func put<Value: FixedWidthInteger>(_ value: Value, _ offset: Int) {
            bytes.replaceSubrange(offset..<offset + MemoryLayout<Value>.size, with: ImageBuilder.little(value))
        }
        put(setupSectors, 0x1f1)
        put(headerLength, 0x201)
        put(UInt32(0x5372_6448), 0x202)
        put(version, 0x206)
        put(UInt8(0x80), 0x211)
        put(initrdLimit, 0x22c)
        put(flags, 0x236)
        put(UInt32(2047), 0x238)
        put(address, 0x258)
        put(memorySize, 0x260)
        return bytes
    }
}

extension Machine {
    /// A little-endian number in guest memory.
    func number<Value: FixedWidthInteger>(_ address: PhysicalAddress, as _: Value.Type = Value.self) throws -> Value {
        try memory.read(address, count: MemoryLayout<Value>.size).reversed().reduce(0) { $0 << 8 | Value($1) }
    }

    /// An address of 64 bits in guest memory.
    func address(at place: PhysicalAddress) throws -> PhysicalAddress { PhysicalAddress(try number(place)) }
}
