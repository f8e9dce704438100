import Foundation
import TestSupport
import Testing

/// Monitor commands for exceptions and interrupts of the guest: `catch` and `mask-irq`.
extension EndToEnd.MonitorCommands {
    @Test(
        "catch stops before an exception from the selected level, and continuing delivers it to the guest",
        .notOnKVM(.exceptionCatches))
    func catching() throws {
        let vm = try VMUnderTest("mmu")
        let guest = try GuestProgram.named("mmu")
        let log = try vm.gdb(
            "mmu",
            """
            monitor catch svc el0
            monitor catch data-abort el1
            monitor catch
            continue
            printf "@pc=%#lx\\n@calls=%lu\\n", $pc, system_calls
            \(GDB.show("cpsr", "$cpsr"))
            stepi
            printf "@pc=%#lx\\n", $pc
            continue
            printf "@pc=%#lx\\n@calls=%lu\\n", $pc, system_calls
            monitor catch none
            continue
            """)
        let svc = 0x8000_0000 + (try guest.symbol("user_svc")) - (try guest.symbol("user_code"))
        #expect(log.contains("catching: data-abort el1, svc el0"), "\(log)")
        #expect(log.contains("CPU 0 is about to take: SVC: #0x1 at EL0 (ESR 0x56000001)"), "\(log)")
        #expect(log.values("pc") == [svc, try guest.symbol("vector_sync_el0"), svc], "\(log)")
        #expect(log.values("calls") == [0, 1] && log.value("cpsr").map { $0 >> 2 & 3 } == 0, "\(log)")
        #expect(
            log.contains("exited normally") && vm.serial.contains("mmu: calls 15 breaks 3"), "\(log) \(vm.serial)")
    }

    @Test(
        "a caught interrupt is taken when the machine continues, and stepi leaves it pending",
        .notOnKVM(.exceptionCatches))
    func catchingInterrupts() throws {
        let vm = try VMUnderTest("steps")
        let log = try vm.gdb(
            "steps",
            """
            monitor catch irq el1
            continue
            set $n = interrupts
            set $before = $pc
            stepi
            printf "@moved=%d\\n", $pc - $before
            continue
            printf "@irqs=%d\\n", interrupts - $n
            continue
            printf "@irqs=%d\\n", interrupts - $n
            continue
            printf "@irqs=%d\\n", interrupts - $n
            monitor catch none
            continue
            """)
        #expect(log.count("CPU 0 is about to take: IRQ at EL1") == 4, "\(log)")
        // After the step the same interrupt is caught again.
        #expect(log.value("moved").map { $0 != 0 } == true && log.values("irqs") == [0, 1, 2], "\(log)")
        #expect(log.contains("exited normally") && vm.serial.contains("failures 0\n"), "\(log) \(vm.serial)")
    }

    /// The guest `steps` at its busy wait for interrupts, with its timer on.
    private func waiting(_ vm: VMUnderTest) throws -> RSPClient {
        let guest = try GuestProgram.named("steps")
        let client = try RSPClient(vm.endpoint)
        try client.introduce()
        let place = String(try guest.symbol("wait_for_interrupts"), radix: 16)
        #expect(try client.ask("Z0,\(place),4") == "OK")
        #expect(try client.ask("vCont;c").hasPrefix("T05"))
        #expect(try client.ask("z0,\(place),4") == "OK")
        return client
    }

    private static var timerIsPending: Regex<Substring> { /27 +PPI +enabled pending/ }

    /// Lets the guest run with interrupts held off until its timer is due, and stops it.
    private func runMasked(_ client: RSPClient) throws {
        #expect(try client.monitor("mask-irq on").contains("always"))
        let isDue = try Patience.eventually {
            try client.send("vCont;c")
            usleep(100_000)
            try client.send(raw: [3])
            #expect(try client.reply().hasPrefix("T02"))
            return try client.monitor("info irq").contains(Self.timerIsPending)
        }
        #expect(isDue)
    }

    private func interruptCount() throws -> String {
        "m\(String(try GuestProgram.named("steps").symbol("interrupts"), radix: 16)),8"
    }

    @Test(
        "mask-irq on holds interrupts off while the guest runs",
        .notOnKVM(.heldInterrupts))
    func masking() throws {
        let vm = try VMUnderTest("steps")
        let client = try waiting(vm)
        let count = try interruptCount()
        let before = try client.ask(count)
        try runMasked(client)
        #expect(try client.ask(count) == before && vm.process.isRunning)
    }

    @Test("mask-irq step and off: a step is the program's or an interrupt handler's, as qqemu.sstep says too")
    func stepping() throws {
        let vm = try VMUnderTest("steps")
        let client = try waiting(vm)
        let count = try interruptCount()
        #expect(try client.ask("qqemu.sstep") == "0x7")
        let loop = try client.programCounter()
        // Until the timer is due: then it is pending, and stays so in each step. The software CPU's time is counted in
        // instructions, and its timer half a million away.
        if !VMUnderTest.isKVM {
            try runMasked(client)
            #expect(try client.monitor("mask-irq step").contains("while stepping"))
        }
        var steps = 0
        while try !client.monitor("info irq").contains(Self.timerIsPending), steps < 2000 {
            #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
            steps += 1
        }
        let before = try client.ask(count)
        for _ in 0..<3 {
            #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
            #expect(abs(Int(try client.programCounter()) - Int(loop)) < 64)
        }
        #expect(try client.ask(count) == before)
        // Without, it is the handler's.
        #expect(try client.ask("Qqemu.sstep=5") == "OK")
        #expect(try client.monitor("mask-irq").contains("never"))
        let interrupted = try client.programCounter()
        #expect(try client.ask("vCont;s:1").hasPrefix("T05"))
        let registers = try client.monitor("info registers")
        let digits = String(interrupted, radix: 16)
        #expect(
            registers.contains("ELR_EL1   0x" + String(repeating: "0", count: 16 - digits.count) + digits),
            "\(registers)")
        #expect(try client.ask("Qqemu.sstep=7") == "OK")
        #expect(try client.monitor("mask-irq step").contains("while stepping"))
        #expect(try client.ask("vCont;c") == "W00")
        #expect(vm.serial.contains("failures 0\n"), "\(vm.serial)")
    }
}
