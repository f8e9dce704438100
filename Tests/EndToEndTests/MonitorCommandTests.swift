import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Monitor commands.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "commands of Trapline's"))
    struct MonitorCommands {
        @Test("info, gva2gpa, xp and translate say what is where")
        func looking() throws {
            let vm = try VMUnderTest("mmu")
            let log = try vm.gdb(
                "mmu",
                """
                monitor info mtree
                monitor info mem
                monitor info mappings
                monitor info version
                tbreak after_mmu
                continue
                monitor info mem
                monitor info mappings
                monitor info registers
                monitor info cpus
                monitor info irq
                monitor info timer
                monitor gva2gpa 0xffff000040100000
                monitor gva2gpa 0xffff800000000000
                monitor xp/2xw 0x40100000
                monitor xp /1dg 0x40100000
                monitor translate 0x40100000 el0
                monitor translate 0x40100000 el1
                printf "@code=%#lx\\n", *(unsigned long *)0x40100000
                detach
                """)
            #expect(log.succeeded, "\(log)")
            #expect(log.contains("0x0000000009000000  0x0000000009000fff  4 KiB") && log.contains("PL011"), "\(log)")
            #expect(log.contains("the MMU is off: addresses are physical") && log.contains("Trapline "), "\(log)")
            #expect(log.contains("0xffff000040"), "the high mapping is listed: \(log)")
            #expect(log.contains("PG disabled\n"), "\(log)")
            #expect(log.text.contains(/\nffff0000[0-9a-f]{8}-ffff0000[0-9a-f]{8} [0-9a-f]{16} -r.x\n/), "\(log)")
            #expect(log.contains("X30=0x") && log.contains("EL1h") && log.contains("TTBR1_EL1 0x"), "\(log)")
            // KVM reports neither the outputs of its interrupt controller nor CNTFRQ_EL0.
            #expect(log.contains(VMUnderTest.isKVM ? "CPU 0\n" : "CPU 0: IRQ low, FIQ low"), "\(log)")
            #expect(log.contains("virtual") && log.contains("ticks a second") != VMUnderTest.isKVM, "\(log)")
            #expect(log.count("gpa: 0x40100000\n") == 1 && log.count("Unmapped\n") == 1, "\(log)")
            let code = try #require(log.value("code"))
            let words = [code & 0xffff_ffff, code >> 32].map {
                "0x" + String(repeating: "0", count: 8 - String($0, radix: 16).count) + String($0, radix: 16)
            }
            #expect(log.contains("0000000040100000: " + words.joined(separator: " ")), "\(log)")
            #expect(log.contains("0000000040100000: \(Int64(bitPattern: code))"), "\(log)")
            #expect(log.contains("EL0 read: permission fault") && log.contains("EL1 read: allowed"), "\(log)")
        }

        @Test("the regime says what addresses are, here as with QEMU's packets")
        func regimes() throws {
            let vm = try VMUnderTest("mmu")
            let guest = try GuestProgram.named("mmu")
            let high = String(0xffff_0000_0000_0000 | (try guest.symbol("hot")), radix: 16)
            let low = String(try guest.symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(String(try guest.symbol("after_mmu"), radix: 16)),4") == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05"))
            let code = try client.ask("m\(low),8")
            #expect(try client.ask("m\(high),8") == code)
            #expect(try client.ask("qqemu.PhyMemMode") == "0")
            #expect(try client.ask("qXfer:memory-map:read::0,1000").hasPrefix("E"))
            #expect(try client.ask("Qqemu.PhyMemMode:1") == "OK")
            #expect(try client.ask("m\(high),8").hasPrefix("E"))
            #expect(try client.ask("m\(low),8") == code)
            #expect(try client.ask("qqemu.PhyMemMode") == "1")
            let map = try client.ask("qXfer:memory-map:read::0,1000")
            #expect(map.contains("<memory type=\"ram\" start=\"0x40000000\" length=\"0x8000000\"/>"), "\(map)")
            #expect(map.contains("<memory type=\"rom\" start=\"0x0\""), "\(map)")
            #expect(try client.monitor("regime el1").contains("exactly as the selected vCPU's registers"))
            #expect(try client.ask("m\(high),8") == code)
            #expect(try client.monitor("regime").contains("exactly"))
            #expect(try client.ask("qqemu.PhyMemMode") == "0")
            #expect(try client.monitor("regime auto").contains("kernel"))
        }

        @Test(
            "wrong words are answered in words",
            arguments: [
                ("info foo", "unknown command: 'info foo'; there are registers, mem"),
                ("translate", "translate: wrong number of arguments"),
                ("translate x", "translate x: give an address"),
                ("translate 0 el2", "translate el2: after the address"),
                ("translate 0 asid", "give a number after asid"),
                ("translate 0 asid 9", "no vCPU is in the address space 0x9"),
                ("gva2gpa foo", "give an address"), ("xp /foo 0", "the format is /COUNT"),
                ("xp /99999999xg 0", "at most"),
                ("xp 0x09000000", "there is PL011 UART, whose registers change"), ("xp 0x3000000000000", "not all RAM"),
                ("xp /8xg 0xfffffffffffffff8", "beyond the last address"), ("regime el2", "use auto, el1 or physical"),
                ("mask-irq maybe", "use on, off or step"), ("catch foo", "brk"), ("catch brk el2", "is el0 or el1"),
                ("catch none el0", "nothing more"), ("trace foo", "only mmio"),
                ("trace mmio maybe", "use on, off"), ("trace mmio", "accesses are not recorded"),
                ("reset now", "use halt, init, run or nothing"),
                ("exits now", "takes no arguments"), ("foo", "unknown command: 'foo'"),
                ("translate $sqp", "no register sqp"),
                ("translate &main", "or as a register, such as sp"),
            ])
        func errors(line: String, expected: String) throws {
            // One machine for each would take longer than all the questions.
            let client = try Self.shared()
            let text = try client.monitor(line)
            #expect(text.contains(expected), "\(line): \(text)")
        }

        nonisolated(unsafe) private static var machine: (vm: VMUnderTest, client: RSPClient)?

        /// Tests of this suite run one at a time.
        private static func shared() throws -> RSPClient {
            if let machine { return machine.client }
            let vm = try VMUnderTest("mmu")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            machine = (vm, client)
            return client
        }

        @Test("exits are counted, and accesses to devices noted, by vCPU and device")
        func tracing() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                monitor trace mmio on
                tbreak loop
                continue
                monitor trace mmio
                monitor trace mmio
                monitor trace mmio off
                monitor exits
                detach
                """)
            #expect(log.succeeded, "\(log)")
            // "calls: begin", a byte each.
            #expect(log.text.contains(/CPU 0  write  0x9000000 +\S+ bytes?  0x63 +PL011/), "\(log)")
            #expect(log.contains("no access since the last look"), "\(log)")
            #expect(log.text.contains(/breakpoint +1\n/) && log.text.contains(/device write +[1-9]/), "\(log)")
            #expect(log.text.contains(/PL011 UART +0x9000000 +[0-9]+ +[1-9]/), "\(log)")
        }

        @Test("reset halt and R bring the machine to its first instruction, and breakpoints stay")
        func resetting() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("Z0,\(String(try guest.symbol("fib"), radix: 16)),4") == "OK")
            for round in 0..<3 {
                #expect(try client.ask("vCont;c").hasPrefix("T05"))
                #expect(try client.programCounter() == (try guest.symbol("fib")))
                if round == 0 {
                    #expect(try client.monitor("reset halt").contains("first instruction"))
                } else {
                    try client.send("R00")
                }
                #expect(try client.programCounter() == (try guest.symbol("_start")))
            }
        }
    }
}
