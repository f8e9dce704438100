import TestSupport
import Testing

extension EndToEnd {
    /// A guest with signed return addresses, on the processor `max`, or on KVM on what the emulated host has.
    @Suite(
        .traplineOnly("QEMU's model has no pointer authentication"),
        .enabled(
            if: !VMUnderTest.isKVM || HostProcessor.isMax,
            "the emulated host has no pointer authentication: TRAPLINE_HOST_CPU=max,… has"))
    struct PointerMasks {
        private func machine() throws -> VMUnderTest {
            try VMUnderTest(.program(try .named("signed")), options: VMUnderTest.isKVM ? [] : ["--cpu", "max"])
        }

        private func description() throws -> String {
            let vm = try machine()
            return try RSPClient(vm.endpoint).targetDescription()
        }

        @Test("With the masks GDB finds the way through signed return addresses")
        func backtrace() throws {
            // GDB before 14 knows the feature by its older name only.
            let text = try description()
            #expect(text.contains("\"org.gnu.gdb.aarch64.pauth_v2\""))
            let folder = try TemporaryFolder()
            let older = text.split(separator: "aarch64.pauth_v2", omittingEmptySubsequences: false)
                .joined(separator: "aarch64.pauth")
            let file = try folder.write(Array(older.utf8), to: "target.xml")
            let vm = try machine()
            let log = try GDB.batch(
                elf: GuestProgram.named("signed").path,
                """
                set tdesc filename \(file)
                target remote \(vm.endpoint)
                break innermost
                continue
                printf "@signed=%#lx\\n", signed_address
                printf "@mask=%#lx\\n@mask=%#lx\\n", $pauth_cmask, $pauth_dmask_high
                bt
                print $x0 = 7
                delete
                continue
                """)
            let address = try #require(log.value("signed"))
            #expect(log.values("mask") == [0xff7f_0000_0000_0000, 0xff7f_0000_0000_0000], "\(log)")
            #expect(address & 0xff7f_0000_0000_0000 != 0 && log.contains(" [PAC] in main () at"), "\(log)")
            #expect(log.contains("exited normally") && vm.serial.hasSuffix("signed: end\n"), "\(log)")
        }

        @Test("The masks are in g and in stop replies, follow TCR_EL1, and are written back only as they are")
        func packets() throws {
            let vm = try machine()
            let client = try RSPClient(vm.endpoint)
            // With SVE on KVM, more registers come before the masks.
            let number = try #require(try client.registerNumbers()["pauth_dmask"])
            func ask(_ packet: Character, _ offset: Int, _ rest: String = "") throws -> String {
                try client.ask("\(packet)\(String(number + offset, radix: 16))\(rest)")
            }
            // T0SZ and T1SZ 0 count as 16; then 25 below with tags, 28 above.
            #expect(RSPClient.number(hex: try ask("p", 1)) == 0xff7f_0000_0000_0000)
            #expect(try client.ask("?").contains(";\(String(number + 1, radix: 16)):0000000000007fff;"))
            let tcr: UInt64 = 1 << 37 | 28 << 16 | 25
            #expect(try client.write(tcr, toRegister: "TCR_EL1") == "OK")
            let masks: [UInt64] = [
                0x007f_ff80_0000_0000, 0x007f_ff80_0000_0000, 0xff7f_fff0_0000_0000, 0xff7f_fff0_0000_0000,
            ]
            for (offset, mask) in masks.enumerated() {
                #expect(RSPClient.number(hex: try ask("p", offset)) == mask)
            }
            let all = try client.ask("g")
            #expect(number != 68 || all.utf8.count == 2 * (788 + 32))
            #expect(all.hasSuffix(try (0..<4).map { try ask("p", $0) }.joined()))
            #expect(try client.ask("G" + all) == "OK")
            #expect(try ask("P", 0, "=" + "80".padding(8)).hasPrefix("E"))
            #expect(try client.ask("G" + all.dropLast(2) + "00").hasPrefix("E"))
            #expect(try client.ask("g") == all)
        }

        @Test("The processor base has no such registers", .notOnKVM(.processorModel))
        func base() throws {
            let vm = try VMUnderTest("signed")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("p44").hasPrefix("E"))
            #expect(try client.ask("g").utf8.count == 2 * 788)
        }
    }
}

extension String {
    /// The text followed by that many zero bytes in hexadecimal.
    fileprivate func padding(_ bytes: Int) -> String { self + String(repeating: "0", count: 2 * bytes - utf8.count) }
}
