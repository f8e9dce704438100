import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Two vCPUs, the second started by PSCI CPU_ON while a debugger is attached.
    @Suite struct Multiprocessor {
        @Test("2.13, 2.41: a breakpoint both vCPUs run through is hit by each as often as the guest counts")
        func breakpointHitByBoth() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb("smp", SMPGuest.countHits)
            #expect(log.succeeded, "\(log)")
            #expect(log.values("calls") == [40, 40] && log.values("hits") == [40, 40], "\(log)")
            // The thread that is reported is the vCPU that called.
            #expect(log.values("thread").map { $0 - 1 } == log.values("cpu"), "\(log)")
        }

        @Test("2.39: info threads shows each vCPU's own registers, and writes go to the selected one")
        func threadsAreTheirOwn() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb(
                "smp",
                """
                break all_finished
                continue
                info threads
                thread 1
                printf "@pc=%#lx\\n@sp=%#lx\\n", $pc, $sp
                thread 2
                printf "@pc=%#lx\\n@sp=%#lx\\n", $pc, $sp
                set $x27 = 0x2727
                set $saved = $x27
                thread 1
                set $x27 = 0x1111
                maint flush register-cache
                printf "@x27=%#lx\\n", $x27
                thread 2
                printf "@x27=%#lx\\n", $x27
                thread apply all bt 1
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let guest = try GuestProgram.named("smp")
            let (stack0, stack1) = (try guest.symbol("stack0"), try guest.symbol("stack1"))
            let stacks = log.values("sp")
            try #require(stacks.count == 2, "\(log)")
            #expect(stack0 - 0x8000..<stack0 ~= stacks[0] && stack1 - 0x8000..<stack1 ~= stacks[1], "\(log)")
            #expect(log.values("x27") == [0x1111, 0x2727], "\(log)")
            #expect(
                log.contains("all_finished ()") && log.contains("cpu=1") || log.contains("secondary_main"), "\(log)")
        }

        @Test("2.48: a vCPU that PSCI has not started says so, and one that runs says something else")
        func poweredOffThread() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb(
                "smp",
                """
                break before_cpu_on
                continue
                info threads
                tbreak beat
                continue
                printf "@mark=1\\n"
                info threads
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let second = log.text.split(separator: "\n").filter {
                $0.contains("Thread 1.2 ") || $0.contains("Thread 2 ")
            }
            let names = second.compactMap { $0.firstMatch(of: /\((.*?)\)/)?.1 }
            try #require(names.count >= 2, "\(log)")
            #expect(names.first != names.last, "\(log)")
            if VMUnderTest.isTrapline {
                #expect(names.first?.localizedCaseInsensitiveContains("off") == true, "\(log)")
            }
        }

        @Test("2.16: with scheduler-locking on, a step or continue of one vCPU leaves the other where it is")
        func schedulerLockingOn() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path, remote: vm.endpoint)
            try gdb.command("tbreak all_finished")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            try gdb.command("set scheduler-locking on")
            for (own, other) in [(1, 2), (2, 1)] {
                try gdb.command("thread \(other)")
                let before = try gdb.command("printf \"%lu %#lx %#lx\\n\", beats[\(other - 1)], $pc, $x0")
                try gdb.command("thread \(own)")
                try gdb.command("stepi 100")
                try gdb.run(untilChanged: "beats[\(own - 1)]")
                try gdb.command("thread \(other)")
                let after = try gdb.command("printf \"%lu %#lx %#lx\\n\", beats[\(other - 1)], $pc, $x0")
                #expect(before == after)
            }
        }

        @Test(
            "2.46: Ctrl-C is reported on a vCPU that was running, not on one that was held",
            .traplineOnly("QEMU reports the first vCPU"))
        func interruptOfOne() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let guest = try GuestProgram.named("smp")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let finished = String(try guest.symbol("all_finished"), radix: 16)
            #expect(try client.ask("Z1,\(finished),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            #expect(try client.ask("z1,\(finished),4") == "OK")
            for vcpu in [2, 1, 2, 1] {
                try client.send("vCont;c:\(vcpu)")
                usleep(20_000)
                try client.send(raw: [3])
                let stop = try client.reply()
                let thread = stop.firstMatch(of: /thread:(?:p1\.|p01\.)?0*(\d);/)
                #expect(stop.hasPrefix("T02") && thread?.1 == "\(vcpu)", "\(stop)")
            }
        }

        @Test("2.16: with scheduler-locking step, steps hold the other vCPU and continue lets it go")
        func schedulerLockingStep() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path, remote: vm.endpoint)
            try gdb.command("tbreak all_finished")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            try gdb.command("set scheduler-locking step")
            try gdb.command("thread 1")
            let before = try gdb.command("printf \"%lu\\n\", beats[1]")
            try gdb.command("next 15")
            #expect(try gdb.command("printf \"%lu\\n\", beats[1]") == before, "\(gdb.transcript)")
            try gdb.command("stepi 50")
            #expect(try gdb.command("printf \"%lu\\n\", beats[1]") == before, "\(gdb.transcript)")
            try gdb.run(untilChanged: "beats[1]")
        }

        @Test("2.13: next and finish with scheduler-locking off let the other vCPU run on")
        func otherRunsDuringNext() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb(
                "smp",
                """
                tbreak all_finished
                continue
                set scheduler-locking off
                thread 1
                finish
                set $before = beats[1]
                set $i = 0
                while $i < 30
                  next
                  set $i = $i + 1
                end
                printf "@moved=%d\\n@thread=%d\\n", beats[1] != $before, $_thread
                detach
                """)
            #expect(log.succeeded && log.value("moved") == 1 && log.value("thread") == 1, "\(log)")
        }

        @Test("all-stop means all: nothing moves while a stop is reported, and Ctrl-C starts nothing")
        func allStop() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path, remote: vm.endpoint)
            try gdb.command("tbreak all_finished")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            for _ in 0..<3 {
                try gdb.resume("continue")
                usleep(50_000)
                gdb.interrupt()
                #expect(try gdb.waitForStop().contains("SIGINT"))
                let look = "printf \"%lu %lu\\n\", beats[0], beats[1]"
                let before = try gdb.command(look)
                usleep(200_000)
                try gdb.command("maint flush dcache")
                #expect(try gdb.command(look) == before)
            }
        }

        @Test("2.43: a machine of two vCPUs that waits for GDB is there whole when it attaches")
        func heldWithTwoVCPUs() throws {
            for _ in 0..<5 {
                let vm = try VMUnderTest("smp", cpus: 2)
                let log = try vm.gdb(
                    "smp", "info threads\nprintf \"@pc=%#lx\\n@id=%d\\n\", $pc, $_thread\nstepi\ndetach")
                #expect(log.succeeded && log.value("id") == 1, "\(log)")
                #expect(log.value("pc") == (try GuestProgram.named("smp").symbol("_start")), "\(log)")
                #expect(log.text.matches(of: #/\n[* ] +\d +Thread /#).count == 2, "\(log)")
            }
        }

        @Test("2.40: Hg0, Hc0 and Hc-1 are accepted, an unknown thread is an error")
        func anyThread() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for packet in ["Hg0", "Hc0", "Hc-1", "Hg1", "Hg2"] { #expect(try client.ask(packet) == "OK", "\(packet)") }
            for packet in ["Hg9", "Hg7fffffff"] { #expect(try client.ask(packet).hasPrefix("E"), "\(packet)") }
        }

        @Test("2.38: an address is looked up in the tables of the selected vCPU, not of another")
        func ownTranslation() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let gdb = try GDBSession(elf: GuestProgram.named("smp").path, remote: vm.endpoint)
            try gdb.command("tbreak all_finished")
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
            // vCPU 0 has its MMU on and a high mapping, vCPU 1 runs without.
            try gdb.command("thread 1")
            let low = try gdb.command("output/x *(int *)0x40100000")
            #expect(try gdb.command("output/x *(int *)0xffff000040100000") == low)
            try gdb.command("thread 2")
            #expect(try gdb.command("output/x *(int *)0x40100000") == low)
            try gdb.command("maint flush dcache")
            let failure = try gdb.failure(of: "output/x *(int *)0xffff000040100000")
            #expect(failure.contains("Cannot access memory"), "\(failure)")
        }

        @Test("2.42: a hundred quick rounds of continue and Ctrl-C have one stop reply each")
        func quickInterrupts() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let guest = try GuestProgram.named("smp")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let beats = String(try guest.symbol("beats"), radix: 16)
            let before = try client.ask("m\(beats),10")
            for round in 0..<100 {
                try client.send("vCont;c")
                if round % 3 != 0 { usleep(UInt32(round * 40)) }
                try client.send(raw: [3])
                let stop = try client.reply()
                #expect(stop.hasPrefix("T02"), "\(stop)")
                #expect(try client.ask("qC").hasPrefix("QC"), "a second stop reply, or none")
            }
            #expect(try client.ask("m\(beats),10") != before)
        }

        @Test("2.51: info threads names every one of a hundred vCPUs", .traplineOnly("one VM with so many is enough"))
        func manyVCPUs() throws {
            let vm = try VMUnderTest("calls", cpus: 100)
            let log = try vm.gdb("calls", "info threads\nthread 100\nprintf \"@id=%d\\n\", $_thread\ndetach")
            #expect(log.text.matches(of: #/\n[* ] +\d+ +Thread /#).count == 100, "\(log)")
            #expect(log.value("id") == 100, "\(log)")
            // And the way without XML, in pieces.
            let second = try VMUnderTest("calls", cpus: 100)
            let client = try RSPClient(second.endpoint)
            var ids: [Substring] = []
            var reply = try client.ask("qfThreadInfo")
            while reply.hasPrefix("m") {
                ids += reply.dropFirst().split(separator: ",")
                reply = try client.ask("qsThreadInfo")
            }
            #expect(reply == "l" && ids.map { Int($0, radix: 16) } == (1...100).map { $0 }, "\(ids)")
        }
    }
}
