import AArch64
import AArch64CPU
import TestSupport
import Testing

@Suite("The whole state of a vCPU is one value")
struct SavedStateTests {
    private static let length = 700

    @Test("vCPUs continue from their state at any instruction as if nothing had happened since", arguments: [1, 2])
    func continues(vcpuCount: Int) throws {
        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let reference = try StateMachine(vcpuCount: vcpuCount)
        var points = [reference.point]
        for _ in 0..<Self.length {
            try reference.advance()
            points.append(reference.point)
        }
        // Restored after another part of the same program, after a reset, or as the first thing.
        var machine = try StateMachine(vcpuCount: vcpuCount)
        for start in 0..<Self.length {
            if start % 50 == 0 { machine = try StateMachine(vcpuCount: vcpuCount) }
            if random.chance(10) { for cpu in machine.fixture.cluster.vcpus { cpu.reset() } }
            machine.point = points[start]
            try #require(machine.point == points[start], "\(start), \(random.comment)")
            var now = start
            for _ in 0..<2 where now < Self.length {
                let end = min(now + 1 + random.below(40), Self.length)
                while now < end {
                    try machine.advance()
                    now += 1
                }
                try #require(machine.point == points[now], "\(start) to \(now), \(random.comment)")
            }
        }
    }

    @Test("the program of these tests changes every piece of state")
    func coverage() throws {
        let machine = try StateMachine(vcpuCount: 2)
        let first = VCPU.SavedState(index: 0)
        var unchanged = Set(Self.pieces(first).keys)
        for _ in 0..<Self.length {
            try machine.advance()
            let now = Self.pieces(machine.fixture.cluster.vcpus[0].savedState)
            for (name, value) in Self.pieces(first) where now[name] != value { unchanged.remove(name) }
        }
        #expect(unchanged == ["mpidr_el1"])
    }

    /// Each member of a state, in text.
    private static func pieces(_ state: VCPU.SavedState) -> [String: String] {
        var pieces: [String: String] = [:]
        let (whole, system) = (Mirror(reflecting: state), Mirror(reflecting: state.system))
        for (label, value) in Array(whole.children) + Array(system.children) where label != "system" {
            pieces[label ?? ""] = "\(value)"
        }
        return pieces
    }

