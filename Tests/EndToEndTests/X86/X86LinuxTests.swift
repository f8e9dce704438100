import Foundation
import Synchronization
import TestSupport
import Testing

extension EndToEndX86 {
    /// Debian's unmodified amd64 Linux, from its first instruction to a shell, and a debugger in its kernel.
    @Suite(.serialized) struct Linux {
        /// The guest that most tests share, with two vCPUs, a disk, and one table for the kernel and another for
        /// programs.
        private static let shared = Mutex<LinuxGuest?>(nil)

        private func guest() throws -> LinuxGuest {
            try Self.shared.withLock { shared in
                if let shared, shared.isRunning { return shared }
                if shared == nil { atexit { _ = Linux.shared.withLockIfAvailable { $0 = nil } } }
                let guest = try LastingThread.run {
                    try LinuxGuest(layout: .pc, cpus: 2, parameters: "quiet nokaslr pti=on", devices: true)
                }
                try guest.waitForShell(limit: .seconds(200))
                shared = guest
                return guest
            }
        }

        private func hexadecimal(_ number: UInt64) -> String { String(number, radix: 16) }

        /// Attaches, which stops the machine.
        private func client(_ guest: LinuxGuest) throws -> RSPClient { try RSPClient.attached(to: guest) }

        @Test("Linux boots to a shell with two vCPUs, both with interrupts, and its disk keeps a file system")
        func boots() throws {
            let guest = try guest()
            #expect(try guest.run("nproc") == "2\n")
            let interrupts = try guest.run("cat /proc/interrupts")
            let timer = try #require(interrupts.split(separator: "\n").first { $0.contains("LOC:") }, "\(interrupts)")
            let counts = timer.split(separator: " ").dropFirst().prefix(2).compactMap { Int($0) }
            #expect(counts.count == 2 && counts.allSatisfy { $0 > 0 }, "\(interrupts)")
            #expect(interrupts.contains("ttyS0") && interrupts.contains("virtio0"), "\(interrupts)")
            let release = try String(contentsOfFile: LinuxFiles.madeForPC.get().program("release"), encoding: .utf8)
            #expect(try guest.run("uname -r") == release)
            #expect(
                try guest.run("mke2fs /dev/vda >/dev/null; mount /dev/vda /mnt && echo kept >/mnt/a && cat /mnt/a")
                    == "kept\n")
            try guest.run("umount /mnt")
            let clocks = try guest.run("for n in 0 1; do taskset -c $n clock 200 & done; wait")
            #expect(clocks.components(separatedBy: " rounds, 0 backwards").count == 3, "\(clocks)")
            try guest.expectNoComplaints()
        }

        @Test(
            "1 and 2 vCPUs: the guest runs what the command line says, and its poweroff is exit status 0",
            arguments: [1, 2])
        func scripted(cpus: Int) throws {
            let guest = try LinuxGuest(layout: .pc, cpus: cpus, parameters: "quiet trapline.run=\"nproc; clock 100\"")
            #expect(guest.vm.process.wait(limit: .seconds(200)) == .exited(0), "\(guest.vm.serial) \(guest.vm.errors)")
            let serial = guest.vm.serial.replacingOccurrences(of: "\r", with: "")
            #expect(serial.contains(", \(cpus) CPUs\n\(cpus)\n"), "\(serial.suffix(2000))")
            #expect(serial.contains("clock: 100 rounds, 0 backwards"), "\(serial.suffix(2000))")
        }

