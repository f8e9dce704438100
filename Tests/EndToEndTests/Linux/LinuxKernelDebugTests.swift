import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// A debugger in the running kernel.
    @Suite(.serialized, .traplineOnly("a raw client counts on what GDBStub promises"))
    struct KernelDebugging {
        @Test("breakpoints in the kernel set before its first instruction, MMU off, are hit at their virtual addresses")
        func beforeTheFirstInstruction() throws {
            // Without a KASLR seed the kernel is where the same kernel was before.
            let booted = try LinuxGuest.shared(.virt)
            let software = try booted.kernelSymbol("start_kernel")
            let hardware = try booted.kernelSymbol("rest_init")
            let guest = try LinuxGuest(cpus: 4, hold: true)
            let client = try RSPClient.attached(to: guest)
            #expect(try client.programCounter() < 1 << 40, "the first instruction runs at a physical address")
            #expect(try client.ask("Z0,\(String(software, radix: 16)),4") == "OK")
            #expect(try client.ask("Z1,\(String(hardware, radix: 16)),4") == "OK")
            for (address, reason) in [(software, "swbreak"), (hardware, "hwbreak")] {
                let stop = try client.resumeToStop()
                #expect(stop.hasPrefix("T05") && (stop.contains(reason)), "\(stop)")
                #expect(try client.programCounter() == address)
                #expect(try client.exceptionLevel() == 1)
            }
            // The kernel's own view of its code has no trace of the breakpoint.
            let code = try client.ask("m\(String(software, radix: 16)),4")
            #expect(code.count == 8 && code != "000020d4", "\(code)")
            try client.send("k")
        }

        @Test("a kernel breakpoint is hit by the vCPU that runs through it, at EL1, with the arguments in registers")
        func breakpoint() throws {
            let guest = try LinuxGuest.shared(.virt)
            let address = try guest.kernelSymbol("__arm64_sys_getppid")
            let calls = try guest.type("taskset -c 2 clock 100")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("Z0,\(String(address, radix: 16)),4") == "OK")
            for _ in 0..<50 {
                let stop = try client.resumeToStop()
                #expect(try client.programCounter() == address && client.exceptionLevel() == 1, "\(stop)")
            }
            #expect(try client.ask("z0,\(String(address, radix: 16)),4") == "OK")
            try client.leave()
            #expect(try guest.finish(calls).text.contains("100 rounds, 0 backwards"))
            try guest.expectNoComplaints()
        }

        @Test(
            "a function of the kernel is called with a return address that the kernel maps execute-never, as GDB calls it"
        )
        func functionCall() throws {
            let guest = try LinuxGuest.shared(.virt)
            let place = try guest.kernelSymbol("__arm64_sys_getppid")
            let function = try guest.kernelSymbol("jiffies_to_msecs")
            let calls = try guest.type("taskset -c 1 clock 100")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("Z0,\(String(place, radix: 16)),4") == "OK")
            let stop = try client.resumeToStop()
            let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f.p]+);/), "\(stop)")
            #expect(try client.ask("Hg\(thread.1)") == "OK")
            #expect(try client.ask("z0,\(String(place, radix: 16)),4") == "OK")
            let saved = try client.ask("g")
            // The ELF file's entry of a kernel without KASLR: the Image's header.
            let entry: UInt64 = 0xffff_8000_0800_0000
            #expect(try client.ask("Z0,\(String(entry, radix: 16)),4") == "OK")
            for (number, value) in [(0, 1000), (30, entry), (32, function)] as [(Int, UInt64)] {
                let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
                #expect(try client.ask("P\(String(number, radix: 16))=" + RSPClient.hex(bytes)) == "OK")
            }
            #expect(try client.ask("vCont;c:\(thread.1)").hasPrefix("T05"))
            #expect(try client.programCounter() == entry)
            // Debian's kernels have 250 jiffies a second.
            #expect(try client.register(0) == 4000)
            #expect(try client.ask("z0,\(String(entry, radix: 16)),4") == "OK")
            #expect(try client.ask("G" + saved) == "OK")
            try client.leave()
            #expect(try guest.finish(calls).text.contains("100 rounds, 0 backwards"))
            try guest.expectNoComplaints()
        }

        /// The counter's frequency in Hz as the kernel found it, since KVM doesn't give CNTFRQ_EL0.
        private static func counterFrequency(_ guest: LinuxGuest) throws -> Double {
            let text = try guest.run(#"dmesg | sed -n 's/.*timer(s) running at \([0-9.]*\)MHz.*/\1/p'"#)
            let megahertz = try #require(Double(text.split(separator: "\n").first ?? ""), "\(text)")
            return megahertz * 1_000_000
        }

        @Test(
            "many steps from a system call never enter the interrupt vector, and take almost none of the guest's time")
        func manySteps() throws {
            // Through KVM's emulated host a step takes 7 ms.
            let steps = VMUnderTest.isKVM ? 10_000 : 100_000
            let guest = try LinuxGuest.shared(.virt)
            let address = try guest.kernelSymbol("__arm64_sys_getppid")
            let frequency = try Self.counterFrequency(guest)
            let calls = try guest.type("taskset -c 1 clock 20000")
            let client = try RSPClient.attached(to: guest)
            let breakpoint = "0,\(String(address, radix: 16)),4"
            #expect(try client.ask("Z\(breakpoint)") == "OK")
            let thread = try nearTimer(client, within: VMUnderTest.isKVM ? UInt64(steps / 2) : UInt64(steps / 16))
            #expect(try client.ask("z\(breakpoint)") == "OK")

            let vectors = try client.register("VBAR_EL1")
            let interrupts = [vectors &+ 0x280, vectors &+ 0x480]
            let began = ContinuousClock.now
            let counter = try client.register("CNTVCT_EL0")
            var pending = 0
            var before = try client.programCounter()
            var stuck = 0
            var places = Set<UInt64>()
            for step in 0..<steps {
                let stop = try client.ask("vCont;s:\(thread)")
                guard stop.hasPrefix("T05"), let pc = RSPClient.programCounter(in: stop) else {
                    throw ProcessError("step \(step): \(stop)")
                }
                // The vector's entry, and the code after it.
                try #require(!interrupts.contains { $0..<$0 + 0x80 ~= pc }, "step \(step) from \(before): \(stop)")
                stuck = pc == before ? stuck + 1 : 0
                try #require(stuck < 3, "step \(step) makes no way at \(String(pc, radix: 16))")
                before = pc
                places.insert(pc)
                if step % 1000 == 999, try client.register("CNTV_CTL_EL0") & 4 != 0 { pending += 1 }
            }
            let took = ContinuousClock.now - began
            print(
                "linux: \(steps) steps at \(places.count) addresses in \(took); timer pending \(pending) of \(steps / 1000)"
            )
            #expect(pending > steps / 2000, "the timer did not run out while stepping")
            let ticks = try client.register("CNTVCT_EL0") &- counter
            #expect(
                Double(ticks) / frequency < took / .seconds(1) / 4,
                "\(ticks) ticks of \(frequency) Hz in \(took)")
            #expect(places.count > (VMUnderTest.isKVM ? 200 : 500))
            try client.leave()

            #expect(try guest.finish(calls).text.contains("20000 rounds, 0 backwards"))
            try expectTimeMoves(guest)
        }

        /// Goes from system call to system call until the next timer interrupt is due within so many ticks.
        private func nearTimer(_ client: RSPClient, within ticks: UInt64) throws -> String {
            for _ in 0..<20_000 {
                let stop = try client.resumeToStop()
                let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f.p]+);/), "\(stop)")
                _ = try client.ask("Hg\(thread.1)")
                let left =
                    try client.register("CNTV_CVAL_EL0")
                    &- client.register("CNTVCT_EL0")
                if left < ticks { return String(thread.1) }
            }
            throw ProcessError("no system call came shortly before a timer interrupt")
        }

        private func expectTimeMoves(_ guest: LinuxGuest) throws {
            let times = try guest.run("date +%s; cut -d. -f1 /proc/uptime; sleep 2; date +%s; cut -d. -f1 /proc/uptime")
                .split(separator: "\n").compactMap { Int($0) }
            try #require(times.count == 4)
            #expect(2...100 ~= times[2] - times[0] && 2...100 ~= times[3] - times[1], "\(times)")
            try guest.expectNoComplaints()
        }

        @Test("the kernel's own BRKs work with a debugger attached: a kprobe fires and is counted")
        func kprobe() throws {
            let guest = try LinuxGuest.shared(.virt)
            let elsewhere = try guest.kernelSymbol("__arm64_sys_syslog")
            let tracing = "/sys/kernel/tracing"
            try guest.run("echo 'p:trapline/getppid __arm64_sys_getppid' >\(tracing)/kprobe_events")
            try guest.run("echo 1 >\(tracing)/events/trapline/getppid/enable")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("Z0,\(String(elsewhere, radix: 16)),4") == "OK")
            try client.send("vCont;c")
            #expect(try guest.run("clock 500").contains("500 rounds, 0 backwards"))
            let profile = try guest.run("cat \(tracing)/kprobe_profile")
            // NAME HITS MISSES
            let fields = profile.split(separator: " ").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            try #require(fields.count == 3 && fields[0] == "getppid", "\(profile)")
            #expect(try #require(Int(fields[1])) >= 500 && fields[2] == "0", "\(profile)")
            #expect(
                try guest.run("grep -c 'getppid: (' \(tracing)/trace").trimmingCharacters(in: .whitespacesAndNewlines)
                    != "0")
            _ = try client.interrupt()
            try client.leave()
            try guest.run("echo 0 >\(tracing)/events/trapline/getppid/enable; echo >\(tracing)/kprobe_events")
            try guest.expectNoComplaints()
        }

        /// `BRK #0x800`, the kernel's BUG_BRK_IMM: what WARN is made of on arm64, as `m` shows it.
        private let warning = "000021d4"

        @Test("a WARN is the kernel's own with a debugger attached, also caught, and under a breakpoint")
        func warn() throws {
            let guest = try LinuxGuest.shared(.virt)
            try guest.expectNoComplaints()
            // The log is read through the serial port, slowly on KVM: keep only new lines.
            try guest.run("dmesg -c >/dev/null")
            // The others look for complaints of their own.
            var isClean = false
            defer { if !isClean { guest.vm.process.end() } }
            let elsewhere = String(try guest.kernelSymbol("__arm64_sys_reboot"), radix: 16)
            // The kernel copies what is written here in one piece, and warns once of one that is too long for its
            // pages.
            let tooMuch = "dd if=/dev/zero of=/proc/irq/default_smp_affinity bs=8M count=1 2>&1"
            let again = "echo 1 >/sys/kernel/debug/clear_warn_once"
            let client = try RSPClient.attached(to: guest)

            // Debugging is on, and the kernel gets its BRK.
            #expect(try client.ask("Z0,\(elsewhere),4") == "OK")
            try client.send("vCont;c")
            try guest.run(again)
            #expect(try guest.run(tooMuch, status: 1).contains("Cannot allocate memory"))
            let address = try expectWarnings(guest, 1)

            // A caught BRK stops before it executes, and continuing delivers it to the kernel.
            try guest.run(again)
            _ = try client.interrupt()
            #expect(try client.ask("z0,\(elsewhere),4") == "OK")
            #expect(try client.monitor("catch brk").contains("catching: brk"))
            try expectStop(client, guest, tooMuch, at: address)
            #expect(try expectWarnings(guest, 2) == address)

            // The debugger's breakpoint at the same place: what is under it is the kernel's, and is done.
            try guest.run(again)
            _ = try client.interrupt()
            #expect(try client.monitor("catch none").contains("catching: none"))
            #expect(try client.ask("Z0,\(String(address, radix: 16)),4") == "OK")
            try expectStop(client, guest, tooMuch, at: address)
            #expect(try expectWarnings(guest, 3) == address)

            _ = try client.interrupt()
            try client.leave()
            try guest.run("dmesg -c >/dev/null")
            isClean = true
        }

        /// Resumes a stopped machine, types the command that warns, and passes when it stops at the BRK and then
        /// continues.
        private func expectStop(
            _ client: RSPClient, _ guest: LinuxGuest, _ command: String, at address: UInt64
        ) throws {
            try client.send("vCont;c")
            let typed = try guest.type(command)
            var stop = try client.reply(limit: .seconds(60))
            // The caught exception is described on the console first.
            while stop.hasPrefix("O") { stop = try client.reply() }
            let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f.p]+);/), "\(stop)")
            _ = try client.ask("Hg\(thread.1)")
            #expect(try client.programCounter() == address && client.exceptionLevel() == 1, "\(stop)")
            #expect(try client.ask("m\(String(address, radix: 16)),4") == warning)
            try client.send("vCont;c")
            let output = try guest.finish(typed)
            #expect(output.status == 1 && output.text.contains("Cannot allocate memory"), "\(output.text)")
        }

        /// Passes when the kernel has warned so often, each time whole, and returns where it last did.
        @discardableResult
        private func expectWarnings(_ guest: LinuxGuest, _ count: Int) throws -> UInt64 {
            let log = try guest.run("dmesg")
            for part in ["[ cut here ]", "WARNING: CPU: ", "] pc : ", " memdup_user_nul+0x", "[ end trace "] {
                #expect(log.components(separatedBy: part).count == count + 1, "\(part): \(log.suffix(4000))")
            }
            #expect(!log.contains("Oops") && !log.contains("Unexpected kernel BRK"), "\(log.suffix(4000))")
            let place = try #require(
                log.matches(of: /pc : ([A-Za-z0-9_.]+)\+0x([0-9a-f]+)\//).last, "\(log.suffix(4000))")
            let offset = try #require(UInt64(place.2, radix: 16))
            return try guest.kernelSymbol(String(place.1)) + offset
        }
    }
}