    @Test("a slot of the run loop's storage is state, or is listed here")
    func slots() {
        // Registers without storage, what follows from other state, and what points to the host.
        var exempt: Set = [
            VCPUState.zero, VCPUState.discard, VCPUState.readTLB, VCPUState.unprivilegedTLB, VCPUState.jumpCache,
            VCPUState.stackAlignmentMask, VCPUState.floatingPointTrap, VCPUState.owner, VCPUState.yieldEndsRun,
        ]
        // Without meaning between two runs.
        exempt.formUnion([VCPUState.attention, VCPUState.loopExit, VCPUState.temporary])
        exempt.formUnion(VCPUState.transfer..<VCPUState.transfer + 8)
        exempt.formUnion(VCPUState.unused)
        // Saved in another form, and compared below.
        let translated: Set = [
            VCPUState.flagsKind, VCPUState.flagsA, VCPUState.flagsB, VCPUState.pstateRest, VCPUState.budget,
            VCPUState.ahead, VCPUState.reserve, VCPUState.timeAtZero,
        ]
        let (fixture, other) = (SystemFixture(), SystemFixture())
        let cpu = fixture.cpu
        let slots = (0..<VCPUState.slotCount).filter { !exempt.contains($0) && !translated.contains($0) }
        for slot in slots { cpu.state[slot] = 0x0101_0101_0101_0101 &* UInt64(slot + 1) }
        // EL1t, C and V, a time of 1230.
        (cpu.state[VCPUState.pstateRest], cpu.state[VCPUState.flagsA]) = (0x344, 3 << 28)
        (cpu.state[VCPUState.timeAtZero], cpu.state[VCPUState.budget], cpu.state[VCPUState.ahead]) = (1300, 60, 10)

        let saved = cpu.savedState
        #expect(saved.pstate == 0x3000_0344 && saved.time == 1230)
        other.cpu.restore(saved)
        for slot in slots { #expect(other.cpu.state[slot] == cpu.state[slot], "slot \(slot)") }
        #expect(other.cpu.pstate == 0x3000_0344 && other.cpu.time == 1230 && other.cpu.savedState == saved)
    }

    @Test("a property of a vCPU and of a cluster is state, or is listed here")
    func properties() {
        let cluster = SystemFixture().cluster
        let vcpu: [String: Set<String>] = [
            "state": ["state", "systemStorage", "wait", "lastReturn"],
            "fixed": ["index", "cluster"],
            "derived": ["regimeStorage", "banks", "currentBank", "bankClock"],
            "of one run": ["runStart", "pendingExit", "caught", "ignoresWatchpoints", "scratch"],
            "the debugger's": ["lastCaught", "isFollowed"],
        ]
        #expect(Self.labels(cluster.vcpus[0]) == vcpu.values.reduce(into: []) { $0.formUnion($1) })
        let shared: [String: Set<String>] = [
            "state": ["vcpus", "timeBase", "hasReadCurrentEL"],
            "fixed": ["configuration", "environment", "features", "registers"],
            // The regions that are direct are the flash chips' state.
            "derived": ["memory", "blocks"],
            "of one run": ["running", "exitRequest", "yieldEndsRunWord", "endsAtDeviceWrites"],
            "the debugger's": [
                "breakpoints", "breakpointBindings", "passedBreakpoints", "breakpointFilter", "watchpoints",
                "watchpointMap", "catches", "holdsInterrupts",
            ],
            "told the user": ["hasNotedEL2"],
        ]
        #expect(Self.labels(cluster) == shared.values.reduce(into: []) { $0.formUnion($1) })
    }

    private static func labels(_ object: AnyObject) -> Set<String> {
        Set(Mirror(reflecting: object).children.compactMap(\.label))
    }

    @Test("a reset leaves nothing but time and the interrupt controller's lines")
    func reset() throws {
        let machine = try StateMachine(vcpuCount: 2)
        for _ in 0..<Self.length { try machine.advance() }
        let cpu = machine.fixture.cluster.vcpus[1]
        cpu.setInterruptLines(irq: false, fiq: true)
        cpu.setSErrorPending()
        var expected = VCPU.SavedState(index: 1)
        expected.time = cpu.time
        expected.system.pendingInterrupts = .fiq
        try #require(cpu.savedState != expected)
        cpu.reset()
        #expect(cpu.savedState == expected)
    }

    @Test("a restored vCPU drives its timers' outputs and reaches what its registers say")
    func outputs() {
        let (old, new) = (SystemFixture(), SystemFixture())
        old.cpu.setX(0, 1)
        old.execute(Word.msr(.cntpCTL))
        old.cpu.setX(0, 3 << 20)
        old.execute(Word.msr(.cpacr))
        new.cpu.setX(0, 1)
        new.execute(Word.msr(.cntvCTL))
        new.cluster.restore(old.cluster.savedState)
        #expect(new.environment.timerLevels.map(\.timer) == [.virtual, .physical, .virtual])
        #expect(new.environment.timerLevels.map(\.level) == [true, true, false])
        #expect(new.cpu.state[VCPUState.floatingPointTrap] == 0)
    }

    @Test("what was decoded is dropped, because memory may have been put back as well")
    func decodedBlocks() {
        let fixture = EngineFixture(["add x0, x0, #1", "b #-4"])
        fixture.run(10)
        fixture.put(["add x0, x0, #16"])
        fixture.cluster.restore(fixture.cluster.savedState)
        fixture.run(10)
        #expect(fixture.cpu.x(0) == 5 + 16 * 5)
    }

    @Test("translations are dropped, because the tables may have been put back as well")
    func translations() {
        let fixture = EngineFixture(["ldr x1, [x3]", "b #-4"])
        let tables = EngineFixture.ram + 0x1F_0000
        fixture.enableMMU(tables: tables)
        fixture.store(EngineFixture.data, UInt64(1))
        fixture.store(EngineFixture.data + 0x1000, UInt64(2))
        fixture.cpu.setX(3, EngineFixture.data)
        fixture.run(2)
        #expect(fixture.cpu.x(1) == 1)
        fixture.store(tables + 0x2000 + 8 * 0x80, (EngineFixture.data + 0x1000) | 0x703)
        fixture.cluster.restore(fixture.cluster.savedState)
        fixture.run(2)
        #expect(fixture.cpu.x(1) == 2)
    }

    @Test("a breakpoint passed before a fault stops the vCPU again after a restore", arguments: [false, true])
    func passedBreakpoint(isRestored: Bool) {
        let place = EngineFixture.ram + 0x4_0000
        let fixture = EngineFixture()
        fixture.put(["nop", "hvc #7"], at: place)
        fixture.put(["eret"], at: EngineFixture.vectors + 0x200)
        let tables = EngineFixture.ram + 0x1F_0000
        fixture.enableMMU(tables: tables)
        let descriptor = tables + 0x2000 + 8 * 0x40
        fixture.store(descriptor, UInt64(0))
        fixture.cluster.setBreakpoints([place])
        fixture.cpu.pc = place
        #expect(fixture.cluster.step(0, passingBreakpoint: true) == .stepped)
        fixture.cluster.timeBase += fixture.cpu.executedInRun
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
        fixture.store(descriptor, place | 0x703)
        if isRestored { fixture.cluster.restore(fixture.cluster.savedState) }
        #expect(fixture.run(10) == (isRestored ? .breakpoint : .hypercall(.hvc, immediate: 7)))
    }
}
