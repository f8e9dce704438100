import AArch64
import AArch64CPU
import Testing

/// Exceptions of the guest's own that come back instead of being taken.
@Suite struct CatchTests {
    private let ram = EngineFixture.ram

    static let cases: [(ExceptionCatches.Class, [String], ExceptionSyndrome, UInt64?)] = [
        (.svc, ["nop", "svc #5"], .svc(5), nil),
        (.hvc, ["nop", "hvc #5"], .hvc(5), nil),
        (.smc, ["nop", "smc #5"], .smc(5), nil),
        (.undefined, ["nop", "udf #0"], .undefined, nil),
        (
            .dataAbort, ["nop", "ldr x2, [x3]"],
            .dataAbort(.externalAbort, from: .el1, write: false), 0x100
        ),
        (
            .dataAbort, ["nop", "str x2, [x3], #8"],
            .dataAbort(.externalAbort, from: .el1, write: true), 0x100
        ),
    ]

    private func fixture(_ exception: ExceptionCatches.Class, _ code: [String]) -> EngineFixture {
        let fixture = EngineFixture(code)
        fixture.cpu.setX(3, 0x100)
        fixture.cluster.catches.insert(exception, from: .el1)
        return fixture
    }

    @Test(arguments: 0..<cases.count) func caughtInFrontOfTheInstructionAndTakenWhenPassed(index: Int) {
        let (exception, code, syndrome, address) = Self.cases[index]
        let fixture = fixture(exception, code)
        let before = fixture.cpu.pstate
        for _ in 0..<2 {
            #expect(fixture.run(100) == .caughtException)
            #expect(fixture.cpu.pc == ram + 4 && fixture.cpu.pstate == before && fixture.cpu.x(3) == 0x100)
            #expect(fixture.cpu.system.esr_el1 == 0 && fixture.cpu.system.elr_el1 == 0)
            #expect(
                fixture.cpu.lastCaught
                    == CaughtException(exception, from: .el1, syndrome: syndrome, faultAddress: address))
        }
        // Time has not moved but for the instruction before.
        #expect(fixture.cluster.timeBase == 1)
        #expect(fixture.step() == .caughtException)
        fixture.cluster.catches = ExceptionCatches()
        let exit = fixture.step()
        if exception == .hvc || exception == .smc {
            #expect(exit == .hypercall(exception == .hvc ? .hvc : .smc, immediate: 5))
        } else {
            #expect(exit == .stepped && fixture.cpu.pc == EngineFixture.vectors + 0x200)
            #expect(fixture.cpu.system.esr_el1 == syndrome.rawValue)
            #expect(fixture.cpu.system.elr_el1 == (exception == .svc ? ram + 8 : ram + 4))
        }
        #expect(fixture.cluster.timeBase == 2)
    }

    @Test func fetchesAreCaughtToo() {
        let fixture = fixture(.instructionAbort, ["br x3"])
        #expect(fixture.run(100) == .caughtException)
        #expect(fixture.cpu.pc == 0x100 && fixture.cpu.lastCaught?.faultAddress == 0x100)
        fixture.cluster.catches = ExceptionCatches()
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200 && fixture.cpu.system.elr_el1 == 0x100)
    }

    @Test func otherClassesAndLevelsAreTheGuests() {
        let fixture = EngineFixture(["svc #5"])
        for exception in ExceptionCatches.Class.allCases where exception != .svc {
            fixture.cluster.catches.insert(exception, from: .el1)
        }
        fixture.cluster.catches.insert(.svc, from: .el0)
        #expect(fixture.run(1) == .budget)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x200)
    }

    @Test func anInterruptIsCaughtWhereItWouldBeTaken() {
        let fixture = EngineFixture(["nop", "nop", "b #-8"])
        fixture.cluster.catches.insert(.irq, from: .el1)
        fixture.cpu.pstate = 0x345
        #expect(fixture.run(2) == .budget)
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        for _ in 0..<2 {
            #expect(fixture.run(100) == .caughtException)
            #expect(
                fixture.cpu.pc == ram + 8 && fixture.cpu.lastCaught == CaughtException(.irq, from: .el1, syndrome: nil))
        }
        // A step holds it off.
        #expect(fixture.step() == .stepped)
        #expect(fixture.cpu.pc == ram)
        fixture.cluster.catches = ExceptionCatches()
        fixture.cpu.takeInterrupt()
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x280 && fixture.cpu.system.elr_el1 == ram)
        #expect(fixture.cpu.executedInRun == 0)
    }

    @Test func anSErrorThatIsCaughtStaysPending() {
        let fixture = EngineFixture(["nop", "b #-4"])
        fixture.cluster.catches.insert(.serror, from: .el1)
        fixture.cpu.pstate = 0x2C5
        fixture.cpu.setSErrorPending()
        #expect(fixture.run(10) == .caughtException)
        #expect(fixture.cpu.lastCaught?.syndrome == .sError())
        fixture.cluster.catches = ExceptionCatches()
        fixture.cpu.takeInterrupt()
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x380)
        #expect(!fixture.cpu.hasPendingInterrupt)
    }

    @Test func interruptsAreHeldOffOrTakenInSteps() {
        let fixture = EngineFixture(["nop", "b #-4"])
        fixture.put(["nop"], at: EngineFixture.vectors + 0x280)
        fixture.cpu.pstate = 0x345
        fixture.cpu.setInterruptLines(irq: true, fiq: false)
        fixture.cluster.holdsInterrupts = true
        #expect(fixture.run(1000) == .budget)
        #expect(fixture.cpu.system.elr_el1 == 0)
        fixture.cluster.holdsInterrupts = false
        let interrupted = fixture.cpu.pc
        #expect(fixture.cluster.step(0, takingInterrupts: true) == .stepped)
        #expect(fixture.cpu.pc == EngineFixture.vectors + 0x284 && fixture.cpu.system.elr_el1 == interrupted)
    }
}
