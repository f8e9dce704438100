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
            #expect(try guest.complaints() == "")
        }

        @Test("100,000 steps from a system call with the timer running never enter the interrupt vector")
        func manySteps() throws {
            let steps = 100_000
            let guest = try LinuxGuest.shared(.virt)
            let address = try guest.kernelSymbol("__arm64_sys_getppid")
            let calls = try guest.type("taskset -c 1 clock 20000")
            let client = try RSPClient.attached(to: guest)
            let breakpoint = "0,\(String(address, radix: 16)),4"
            #expect(try client.ask("Z\(breakpoint)") == "OK")
            let thread = try nearTimer(client, within: UInt64(steps / 16))
            #expect(try client.ask("z\(breakpoint)") == "OK")

            let vectors = try client.register(RSPClient.Register.vbarEL1)
            let interrupts = [vectors &+ 0x280, vectors &+ 0x480]
            let began = ContinuousClock.now
            var pending = 0
            var before = try client.programCounter()
            var stuck = 0
            var places = Set<UInt64>()
            for step in 0..<steps {
                let stop = try client.ask("vCont;s:\(thread)")
                guard stop.hasPrefix("T05"), let pc = RSPClient.programCounter(in: stop) else {
                    throw ProcessError("step \(step): \(stop)")
                }
                // The vector's entry, and the code behind it.
                try #require(!interrupts.contains { $0..<$0 + 0x80 ~= pc }, "step \(step) from \(before): \(stop)")
                stuck = pc == before ? stuck + 1 : 0
                try #require(stuck < 3, "step \(step) makes no way at \(String(pc, radix: 16))")
                before = pc
                places.insert(pc)
                if step % 1000 == 999, try client.register(RSPClient.Register.cntvCtlEL0) & 4 != 0 { pending += 1 }
            }
            let took = ContinuousClock.now - began
            print(
                "linux: \(steps) steps at \(places.count) addresses in \(took); timer pending \(pending) of \(steps / 1000)"
            )
            #expect(pending > steps / 2000, "the timer did not run out while stepping")
            #expect(places.count > 500)
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
                    try client.register(RSPClient.Register.cntvCvalEL0)
                    &- client.register(RSPClient.Register.cntvctEL0)
                if left < ticks { return String(thread.1) }
            }
            throw ProcessError("no system call came shortly before a timer interrupt")
        }

        private func expectTimeMoves(_ guest: LinuxGuest) throws {
            let times = try guest.run("date +%s; cut -d. -f1 /proc/uptime; sleep 2; date +%s; cut -d. -f1 /proc/uptime")
                .split(separator: "\n").compactMap { Int($0) }
            try #require(times.count == 4)
            #expect(2...4 ~= times[2] - times[0] && 2...4 ~= times[3] - times[1], "\(times)")
            #expect(try guest.complaints() == "")
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
            #expect(try guest.complaints() == "")
        }
    }
}
