import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Plain GDB with packets that stubs of virtual machines rarely support.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "QEMU's stub has none of these packets"))
    struct GDBPackets {
        @Test("find and compare-sections work where the memory is")
        func scanning() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                compare-sections
                set debug remote 1
                find /w 0x40100000, +0x8000, *(int *)((char *)&add + 4)
                set debug remote 0
                printf "@add=%#lx\\n@found=%#lx\\n", (unsigned long)&add, $_
                detach
                """)
            #expect(log.succeeded && log.contains("matched.") && !log.contains("MIS-MATCHED"), "\(log)")
            #expect(log.contains("$qSearch:memory:40100000;"), "\(log)")
            #expect(log.contains("pattern") && log.value("found") != nil, "\(log)")
        }

        @Test("info os has tables of vCPUs, exits, devices and memory")
        func systemTables() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb("smp", "info os\ninfo os cpus\ninfo os devices\ninfo os memory\ninfo os exits\ndetach")
            #expect(log.succeeded, "\(log)")
            #expect(log.text.contains(/cpus +vCPUs and what they are doing/), "\(log)")
            #expect(log.contains("CPU 1 (off)") && log.text.contains(/PL011 UART +0x9000000 +0x1000/), "\(log)")
            #expect(log.text.contains(/0x40000000 +0x47ffffff +RAM/) && log.contains("request to stop"), "\(log)")
        }

        @Test("vCPUs are threads of one process, with names")
        func threads() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let log = try vm.gdb(
                "smp",
                "break all_finished\ncontinue\ninfo threads\nthread 2\nprintf \"@pc=%#lx\\n\", $pc\ninfo inferiors\ndetach"
            )
            #expect(log.succeeded, "\(log)")
            #expect(
                log.text.contains(/Thread 1\.1 .*CPU 0 \(EL1\)/) && log.text.contains(/Thread 1\.2 .*CPU 1/), "\(log)")
            #expect(log.contains("process 1"), "\(log)")
        }

        @Test(
            "a vCPU that is turned on is a stop of its own on request",
            .notOnKVM(.powerEvents))
        func powerEvents() throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("QThreadEvents:1") == "OK")
            let stop = try client.ask("vCont;c")
            #expect(stop.hasPrefix("T05create:;thread:2;"), "\(stop)")
            #expect(try client.monitor("info cpus").contains("CPU 1 (EL1)"))
            #expect(try client.ask("QThreadEvents:0") == "OK")
            #expect(
                try client.ask("Z0,\(String(try GuestProgram.named("smp").symbol("all_finished"), radix: 16)),4")
                    == "OK")
            #expect(try client.ask("vCont;c").hasPrefix("T05swbreak:;thread:1;"))
            #expect(vm.serial.contains("smp: calls 40 40\n"), "\(vm.serial)")
        }

        @Test("GDB shows why a register can't be written")
        func errorText() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb("calls", "set $MIDR_EL1 = 5")
            #expect(!log.succeeded && log.contains("the system register is read-only"), "\(log)")
        }

        @Test("QEMU's packets work as its documentation types them")
        func qemuPackets() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                maintenance packet qqemu.sstepbits
                maintenance packet qqemu.sstep
                maintenance packet Qqemu.sstep=0x5
                maintenance packet Qqemu.sstep=5
                maintenance packet qqemu.sstep
                maintenance packet Qqemu.PhyMemMode:1
                maintenance packet qqemu.PhyMemMode
                detach
                """)
            #expect(
                log.contains("received: \"ENABLE=1,NOIRQ=2,NOTIMER=4\"") && log.contains("received: \"0x7\""), "\(log)")
            #expect(log.contains("received: \"0x5\"") && log.contains("received: \"1\""), "\(log)")
        }
    }
}
