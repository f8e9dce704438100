import TestSupport
import Testing

extension EndToEnd {
    /// A guest with signed return addresses, on the processor `max`.
    @Suite(
        .traplineOnly("QEMU's model has no pointer authentication"),
        .notOnKVM("--cpu is the software CPU's"))
    struct PointerMasks {
        private func machine() throws -> VMUnderTest {
            try VMUnderTest(.program(try .named("signed")), options: ["--cpu", "max"])
        }

        /// The whole of target.xml.
        private func description() throws -> String {
            let vm = try machine()
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            var text = ""
            while true {
                let part = try client.ask(
                    "qXfer:features:read:target.xml:\(String(text.utf8.count, radix: 16)),1000")
                text += part.dropFirst()
                guard part.hasPrefix("m") else { return text }
            }
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
            try client.introduce()
            // T0SZ and T1SZ 0 count as 16; then 25 below with tags, 28 above.
            #expect(RSPClient.number(hex: try client.ask("p45")) == 0xff7f_0000_0000_0000)
            #expect(try client.ask("?").contains(";45:0000000000007fff;"))
            let tcr: UInt64 = 1 << 37 | 28 << 16 | 25
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: tcr >> (8 * $0)) }
            #expect(try client.ask("Pc102=" + RSPClient.hex(bytes)) == "OK")
            let masks: [UInt64] = [
                0x007f_ff80_0000_0000, 0x007f_ff80_0000_0000, 0xff7f_fff0_0000_0000, 0xff7f_fff0_0000_0000,
            ]
            for (number, mask) in zip(0x44..., masks) {
                #expect(RSPClient.number(hex: try client.ask("p\(String(number, radix: 16))")) == mask)
            }
            let all = try client.ask("g")
            #expect(all.utf8.count == 2 * (788 + 32))
            #expect(try client.ask("G" + all) == "OK")
            #expect(try client.ask("P44=" + "80".padding(8)).hasPrefix("E"))
            #expect(try client.ask("G" + all.dropLast(2) + "00").hasPrefix("E"))
            #expect(try client.ask("g") == all)
        }

        @Test("The processor base has no such registers")
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
    /// The text with `0` behind it, as many bytes of hex as wanted.
    fileprivate func padding(_ bytes: Int) -> String { self + String(repeating: "0", count: 2 * bytes - utf8.count) }
}
