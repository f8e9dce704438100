import AArch64
import AArch64CPU

/// A one-vCPU machine of RAM alone in which sequences run at the addresses they have under Linux.
///
/// Translation is on: with it off, all memory is Device and unaligned accesses fault. The window's two pages are
/// adjacent in virtual memory only. The vectors hold HVCs, whose immediates show which one was taken.
final class SequenceMachine {
    let cluster: CPUCluster
    let vcpu: VCPU
    private let host: UnsafeMutableRawPointer
    private let environment = NoDevices()

    private static let physicalBase: UInt64 = 0x4000_0000
    private static let size = 32 << 20
    private static let codeSize = 16 << 20
    /// In descending order, so that an access across their border goes to two places.
    private static let windowOffsets = [0x120_9000, 0x110_3000]
    private static let writableCodeOffset = 0x128_5000
    private static let tableOffset = 0x130_0000
    private static let vectorOffset = 0x0f0_0000
    /// Sequences may use this much.
    static let codeLimit = vectorOffset
    static let vectorTag: UInt16 = 0x40

    init(blockCacheSize: Int? = nil) {
        host = .allocate(byteCount: Self.size, alignment: 4096)
        host.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
        let region = RAMRegion(base: Self.physicalBase, size: UInt64(Self.size), host: host, isReadOnly: false)
        var configuration = CPUConfiguration()
        if let blockCacheSize { configuration.blockCacheSize = blockCacheSize }
        cluster = CPUCluster(
            vcpuCount: 1, regions: [region], environment: environment, configuration: configuration)
        vcpu = cluster.vcpus[0]
        writeTables()
        writeVectors()
        setSystemRegisters()
    }

    deinit { host.deallocate() }

    /// Copies the code of sequences to where they are placed, and clears the pages around the window.
    func load(_ sequences: [PlacedSequence]) {
        for offset in Self.windowOffsets + [Self.writableCodeOffset] {
            (host + offset).initializeMemory(as: UInt8.self, repeating: 0, count: Int(AddressSpace.pageSize))
        }
        for placed in sequences {
            let offset = Int(placed.address - AddressSpace.code)
            precondition(offset + placed.sequence.words.count * 4 <= Self.codeLimit)
            for (index, word) in placed.sequence.words.enumerated() {
                host.storeBytes(of: word.littleEndian, toByteOffset: offset + index * 4, as: UInt32.self)
            }
        }
        cluster.invalidateCode(Self.physicalBase..<(Self.physicalBase + UInt64(Self.codeLimit)))
    }

    var window: [UInt8] {
        get {
            let half = AddressSpace.windowSize / 2
            let first = UnsafeRawBufferPointer(start: host + Self.windowOffsets[0] + 4096 - half, count: half)
            let second = UnsafeRawBufferPointer(start: host + Self.windowOffsets[1], count: half)
            return Array(first) + Array(second)
        }
        set {
            let half = AddressSpace.windowSize / 2
            newValue.withUnsafeBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                (host + Self.windowOffsets[0] + 4096 - half).copyMemory(from: start, byteCount: half)
                (host + Self.windowOffsets[1]).copyMemory(from: start + half, byteCount: half)
            }
        }
    }

    private func store(_ value: UInt64, at offset: Int) {
        host.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Three levels of 4 KiB tables for 39 bits of virtual address (Arm ARM, VMSAv8-64).
    private func writeTables() {
        let level1 = Self.tableOffset
        let level2 = level1 + 4096
        let level3 = level2 + 4096
        func physical(_ offset: Int) -> UInt64 { Self.physicalBase + UInt64(offset) }
        store(physical(level2) | 3, at: level1 + Int(AddressSpace.code >> 30) * 8)
        // AF, inner shareable, read-only at EL1 and EL0, executable at both.
        let code: UInt64 = 1 << 10 | 3 << 8 | 3 << 6
        let firstBlock = Int(AddressSpace.code >> 21) & 511
        for block in 0..<(Self.codeSize >> 21) {
            store(physical(block << 21) | code | 1, at: level2 + (firstBlock + block) * 8)
        }
        store(physical(level3) | 3, at: level2 + (Int(AddressSpace.windowPages >> 21) & 511) * 8)
        // AF, inner shareable, read-write at both, executable at neither.
        let data: UInt64 = 3 << 53 | 1 << 10 | 3 << 8 | 1 << 6
        for (page, offset) in Self.windowOffsets.enumerated() {
            store(physical(offset) | data | 3, at: level3 + ((Int(AddressSpace.windowPages >> 12) & 511) + page) * 8)
        }
        let writableCode = physical(Self.writableCodeOffset) | data & ~(1 << 54) | 3
        store(writableCode, at: level3 + (Int(AddressSpace.writableCode >> 12) & 511) * 8)
    }

    private func writeVectors() {
        for vector in 0..<16 {
            let hvc: UInt32 = 0xd400_0002 | UInt32(Self.vectorTag + UInt16(vector)) << 5
            host.storeBytes(of: hvc.littleEndian, toByteOffset: Self.vectorOffset + vector * 0x80, as: UInt32.self)
        }
    }

    private func setSystemRegisters() {
        // TBI0, 40-bit PA, 4 KiB granule, T0SZ = 25, TTBR1 off.
        let tcr: UInt64 = 1 << 37 | 2 << 32 | 2 << 30 | 1 << 23 | 25 << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 25
        // UCI, nTWE, nTWI, UCT, DZE, I, SA0, SA, C, M and the RES1 bits of ARMv8.0.
        let sctlr: UInt64 = 0x30d0_0800 | 1 << 26 | 1 << 18 | 1 << 16 | 1 << 15 | 1 << 14 | 1 << 12 | 0b11101
        let values: [(SystemRegisterEncoding, UInt64)] = [
            (SystemRegisterEncoding(3, 0, 10, 2, 0), 0xff),  // MAIR_EL1
            (SystemRegisterEncoding(3, 0, 2, 0, 2), tcr),  // TCR_EL1
            (SystemRegisterEncoding(3, 0, 2, 0, 0), Self.physicalBase + UInt64(Self.tableOffset)),  // TTBR0_EL1
            (SystemRegisterEncoding(3, 0, 12, 0, 0), AddressSpace.code + UInt64(Self.vectorOffset)),  // VBAR_EL1
            (SystemRegisterEncoding(3, 0, 1, 0, 0), sctlr),  // SCTLR_EL1
            (SystemRegisterEncoding(3, 0, 1, 0, 2), 3 << 20),  // CPACR_EL1: FPEN
        ]
        for (register, value) in values {
            do { try vcpu.debuggerWrite(register, value) } catch { preconditionFailure("\(register): \(error.text)") }
        }
    }
}

/// Nothing but RAM.
private final class NoDevices: CPUEnvironment {
    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? { nil }
    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool { false }
    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { nil }
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool { false }
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) {}
}
