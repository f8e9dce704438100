import Acceleration
import Execution
import Foundation
import GDBStub
import SoftwareAccelerator
import TestSupport
import Testing
import VirtualMachine

/// Effects of conditional breakpoints and tracepoints on a run, decided within a turn or by a rendezvous.
@Suite struct PlanExecutorTests {
    enum Decider: CaseIterable { case turn, rendezvous }

    /// A guest, and what runs plans on it without a thread.
    struct Rig {
        let guest: Guest
        let executor: PlanExecutor
        var reportedStops: [ReportedStops]

        init(_ program: String, vcpuCount: Int = 1, _ decider: Decider) throws {
            guest = try Guest(program, vcpuCount: vcpuCount)
            let machine = guest.machine
            let software = try #require(guest.accelerator as? SoftwareAccelerator)
            executor = PlanExecutor(
                decider == .turn ? software : RendezvousAccelerator(software), filter: machine.debugTarget)
            reportedStops = Array(repeating: [], count: vcpuCount)
        }

        mutating func run(_ actions: ResumeAction...) -> RunOutcome {
            let report = executor.run(ResumePlan(actions: actions), reportedStops: reportedStops)
            reportedStops = reportedStops.indices.map { report.passed.contains($0) ? .breakpoint : [] }
            if case .stopped(let event) = report.outcome { reportedStops[event.vcpu] = .breakpoint }
            return report.outcome
        }

        /// Sends packets of a session that stays, and returns their replies as they are.
        func ask(_ packets: String...) -> [String] {
            var session = DebugSession(
                target: guest.machine.debugTarget, initialStop: StopEvent(.paused, vcpu: 0), version: "")
            return packets.map { packet in
                let sum = packet.utf8.reduce(UInt8(0), &+)
                session.receive(
                    Array("$\(packet)#".utf8) + Array((sum < 16 ? "0" : "").utf8)
                        + Array(String(sum, radix: 16).utf8))
                return String(decoding: session.takeOutput(), as: UTF8.self)
            }
        }

        func x(_ index: Int, vcpu: Int = 0) throws -> UInt64 {
            try guest.accelerator.read(.x(index), vcpu: vcpu)
        }

        func pc(vcpu: Int = 0) throws -> UInt64 { try guest.accelerator.read(.pc, vcpu: vcpu) }
    }

    /// `x1 == value`: the loop of the determinism test counts x1 down from 0x800000 at 0x14.
    private static func isLeft(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "Xa,26000124" + String(repeating: "0", count: 8 - digits.count) + digits + "1327"
    }

    @Test(arguments: Decider.allCases) func aFalseConditionIsPassedAndATrueOneStops(decider: Decider) throws {
        var rig = try Rig(DeterminismTests.program, decider)
        #expect(rig.ask("Z0,14,4;" + Self.isLeft(0x7f_fc00)) == ["+$OK#9a"])
        #expect(rig.run(.continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
        #expect(try rig.x(1) == 0x7f_fc00)
        #expect(try rig.pc() == 0x14)
        #expect(rig.ask("Z0,14,4;" + Self.isLeft(0x70_0000)) == ["+$OK#9a"])
        let start = ContinuousClock.now
        #expect(rig.run(.continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
        let time = start.duration(to: .now)
        let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
        print("\(decider): \(Int(Double(0x7f_fc00 - 0x70_0000) / seconds)) false conditions a second")
        #expect(try rig.x(1) == 0x70_0000)
    }

    @Test("conditions don't move a guest in time")
    func undisturbed() throws {
        let reference = try Guest(DeterminismTests.program)
        #expect(reference.resume(.continue) == .poweredOff(status: 0))
        var rig = try Rig(DeterminismTests.program, .turn)
        #expect(rig.ask("Z0,14,4;X3,220027") == ["+$OK#9a"])
        #expect(rig.run(.continue) == .poweredOff(status: 0))
        #expect(try rig.x(5) == reference.accelerator.read(.x(5), vcpu: 0))
    }

