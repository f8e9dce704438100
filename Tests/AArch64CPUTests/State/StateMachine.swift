import AArch64
import AArch64CPU
import Testing

/// vCPUs that execute ``StateProgram`` one instruction at a time, in turns, with a schedule that is a value.
final class StateMachine {
    /// Everything that decides how the machine continues.
    struct Point: Equatable {
        var cluster: CPUCluster.SavedState
        var isWaiting: [Bool]
        var turn: Int
        var data: [UInt8]
    }

    let fixture: SystemFixture
    private var isWaiting: [Bool]
    private var turn = 0

    private static let user = SystemFixture.ram + 0x3_0000
    private static let data = SystemFixture.ram + 0x2_0000
    private static let dataSize = 0x400

    init(vcpuCount: Int) throws {
        var configuration = CPUConfiguration()
        configuration.model = .max
        fixture = SystemFixture(vcpuCount: vcpuCount, configuration: configuration)
        isWaiting = Array(repeating: false, count: vcpuCount)
        put(StateProgram.loop, at: SystemFixture.code)
        put(StateProgram.user, at: Self.user)
        // EL1 with SP_EL0, EL1 with SP_EL1, EL0.
        for group: UInt64 in [0, 0x200, 0x400] {
            put(StateProgram.synchronous, at: SystemFixture.vectors + group)
            put(StateProgram.interrupt, at: SystemFixture.vectors + group + 0x80)
        }
        fixture.enableMMU()
        let executable = SystemFixture.Attribute.usual | SystemFixture.Attribute.readOnly
        fixture.map(Self.user, SystemFixture.page(Self.user, executable | SystemFixture.Attribute.el0))
        fixture.environment.onTimer = { [unowned fixture] timer, level, vcpu in
            guard timer == .virtual else { return }
            fixture.cluster.vcpus[vcpu].setInterruptLines(irq: level, fiq: false)
        }
        for cpu in fixture.cluster.vcpus { try start(cpu) }
    }

    private func put(_ code: [Line], at address: UInt64) { fixture.store(code: code.map(\.word), at: address) }

    private func start(_ cpu: VCPU) throws {
        try fillSystemRegisters(of: cpu)
        cpu.pc = SystemFixture.code
        cpu.pstate = 5
        let own = Self.data + 0x100 * UInt64(cpu.index + 1)
        cpu.setBankedSP(0, own + 0xC0)
        cpu.setBankedSP(1, own + 0x80)
        cpu.setX(19, Self.data)
        cpu.setX(26, 0x9E37_79B9_7F4A_7C15)
        cpu.setX(28, own)
        for n in 0..<32 { cpu.setV(n, (UInt64(n) << 56 | 0x3FF0, UInt64(n) * 0x0101_0101)) }
    }

    /// Writes a value of its own to each register that does nothing but hold it, and turns the counters on.
    private func fillSystemRegisters(of cpu: VCPU) throws {
        for (number, row) in ImplementedRegisters.of(.max).rows.enumerated() {
            guard case .field = row.storage, row.effect == .none, row.access.canWrite, row.encoding != .vbar else {
                continue
            }
            try cpu.debuggerWrite(row.encoding, 0x0123_4567_89AB_CDEF &* UInt64(2 * number + 1 + cpu.index << 8))
        }
        let cycles: UInt64 = 1 << 31
        for (register, value) in [
            // An event each 16 ticks.
            (.cntkctl, 1 << 2 | 3 << 4), (.cpacr, 3 << 20), (.oslar, 0), (.mdscr, 1 << 12),
            (SystemRegisterEncoding(2, 0, 7, 8, 6), 0x5A),  // DBGCLAIMSET_EL1
            (SystemRegisterEncoding(3, 3, 9, 12, 0), 1 << 6 | 1),  // PMCR_EL0: LC, E
            (SystemRegisterEncoding(3, 3, 9, 12, 1), cycles),  // PMCNTENSET_EL0
            (SystemRegisterEncoding(3, 0, 9, 14, 1), cycles),  // PMINTENSET_EL1
            (SystemRegisterEncoding(3, 3, 9, 13, 0), .max - 500),  // PMCCNTR_EL0
        ] as [(SystemRegisterEncoding, UInt64)] {
            try cpu.debuggerWrite(register, value)
        }
        // A table for the upper half that is not the first one.
        try cpu.debuggerWrite(.ttbr1, SystemFixture.level1 + 0x4000)
    }

    /// Executes an instruction of the next vCPU, or looks whether its wait has ended.
    func advance() throws {
        let vcpu = turn % isWaiting.count
        turn += 1
        let cluster = fixture.cluster
        if isWaiting[vcpu] {
            if !isWaiting.contains(false) {
                let end = cluster.vcpus.map { min($0.waitDeadline, $0.waitBackstop) }.min() ?? 0
                try #require(end != .max, "all vCPUs wait forever")
                cluster.timeBase = max(cluster.timeBase, end)
            }
            isWaiting[vcpu] = !cluster.vcpus[vcpu].endWait()
            return
        }
        let exit = cluster.run(vcpu, budget: 1)
        cluster.timeBase += cluster.vcpus[vcpu].executedInRun
        switch exit {
        case .budget: break
        case .waitForInterrupt, .waitForEvent: isWaiting[vcpu] = true
        default: Issue.record("\(exit) at \(hex(cluster.vcpus[vcpu].pc))")
        }
    }

    var point: Point {
        get {
            let data = UnsafeRawBufferPointer(
                start: fixture.host + Int(Self.data - SystemFixture.ram), count: Self.dataSize)
            return Point(cluster: fixture.cluster.savedState, isWaiting: isWaiting, turn: turn, data: Array(data))
        }
        set {
            fixture.cluster.restore(newValue.cluster)
            isWaiting = newValue.isWaiting
            turn = newValue.turn
            newValue.data.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(
                    start: fixture.host + Int(Self.data - SystemFixture.ram), count: Self.dataSize
                ).copyMemory(from: $0)
            }
        }
    }
}
