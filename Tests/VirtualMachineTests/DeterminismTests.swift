import Acceleration
import Execution
import GDBStub
import TestSupport
import Testing
import VirtualMachine

@Suite("The same guest runs the same way, debugger or not")
struct DeterminismTests {
    /// Mixes eight million readings of the counter into x5 and powers off: one instruction more or less anywhere shows.
    static let program = """
            movz x1, #0x80, lsl #16
            mov x0, xzr
        round:
            mrs x2, cntvct_el0
            eor x0, x0, x2
            ror x0, x0, #7
            add x0, x0, x1
            subs x1, x1, #1
            b.ne round
            mov x5, x0
            mov x0, #8
            movk x0, #0x8400, lsl #16  // PSCI SYSTEM_OFF
            hvc #0
        """

    @Test("breakpoints, steps and pauses don't move a guest in time")
    func undisturbed() throws {
        let reference = try Guest(Self.program)
        #expect(reference.resume(.continue) == .poweredOff(status: 0))

        var random = SeededRandom(seed: SeededRandom.chosenSeed)
        let guest = try Guest(Self.program)
        let point = StopPoint(kind: .softwareBreakpoint, address: 0x14, length: 4)
        var hits = 0
        for _ in 0..<100 {
            switch random.next() % 4 {
            case 0:
                try guest.machine.debugTarget.insert(point, vcpu: 0)
                if guest.resume(.continue) == .stopped(StopEvent(.softwareBreakpoint, vcpu: 0)) { hits += 1 }
            case 1:
                guest.machine.debugTarget.removeAllStopPoints()
                guest.machine.control.resume(guest.machine.control.continueAll)
                #expect(guest.machine.control.stopAndWait()?.outcome == .requested, random.comment)
            default:
                #expect(guest.resume(.step) == .stopped(StopEvent(.stepped, vcpu: 0)), random.comment)
            }
        }
        #expect(hits > 0, random.comment)
        // Nor does one that is passed eight million times, because it is bound to another address space.
        _ = try guest.machine.debugTarget.runMonitorCommand("bind", arguments: ["0x14", "asid", "9"], vcpu: 0)
        try guest.machine.debugTarget.insert(point, vcpu: 0)
        #expect(guest.resume(.continue) == .poweredOff(status: 0), random.comment)
        #expect(
            try guest.accelerator.read(.x(5), vcpu: 0) == reference.accelerator.read(.x(5), vcpu: 0),
            random.comment)
    }

    /// As the first program, with an SVC in each of 16384 rounds, whose handler lies in the firmware's vectors.
    static let calls = """
            mov x3, #0x800
            msr vbar_el1, x3
            mov x1, #0x4000
            mov x0, xzr
        round:
            mrs x2, cntvct_el0
            eor x0, x0, x2
            ror x0, x0, #7
            svc #1
            subs x1, x1, #1
            b.ne round
            mov x5, x0
            mov x0, #8
            movk x0, #0x8400, lsl #16  // PSCI SYSTEM_OFF
            hvc #0
            .org 0xa00                 // The vector for synchronous exceptions from this level.
            add x0, x0, #1
            eret
        """

    @Test("caught exceptions don't either")
    func undisturbedByCatches() throws {
        let reference = try Guest(Self.calls)
        #expect(reference.resume(.continue) == .poweredOff(status: 0))

        let guest = try Guest(Self.calls)
        let target = guest.machine.debugTarget
        let caught = RunOutcome.stopped(StopEvent(.caughtException, vcpu: 0))
        _ = try target.runMonitorCommand("catch", arguments: ["svc", "el1"], vcpu: 0)
        for round in 0..<100 {
            #expect(guest.resume(.continue) == caught)
            #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0x1c)
            #expect(target.stopDescriptions?.stopDescription(vcpu: 0)?.contains("SVC: #0x1 at EL1") == true)
            guard round % 3 == 0 else { continue }
            #expect(guest.resume(.step) == .stopped(StopEvent(.stepped, vcpu: 0)))
            #expect(try guest.accelerator.read(.pc, vcpu: 0) == 0xa00)
        }
        _ = try target.runMonitorCommand("catch", arguments: ["none"], vcpu: 0)
        #expect(guest.resume(.continue) == .poweredOff(status: 0))
        #expect(
            try guest.accelerator.read(.x(5), vcpu: 0) == reference.accelerator.read(.x(5), vcpu: 0))
    }

    /// Two vCPUs pass readings of the counter to each other in RAM; each counts in x5 those that are ahead of its own.
    static let relay = """
            mov x0, #3
            movk x0, #0xc400, lsl #16  // PSCI CPU_ON
            mov x1, #1
            adr x2, both
            hvc #0
        both:
            mov x5, #0
            mov x1, #0x40400000        // RAM in which nothing was loaded
            mov x2, #0x80000
        round:
            ldr x3, [x1]
            isb
            mrs x4, cntvct_el0
            cmp x4, x3
            cinc x5, x5, lo
            str x4, [x1]
            subs x2, x2, #1
            b.ne round
            mrs x6, mpidr_el1
            and x6, x6, #0xff
            cbnz x6, .
            mov x0, #8
            movk x0, #0x8400, lsl #16  // PSCI SYSTEM_OFF
            hvc #0
        """

    @Test("no vCPU's counter is lower than another has read before")
    func sharedTime() throws {
        let guest = try Guest(Self.relay, vcpuCount: 2)
        #expect(guest.resume(.continue, .continue) == .poweredOff(status: 0))
        for vcpu in 0..<2 {
            #expect(try guest.accelerator.read(.x(5), vcpu: vcpu) == 0, "vCPU \(vcpu) saw time go back")
            #expect(try guest.accelerator.read(.x(2), vcpu: vcpu) < 0x1000, "vCPU \(vcpu) took no part")
        }
    }
}
