import AArch64CPU
import Foundation

/// A minimal machine for a bare-metal program: RAM at 1 GiB, and a serial port whose output is recorded.
final class BareMetalMachine: CPUEnvironment {
    static let ramBase: UInt64 = 0x4000_0000
    static let ramSize = 64 << 20

    let ram: UnsafeMutableRawPointer
    private(set) var output = ""
    /// The lines of the output, each with the processor time in seconds and the number of instructions at its end.
    private(set) var lines: [(text: String, time: Double, instruction: UInt64)] = []
    private var line = ""
    private(set) var cluster: CPUCluster?

    init() {
        ram = .allocate(byteCount: Self.ramSize, alignment: 4096)
        ram.initializeMemory(as: UInt8.self, repeating: 0, count: Self.ramSize)
    }

    deinit { ram.deallocate() }

    struct LoadError: Error { var text: String }

    /// Copies an ELF's segments to RAM and sets the vCPU to its entry.
    func load(elf path: String) throws -> CPUCluster {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        func number<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type) throws -> T {
            guard offset >= 0, offset + MemoryLayout<T>.size <= data.count else { throw LoadError(text: "short ELF") }
            return data.withUnsafeBytes { T(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.self)) }
        }
        guard data.prefix(4) == Data([0x7F, 0x45, 0x4C, 0x46]) else { throw LoadError(text: "not an ELF: \(path)") }
        let headers = Int(try number(32, UInt64.self))
        for index in 0..<Int(try number(56, UInt16.self)) {
            let header = headers + index * Int(try number(54, UInt16.self))
            guard try number(header, UInt32.self) == 1 else { continue }
            let offset = Int(try number(header + 8, UInt64.self))
            let address = try number(header + 24, UInt64.self)
            let size = Int(try number(header + 32, UInt64.self))
            guard address >= Self.ramBase, Int(address - Self.ramBase) + size <= Self.ramSize,
                offset + size <= data.count
            else { throw LoadError(text: "a segment outside RAM: \(path)") }
            data.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(start: ram + Int(address - Self.ramBase), count: size)
                    .copyBytes(from: bytes[offset..<offset + size])
            }
        }
        let cluster = CPUCluster(
            vcpuCount: 1,
            regions: [RAMRegion(base: Self.ramBase, size: UInt64(Self.ramSize), host: ram, isReadOnly: false)],
            environment: self, configuration: CPUConfiguration())
        cluster.vcpus[0].pc = try number(24, UInt64.self)
        self.cluster = cluster
        return cluster
    }

    /// Runs until the program calls PSCI, in turns of a fixed number of instructions as an accelerator does.
    func runToEnd(limit: UInt64 = 100_000_000_000) -> CPUExit {
        guard let cluster else { return .requested }
        while cluster.timeBase < limit {
            let exit = cluster.run(0, budget: 1_000_000)
            cluster.timeBase += cluster.vcpus[0].executedInRun
            if exit != .budget { return exit }
        }
        return .budget
    }

    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? {
        address & ~0xFFF == 0x0900_0000 ? 0 : nil
    }

    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool {
        guard address & ~0xFFF == 0x0900_0000 else { return false }
        let character = Character(UnicodeScalar(UInt8(truncatingIfNeeded: value)))
        output.append(character)
        if character == "\n" {
            lines.append((line, ProcessorTime.own, cluster?.vcpus[0].time ?? 0))
            line = ""
        } else {
            line.append(character)
        }
        return true
    }

    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { nil }
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool { false }
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {}
}
