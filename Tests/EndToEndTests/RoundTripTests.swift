import TestSupport
import Testing

extension EndToEnd {
    /// How many packets GDB needs: what a slow connection is felt by.
    @Suite(.traplineOnly("QEMU's stub takes more, as Documentation/benchmarks.md has it"))
    struct RoundTrips {
        @Test("a step's stop reply has all registers in it, and one packet the vCPUs: GDB asks for code and stack only")
        func step() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.gdb(
                "calls",
                """
                tbreak *straight
                continue
                stepi
                set debug remote 1
                stepi
                stepi
                set debug remote 0
                detach
                """)
            #expect(log.succeeded, "\(log)")
            let packets = log.exchanges.map(\.packet)
            #expect(packets.count { $0.hasPrefix("vCont;s") } == 2, "\(log)")
            #expect(packets.count { $0.hasPrefix("qXfer:threads:read") } <= 2, "\(log)")
            let others = packets.filter {
                !$0.hasPrefix("vCont;s") && !$0.hasPrefix("qXfer:threads:read") && !$0.hasPrefix("m")
            }
            #expect(others.isEmpty, "\(log)")
            #expect(packets.count <= 2 * 8, "\(log)")
        }

        @Test("GDB looks for no operating system's signal frames: the machine says that it has none")
        func osabi() throws {
            for file in ["", "file \(try GuestProgram.named("calls").path)\n"] {
                let vm = try VMUnderTest("calls")
                let log = try GDB.batch("\(file)target remote \(vm.endpoint)\nshow osabi\ndisconnect")
                #expect(log.succeeded && log.text.contains(#"(currently "none")"#), "\(log)")
            }
        }

        @Test("attaching takes no more than the description's length makes it")
        func attach() throws {
            let vm = try VMUnderTest("forever")
            let log = try GDB.batch(
                elf: GuestProgram.named("forever").path, "set debug remote 1\ntarget remote \(vm.endpoint)\ndetach")
            #expect(log.succeeded, "\(log)")
            let packets = log.exchanges.map(\.packet)
            // GDB asks for 4 KiB at a time, whatever the packet size; one document has all of it.
            let windows = packets.filter { $0.hasPrefix("qXfer:features:read:") }
            #expect(windows.allSatisfy { $0.hasPrefix("qXfer:features:read:target.xml:") }, "\(log)")
            let size = try RSPClient(vm.endpoint).targetDescription().utf8.count
            #expect(windows.count == (size + 4095) / 4096, "\(log)")
            // qSupported, vMustReplyEmpty, QStartNoAckMode, Hg, QNonStop, qTStatus twice, qTfV, qTfP, ?, threads twice, qAttached,
            // Hc, qOffsets, code, qSymbol, D.
            #expect(packets.count - windows.count <= 18, "\(log)")
            #expect(!packets.contains { $0 == "g" || $0.hasPrefix("p") }, "\(log)")
        }
    }
}
