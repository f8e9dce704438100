import AArch64CPU
import TestSupport
import Testing

/// Two pages of registers at 0x0900_0000: what was read and written, and what happens then.
final class RecordingDevice: CPUEnvironment {
    struct Access: Equatable {
        var address: UInt64
        var size: Int
        /// Nil for a read.
        var value: UInt64?
    }

    static let base: UInt64 = 0x0900_0000
    var accesses: [Access] = []
    var onAccess: (Access, Int) -> Void = { _, _ in }

    func readDevice(_ address: UInt64, size: Int, vcpu: Int) -> UInt64? {
        guard address & ~0x1FFF == Self.base else { return nil }
        note(Access(address: address, size: size, value: nil), vcpu)
        return 0x1122_3344_5566_7788
    }

    func writeDevice(_ address: UInt64, size: Int, value: UInt64, vcpu: Int) -> Bool {
        guard address & ~0x1FFF == Self.base else { return false }
        note(Access(address: address, size: size, value: value), vcpu)
        return true
    }

    private func note(_ access: Access, _ vcpu: Int) {
        accesses.append(access)
        onAccess(access, vcpu)
    }

    func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? { nil }
    func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool { false }
    func timerOutputChanged(_ timer: GenericTimer, level: Bool, vcpu: Int) { onTimer(level, vcpu) }
    var onTimer: (Bool, Int) -> Void = { _, _ in }
}

/// A cluster with 2 MiB of RAM at 1 GiB, code at its start, vectors at 1 MiB, and a device.
final class EngineFixture {
    static let ram: UInt64 = 0x4000_0000
    static let size = 2 << 20
    static let vectors = ram + 0x10_0000
    static let data = ram + 0x8_0000

    let host: UnsafeMutableRawPointer
    let device = RecordingDevice()
    let cluster: CPUCluster
    var cpu: VCPU { cluster.vcpus[0] }

    init(vcpuCount: Int = 1, configuration: CPUConfiguration = CPUConfiguration(), _ code: [String] = []) {
        host = .allocate(byteCount: Self.size, alignment: 4096)
        host.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size)
        cluster = CPUCluster(
            vcpuCount: vcpuCount,
            regions: [RAMRegion(base: Self.ram, size: UInt64(Self.size), host: host, isReadOnly: false)],
            environment: device, configuration: configuration)
        for vcpu in cluster.vcpus {
            vcpu.pc = Self.ram
            vcpu.system.vbar_el1 = Self.vectors
        }
        put(code)
    }

    deinit { host.deallocate() }

    /// Writes instructions as a loader does: the CPU is not informed.
    func put(_ code: [String], at address: UInt64 = EngineFixture.ram) {
        for (index, word) in Self.words(code).enumerated() { store(address + 4 * UInt64(index), word) }
    }

    /// The words of instructions; an issue is recorded if the assembler refuses one.
    ///
    /// A test of a table passes the whole table first, because each line is assembled once, and a call's lines
    /// together.
    @discardableResult
    static func words(_ code: [String]) -> [UInt32] {
        do {
            return try Assembler.aarch64(code)
        } catch {
            Issue.record("\(error)")
            return []
        }
    }

    func store<T: FixedWidthInteger & BitwiseCopyable>(_ address: UInt64, _ value: T) {
        host.storeBytes(of: value, toByteOffset: Int(address - Self.ram), as: T.self)
    }

    func load<T: FixedWidthInteger & BitwiseCopyable>(_ address: UInt64, as type: T.Type = T.self) -> T {
        host.loadUnaligned(fromByteOffset: Int(address - Self.ram), as: T.self)
    }

    /// Runs, and moves time on as an accelerator does.
    @discardableResult
    func run(_ budget: Int, ignoringBreakpointAtPC: Bool = false, vcpu: Int = 0) -> CPUExit {
        let exit = cluster.run(vcpu, budget: budget, ignoringBreakpointAtPC: ignoringBreakpointAtPC)
        cluster.timeBase += cluster.vcpus[vcpu].executedInRun
        return exit
    }

    @discardableResult
    func step(vcpu: Int = 0) -> CPUExit {
        let exit = cluster.step(vcpu)
        cluster.timeBase += cluster.vcpus[vcpu].executedInRun
        return exit
    }

    /// Turns the MMU on: 4 KiB pages over the 2 MiB of RAM, for EL1 (and EL0 when asked), and the device.
    ///
    /// `remap` gives other physical pages for some virtual ones.
    func enableMMU(tables: UInt64 = EngineFixture.ram + 0x1F_0000, remap: [UInt64: UInt64] = [:], asid: UInt64 = 0) {
        let level2 = tables + 0x1000
        let level3 = tables + 0x2000
        // Device-nGnRnE block of 1 GiB, then the gigabyte of RAM.
        store(tables, UInt64(0x0060_0000_0000_0401 | 1 << 2))
        store(tables + 8, level2 | 3)
        store(level2, level3 | 3)
        for page in 0..<UInt64(512) {
            let va = Self.ram + page << 12
            store(level3 + 8 * page, (remap[va] ?? va) | 0x703)
        }
        cpu.system.mair_el1 = 0xFF
        cpu.system.tcr_el1 = 0x2_0080_3519
        cpu.system.ttbr0_el1 = tables | asid << 48
        cpu.system.sctlr_el1 |= 1
        cpu.translationContextChanged()
        cpu.flushTranslations()
    }
}