    @Test func bothDecidersCollectTheSame() throws {
        let buffers = try Decider.allCases.map { decider in
            var rig = try Rig(DeterminismTests.program, decider)
            let replies = rig.ask(
                "QTinit", "QTDP:1:c:E:5:4:X" + "9,2600011640220f0f27-", "QTDP:-1:c:R2-", "QTDP:-1:c:SR1M-1,0,8",
                "QTDP:2:14:E:0:0-", "QTDP:-2:14:X7,2600052e000127", "QTDV:1:9:0:61", "QTDisconnected:1", "QTStart",
                "Z0,14,4;" + Self.isLeft(0x7f_ff00))
            #expect(replies.dropFirst().allSatisfy { $0 == "+$OK#9a" }, "\(replies)")
            #expect(rig.run(.continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
            let status = rig.ask("qTStatus")[0]
            #expect(status.contains("tpasscount:1"), "\(status)")
            return rig.ask("qTBuffer:0,10000")[0]
        }
        #expect(buffers[0] == buffers[1])
        #expect(buffers[0].count > 1000)
    }

    @Test func anExperimentThatEndsByItselfLeavesNoBreakpoints() throws {
        var rig = try Rig(DeterminismTests.program, .rendezvous)
        let accelerator = try #require(rig.guest.machine.accelerator as? SoftwareAccelerator)
        _ = rig.ask("QTinit", "QTDP:1:14:E:0:3-", "QTDP:-1:14:R1", "QTDisconnected:1", "QTStart")
        #expect(accelerator.debug.softwareBreakpoints == [0x14])
        #expect(rig.run(.continue) == .poweredOff(status: 0))
        #expect(rig.ask("qTStatus")[0].contains("tpasscount:1"))
        #expect(accelerator.debug.softwareBreakpoints.isEmpty)
    }

    @Test(arguments: Decider.allCases) func aRangeIsLeftByPCAndByBreakpoints(decider: Decider) throws {
        var rig = try Rig(DeterminismTests.program, decider)
        #expect(rig.run(.stepWithin(0..<8)) == .stopped(StopEvent(.stepped, vcpu: 0)))
        #expect(try rig.pc() == 8)
        // The whole loop but for a breakpoint in it, at the third time.
        #expect(rig.ask("Z0,14,4;" + Self.isLeft(0x7f_fffd)) == ["+$OK#9a"])
        #expect(rig.run(.stepWithin(8..<0x20)) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)))
        #expect(try rig.pc() == 0x14)
        #expect(try rig.x(1) == 0x7f_fffd)
        // An empty range is a step, as is one the vCPU is not in.
        #expect(rig.run(.stepWithin(0x18..<0x18)) == .stopped(StopEvent(.stepped, vcpu: 0)))
        #expect(try rig.pc() == 0x18)
        #expect(rig.run(.stepWithin(0x40..<0x80)) == .stopped(StopEvent(.stepped, vcpu: 0)))
        #expect(try rig.pc() == 0x1c)
    }

    @Test(arguments: Decider.allCases) func aRangeWithoutAnEndCanBeInterrupted(decider: Decider) throws {
        var rig = try Rig("b .", decider)
        let executor = rig.executor
        let thread = Thread {
            usleep(200_000)
            executor.requestStop()
        }
        thread.start()
        #expect(rig.run(.stepWithin(0..<4)) == .requested)
        #expect(try rig.pc() == 0)
        // So can a breakpoint that is passed for ever.
        executor.clearStopRequest()
        #expect(rig.ask("Z0,0,4;X3,220027") == ["+$OK#9a"])
        let second = Thread {
            usleep(200_000)
            executor.requestStop()
        }
        second.start()
        #expect(rig.run(.continue) == .requested)
    }

    @Test(arguments: Decider.allCases) func aStepIsOneStepWhateverOthersPass(decider: Decider) throws {
        var rig = try Rig(DeterminismTests.relay, vcpuCount: 2, decider)
        // Where vCPU 1 is, by MPIDR_EL1: the second vCPU has been turned on.
        #expect(rig.ask("Z0,20,4;X7,26c005" + "22010f27") == ["+$OK#9a"])
        #expect(rig.run(.continue, .continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 1)))
        #expect(rig.ask("Z0,20,4;X3,220027") == ["+$OK#9a"])
        rig.reportedStops = [[], .breakpoint]
        let before = try rig.x(2, vcpu: 1)
        for _ in 0..<80 {
            let pc = try rig.pc()
            #expect(rig.run(.step, .continue) == .stopped(StopEvent(.stepped, vcpu: 0)))
            let next = try rig.pc()
            #expect(next == (pc == 0x3c ? 0x20 : pc + 4))
        }
        #expect(before - (try rig.x(2, vcpu: 1)) == 10)
    }
}