        @Test("breakpoints in the kernel set before its first instruction are hit at their virtual addresses")
        func beforeTheFirstInstruction() throws {
            let booted = try guest()
            let software = try booted.kernelSymbol("start_kernel")
            let hardware = try booted.kernelSymbol("rest_init")
            let guest = try LinuxGuest(layout: .pc, cpus: 2, parameters: "quiet nokaslr", hold: true)
            let client = try client(guest)
            #expect(try client.instructionPointer() < 1 << 40, "the first instruction is at its physical address")
            #expect(try client.ask("Z0,\(hexadecimal(software)),1") == "OK")
            #expect(try client.ask("Z1,\(hexadecimal(hardware)),1") == "OK")
            for (address, reason) in [(software, "swbreak"), (hardware, "hwbreak")] {
                let stop = try client.ask("vCont;c", limit: .seconds(60))
                #expect(stop.hasPrefix("T05") && stop.contains(reason), "\(stop)")
                #expect(try client.instructionPointer() == address)
            }
            #expect(try client.ask("m\(hexadecimal(software)),1") != "cc")
            try client.send("k")
        }

        @Test("GDB: a breakpoint at a system call, backtrace, threads, registers, memory, finish")
        func breakpoint() throws {
            let guest = try guest()
            let address = try guest.kernelSymbol("__x64_sys_getppid")
            let banner = try guest.kernelSymbol("linux_banner")
            // So many that GDB is there before the last of them.
            let calls = try guest.type("taskset -c 1 clock 20000")
            let log = try guest.vm.gdb(
                """
                set architecture i386:x86-64
                break *\(address)
                set $n = 0
                while $n < 20
                  continue
                  printf "@pc=%#lx\\n@cs=%#x\\n", $pc, $cs
                  set $n = $n + 1
                end
                info threads
                printf "@caller=%#lx\\n", *(unsigned long *)$sp
                x/s \(banner)
                backtrace 1
                info registers cr3 gs_base
                delete
                stepi
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("pc") == Array(repeating: address, count: 20), "\(log)")
            #expect(Set(log.values("cs")) == [0x10], "\(log)")
            #expect(log.value("caller").map { $0 > 0xffff_ffff_8000_0000 } == true, "\(log)")
            #expect(log.contains("Linux version 6.1") && log.contains("CPU 1 (64-bit, ring 0"), "\(log)")
            #expect(try guest.finish(calls).text.contains("20000 rounds, 0 backwards"))
            try guest.expectNoComplaints()
        }

        @Test("many steps from a system call never enter an interrupt, and take almost none of the guest's time")
        func manySteps() throws {
            let guest = try guest()
            let address = try guest.kernelSymbol("__x64_sys_getppid")
            let entries = try guest.kernelSymbols([
                "asm_sysvec_apic_timer_interrupt", "asm_common_interrupt", "asm_exc_debug",
            ])
            let calls = try guest.type("taskset -c 1 clock 30000")
            let client = try client(guest)
            #expect(try client.ask("Z0,\(hexadecimal(address)),1") == "OK")
            let stop = try client.ask("vCont;c", limit: .seconds(60))
            let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f.p]+);/), "\(stop)")
            #expect(try client.ask("z0,\(hexadecimal(address)),1") == "OK")
            var places = Set<UInt64>()
            let began = ContinuousClock.now
            let counter = try client.register(RSPClient.X86Register.tsc)
            for step in 0..<1000 {
                let stop = try client.ask("vCont;s:\(thread.1)")
                try #require(stop.hasPrefix("T05"), "step \(step): \(stop)")
                let pc = try client.instructionPointer()
                try #require(!entries.contains { $0..<$0 + 0x40 ~= pc }, "step \(step) leads to \(hexadecimal(pc))")
                #expect(try client.register(RSPClient.X86Register.eflags) & 0x100 == 0)
                places.insert(pc)
            }
            #expect(places.count > 100, "\(places.count) places")
            // No processor counts slower than 500 MHz.
            let took = ContinuousClock.now - began
            let ticks = try client.register(RSPClient.X86Register.tsc) &- counter
            print("linux: 1000 steps in \(took), \(ticks) ticks of the guest's counter")
            #expect(Double(ticks) < took / .seconds(1) * 500e6 / 4, "\(ticks) ticks in \(took)")
            try client.leave()
            #expect(try guest.finish(calls).text.contains("30000 rounds, 0 backwards"))
            let times = try guest.run("cut -d. -f1 /proc/uptime; sleep 2; cut -d. -f1 /proc/uptime")
                .split(separator: "\n").compactMap { Int($0) }
            #expect(times.count == 2 && 2...4 ~= times[1] - times[0], "\(times)")
            try guest.expectNoComplaints()
        }

        @Test(
            "a program's INT3s and the kernel's kprobes work beside the debugger's breakpoints",
            arguments: ["auto", "memory"])
        func ownBreakpoints(placement: String) throws {
            let guest = try guest()
            let elsewhere = try guest.kernelSymbol("__x64_sys_syslog")
            let tracing = "/sys/kernel/tracing"
            try guest.run("echo 'p:trapline/getppid __x64_sys_getppid' >\(tracing)/kprobe_events")
            try guest.run("echo 1 >\(tracing)/events/trapline/getppid/enable")
            let client = try client(guest)
            try client.monitor("breakpoints \(placement)")
            #expect(try client.ask("Z0,\(hexadecimal(elsewhere)),1") == "OK")
            try client.send("vCont;c")
            #expect(try guest.run("int3 50") == "int3: 50 of 50 traps\n")
            #expect(try guest.run("clock 300").contains("300 rounds, 0 backwards"))
            let fields = try guest.run("cat \(tracing)/kprobe_profile").split(separator: " ")
                .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
            try #require(fields.count == 3 && fields[0] == "getppid", "\(fields)")
            #expect(try #require(Int(fields[1])) >= 300, "\(fields)")
            _ = try client.interrupt()
            try client.leave()
            try guest.run("echo 0 >\(tracing)/events/trapline/getppid/enable; echo >\(tracing)/kprobe_events")
            try guest.expectNoComplaints()
        }

        @Test("kernel addresses mean the kernel's tables also while a program runs without them (KPTI)")
        func kernelFromUserMode() throws {
            let guest = try guest()
            let banner = try guest.kernelSymbol("linux_banner")
            #expect(
                try guest.run("grep -c ' pti' /proc/cpuinfo").trimmingCharacters(in: .whitespacesAndNewlines) == "2")
            let work = try guest.type("taskset -c 1 sh -c 'n=0; while [ $n -lt 300000 ]; do n=$((n+1)); done'")
            let client = try client(guest)
            var seen = 0
            for _ in 0..<600 where seen < 3 {
                _ = try client.ask("Hg2")
                if try client.register(RSPClient.X86Register.cs) & 3 == 3 {
                    let text = RSPClient.bytes(hex: try client.ask("m\(hexadecimal(banner)),d"))
                    #expect(String(decoding: text, as: UTF8.self) == "Linux version")
                    seen += 1
                }
                try client.send("vCont;c")
                usleep(30_000)
                _ = try client.interrupt()
            }
            #expect(seen == 3, "the vCPU was in user mode at \(seen) of 600 stops")
            try client.leave()
            #expect(try guest.finish(work, limit: .seconds(120)).status == 0)
        }

        @Test("GDB killed at a kernel breakpoint leaves the guest running; reboot goes through the whole boot again")
        func killedAndRebooted() throws {
            let guest = try guest()
            let address = try guest.kernelSymbol("__x64_sys_getppid")
            let gdb = try GDBSession(remote: guest.vm.endpoint)
            try gdb.command("break *\(address)")
            try gdb.resume("continue")
            let calls = try guest.type("clock 50")
            _ = try gdb.waitForStop(limit: .seconds(60))
            gdb.kill()
            #expect(try guest.finish(calls).text.contains("50 rounds, 0 backwards"))
            let boots = guest.vm.serial.components(separatedBy: "guest: Linux ").count
            try guest.press("reboot -f\n")
            try guest.vm.waitForSerial("another boot", limit: .seconds(200)) {
                // After its prompt the shell asks the terminal for the position of the cursor.
                let parts = $0.components(separatedBy: "guest: Linux ")
                return parts.count > boots && parts.last?.contains(LinuxGuest.prompt) == true
            }
            #expect(guest.isRunning)
            guest.vm.process.end()
        }
    }
}
