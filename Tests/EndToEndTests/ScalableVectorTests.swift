import TestSupport
import Testing

extension EndToEnd {
    /// A guest with SVE: KVM's, on a host that has it.
    @Suite(
        .kvmOnly(.scalableVectors),
        .enabled(
            if: HostProcessor.hasSVE, "the emulated host has no SVE: TRAPLINE_HOST_CPU=max,pauth-impdef=on has"))
    struct ScalableVectors {
        /// Stops the guest where it has filled the registers.
        private static let untilFilled = "break *filled\ncontinue"

        /// The bytes of a line of the guest's, without what came before.
        private func bytes(_ name: String, in serial: String, round: Int) throws -> [UInt8] {
            let lines = serial.split(separator: "\n").filter { $0.hasPrefix("sve: \(name) ") }
            try #require(lines.count > round, "\(serial)")
            return RSPClient.bytes(hex: String(lines[round].dropFirst("sve: \(name) ".count)))
        }

        private func filled(z n: Int, count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: 7 * n + 2 + $0) }
        }
        private func filled(p n: Int, count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: 17 * n + 3 + $0) }
        }

        @Test("GDB reads every register of SVE, and the guest continues with the values it writes")
        func gdb() throws {
            let vm = try VMUnderTest("sve")
            var script = Self.untilFilled
            script += "\nprintf \"@size=%d\\n@vg=%d\\n\", sizeof($z0), (int) $vg\n"
            script += "set $last = sizeof($z0) - 1\nset $plast = sizeof($p0) - 1\n"
            for n in 0..<32 { script += "printf \"@z=%d\\n@z=%d\\n\", $z\(n).b.u[0], $z\(n).b.u[$last]\n" }
            for n in 0..<16 { script += "printf \"@p=%d\\n@p=%d\\n\", $p\(n)[0], $p\(n)[$plast]\n" }
            script += """
                printf "@ffr=%d\\n@ffr=%d\\n@v=%#lx\\n", $ffr[0], $ffr[$plast], $v3.d.u[1]
                stepi 2
                printf "@sum=%d\\n@sum=%d\\n", $z0.b.u[0], $z0.b.u[$last]
                set $z3.b.u[0] = 0xa1
                set $z3.b.u[$last] = 0xa2
                set $z31.d.u[1] = 0x1122334455667788
                set $p4[0] = 0xc3
                set $p4[$plast] = 0x3c
                set $ffr[0] = 7
                printf "@set=%d\\n@set=%d\\n@set=%d\\n", $z3.b.u[$last], $p4[$plast], $ffr[0]
                continue
                printf "@vg=%d\\n@size=%d\\n@z3=%d\\n", (int) $vg, sizeof($z0), $z3.b.u[15]
                delete
                continue
                """
            let log = try vm.gdb("sve", script)
            #expect(log.succeeded && log.contains("exited normally"), "\(log)")
            let size = Int(try #require(log.value("size"), "\(log)"))
            try #require(size >= 16 && size % 16 == 0, "\(log)")
            let ends = [0, size - 1]
            // The second round of the guest's is with the smallest vectors.
            #expect(
                log.values("vg") == [UInt64(size / 8), 2] && log.values("size").allSatisfy { $0 == size }, "\(log)")
            let z = (0..<32).flatMap { n in ends.map { UInt64(filled(z: n, count: size)[$0]) } }
            #expect(log.values("z") == z, "\(log)")
            let p = (0..<16).flatMap { n in [0, size / 8 - 1].map { UInt64(filled(p: n, count: size / 8)[$0]) } }
            #expect(log.values("p") == p, "\(log)")
            #expect(log.values("ffr") == [0x1f, 0] && log.value("v") == 0x2625_2423_2221_201f, "\(log)")
            let sum = ends.map { UInt64(filled(z: 0, count: size)[$0] &+ filled(z: 1, count: size)[$0]) }
            #expect(
                log.values("sum") == sum && log.values("set") == [0xa2, 0x3c, 7] && log.value("z3") == 38, "\(log)")

            var z3 = filled(z: 3, count: size)
            (z3[0], z3[size - 1]) = (0xa1, 0xa2)
            var z31 = filled(z: 31, count: size)
            z31.replaceSubrange(8..<16, with: [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11])
            var p4 = filled(p: 4, count: size / 8)
            (p4[0], p4[size / 8 - 1]) = (0xc3, 0x3c)
            #expect(try bytes("z3", in: vm.serial, round: 0) == z3)
            #expect(try bytes("z31", in: vm.serial, round: 0) == z31)
            #expect(try bytes("p4", in: vm.serial, round: 0) == p4)
            #expect(try bytes("ffr", in: vm.serial, round: 0) == [7] + Array(repeating: 0, count: size / 8 - 1))
            #expect(try bytes("z3", in: vm.serial, round: 1) == filled(z: 3, count: 16))
        }

        /// Debian 12's LLDB shows no register of more than 64 bytes.
        @Test("LLDB sees registers as large as the length in effect, and writes them")
        func lldb() throws {
            let vm = try VMUnderTest("sve")
            let filled = try GuestProgram.named("sve").symbol("filled")
            let log = try LLDB.batch(
                elf: GuestProgram.named("sve").path, remote: vm.endpoint,
                """
                breakpoint set -a \(filled)
                continue
                continue
                register read vg z3 p4 ffr
                register write z3 "{0xa0 0xa1 0xa2 0xa3 0xa4 0xa5 0xa6 0xa7 0xa8 0xa9 0xaa 0xab 0xac 0xad 0xae 0xaf}"
                register write p4 "{0xb0 0xb1}"
                register read z3 p4
                breakpoint delete --force
                continue
                """)
            #expect(log.succeeded && log.contains("vg = 0x0000000000000002"), "\(log)")
            #expect(log.contains("z3 = {0x17 0x18 0x19 0x1a") && log.contains("0x24 0x25 0x26}"), "\(log)")
            #expect(log.contains("p4 = {0x47 0x48}") && log.contains("ffr = {0x1f 0x00}"), "\(log)")
            #expect(log.contains("0xae 0xaf}") && log.contains("p4 = {0xb0 0xb1}"), "\(log)")
            try vm.waitForSerial("sve: end\n")
            #expect(try bytes("z3", in: vm.serial, round: 1) == Array(0xa0...0xaf))
            #expect(try bytes("p4", in: vm.serial, round: 1) == [0xb0, 0xb1])
        }

        @Test("Every stop carries vg, g and G carry all of it, and a reset leaves SVE as it was")
        func packets() throws {
            let vm = try VMUnderTest("sve")
            let client = try RSPClient(vm.endpoint)
            let description = try client.targetDescription()
            #expect(description.contains("\"org.gnu.gdb.aarch64.sve\"") && !description.contains("aarch64.fpu"))
            let bits = description.firstMatch(of: /name="z0" bitsize="(\d+)"/).flatMap { Int($0.1) }
            let size = try #require(bits) / 8
            #expect(try client.registerNumbers()["z0"] == 34)
            // ZCR_EL1 is 0 after a reset, its LEN 15 gives the largest there is, and vg follows.
            #expect(try client.register(0x55) == 2 && client.ask("?").contains(";55:0200000000000000;"))
            #expect(try client.write(15, toRegister: "ZCR_EL1") == "OK")
            #expect(try client.register(0x55) == UInt64(size / 8))
            #expect(try client.ask("P55=" + RSPClient.hex([1, 0, 0, 0, 0, 0, 0, 0])).hasPrefix("E"))

            // z31, p15 and ffr, of which ffr has ones from the lowest bit on only (Arm ARM, "FFR").
            let values: [(number: String, bytes: [UInt8])] = [
                ("41", (0..<size).map { UInt8(truncatingIfNeeded: 3 * $0 + 1) }),
                ("53", (0..<size / 8).map { UInt8(truncatingIfNeeded: 5 * $0 + 2) }),
                ("54", [0x7f] + [UInt8](repeating: 0, count: size / 8 - 1)),
            ]
            for value in values { #expect(try client.ask("P\(value.number)=" + RSPClient.hex(value.bytes)) == "OK") }
            for value in values { #expect(try client.ask("p" + value.number) == RSPClient.hex(value.bytes)) }
            #expect(try client.ask("P41=" + RSPClient.hex(values[0].bytes + [0])).hasPrefix("E"))

            let all = try client.ask("g")
            let before = 2 * 268, scalable = 2 * (32 * size + 8 + 17 * size / 8)
            #expect(all.utf8.count >= before + scalable + 16)
            #expect(all.dropFirst(before + 2 * 31 * size).hasPrefix(RSPClient.hex(values[0].bytes)))
            #expect(all.dropFirst(before + scalable).hasPrefix(RSPClient.hex([UInt8(size / 8), 0, 0, 0, 0, 0, 0, 0])))
            #expect(try client.ask("G" + all) == "OK" && client.ask("g") == all)

            try client.monitor("reset")
            #expect(try client.register(0x55) == 2)
            #expect(RSPClient.bytes(hex: try client.ask("p41")).allSatisfy { $0 == 0 })
            #expect(try client.ask("P41=" + RSPClient.hex(values[0].bytes)) == "OK")
            #expect(try client.ask("p41") == RSPClient.hex(values[0].bytes))
        }
    }
}
