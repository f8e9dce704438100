import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Input that no debugger sends, against the real server: bad packets, false statements and floods.
    @Suite(.traplineOnly("QEMU's answers to bad packets are its own")) struct BadClients {
        /// Passes when the session still answers, and the guest is where it was.
        private func expectAlive(_ client: RSPClient, at pc: UInt64) throws {
            #expect(try client.programCounter() == pc)
            #expect(try client.ask("?").hasPrefix("T"))
        }

        @Test("2.49: register writes that are too long, too short or no hex are errors and change nothing")
        func badRegisterWrites() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let pc = try client.programCounter()
            let long = String(repeating: "41", count: 30_000)
            let packets = [
                "P0=\(long)", "P20=\(long)", "P20=41", "P20=", "P20", "P=00", "P20=zz00000000000000", "Pffff=00",
                "P20=000000000000000", "G", "G00", "G\(long)", "Gzz",
            ]
            for packet in packets { #expect(try client.ask(packet).hasPrefix("E"), "\(packet.prefix(40))") }
            try expectAlive(client, at: pc)
        }

        @Test("2.4: a cpsr that names no exception level of the guest is refused, and nothing changes")
        func badPSTATE() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let before = try client.ask("g")
            // EL3, EL2, EL1 with a reserved mode bit, and AArch32.
            for cpsr in ["cd030000", "c9030000", "c6030000", "d3010000"] {
                #expect(try client.ask("P21=\(cpsr)").hasPrefix("E"), "\(cpsr)")
                // Within G, too: the whole is refused.
                let all = String(repeating: "5a", count: 33 * 8) + cpsr + before.dropFirst(268 * 2)
                #expect(try client.ask("G\(all)").hasPrefix("E"), "\(cpsr)")
            }
            #expect(try client.ask("g") == before)
        }

        @Test("2.3: a G that changes SPSel puts sp where the new PSTATE says")
        func bankedStackPointer() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            // At EL1h; first give SP_EL1 a value, then write sp and EL1t together.
            #expect(try client.ask("P1f=1111000000000000") == "OK")
            let now = try client.ask("g")
            let core = now.prefix(31 * 16) + "2222000000000000" + now.dropFirst(32 * 16).prefix(16) + "c4030000"
            #expect(try client.ask("G" + core + now.dropFirst(268 * 2)) == "OK")
            #expect(try client.register(31) == 0x2222)
            #expect(try client.ask("P21=c5030000") == "OK")
            #expect(try client.register(31) == 0x1111)
            #expect(try client.ask("P21=c0030000") == "OK", "EL0t")
            #expect(try client.register(31) == 0x2222, "EL0's sp is SP_EL0, the one EL1t used")
        }

        @Test("2.5: a register that is not there is an error for p, and the whole g is there")
        func readRegisters() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("g").count >= 268 * 2)
            for packet in ["pffffff", "p", "pzz", "p-1"] {
                let reply = try client.ask(packet)
                // A malformed packet may count as an unknown one.
                #expect(reply.hasPrefix("E") || reply.isEmpty && packet != "pffffff", "\(packet): \(reply)")
            }
        }

        @Test("2.50: bad checksums get a NAK, noise is passed over, a NAK has the reply sent again")
        func acknowledgements() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.send(raw: Array("$g#00".utf8))
            #expect(try client.rawBytes(limit: .seconds(5)) == Array("-".utf8))
            client.acknowledges = false
            let first = try client.ask("qC")
            try client.send(raw: Array("-".utf8))
            #expect(try client.reply() == first)
            try client.send(raw: Array("+".utf8))
            try client.send(raw: Array("garbage+++$g#zz".utf8))
            #expect(try client.rawBytes(limit: .seconds(5)) == Array("-".utf8))
            // Two packets in one write, and one in many.
            try client.send(raw: Array("$qC#b4+$qC#b4".utf8))
            #expect(try client.reply() == first)
            try client.send(raw: Array("+".utf8))
            #expect(try client.reply() == first)
            try client.send(raw: Array("+".utf8))
            for byte in "$qC#b4".utf8 { try client.send(raw: [byte]) }
            #expect(try client.reply() == first)
            // No acknowledgements from here on.
            try client.send(raw: Array("+".utf8))
            #expect(try client.ask("QStartNoAckMode") == "OK")
            try client.send(raw: Array("+".utf8))
            #expect(try client.ask("qC") == first)
        }

        @Test("an oversized packet is drained and the session continues; unknown packets get an empty reply")
        func oversizedPackets() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let pc = try client.programCounter()
            // Twice the packet size, and then some.
            try client.send("X40200000,40000:" + String(repeating: "a", count: 0x60000))
            _ = try client.rawBytes(limit: .seconds(5))
            let fresh = try? client.ask("qC")
            #expect(fresh != nil)
            for packet in ["vMustReplyEmpty", "qNobodyKnows", "Q", "v", "jThreadsInfoX", "_M1,2", "W", "\u{7f}"] {
                #expect(try client.ask(packet) == "", "\(packet)")
            }
            try expectAlive(client, at: pc)
        }

        @Test("memory packets that lie about their length, or name too much, are errors or cut short")
        func badMemoryPackets() throws {
            let vm = try VMUnderTest("calls")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let pc = try client.programCounter()
            for packet in [
                "m", "m,", "mzz,4", "m40100000", "m40100000,", "m40100000,zz", "mfffffffffffffffff,4",
                "M40100000,4:00", "M40100000,4:000000000g", "M40100000,2:000000", "M40100000", "X40100000,4:a",
                "Z9,40100000,4", "Z0,zz,4", "Z0,40100000", "Z2,40100000,0", "z0",
                "Hg", "Hzzz", "T", "Tzz", "T99",
            ] {
                let reply = try client.ask(packet)
                #expect(reply.hasPrefix("E") || reply.isEmpty, "\(packet): \(reply)")
            }
            let whole = try client.ask("m40100000,ffffffff", limit: .seconds(10))
            #expect(whole.hasPrefix("E") || whole.count <= 0x20000)
            let wrap = try client.ask("mfffffffffffffff0,ffff")
            #expect(wrap.hasPrefix("E"), "\(wrap.prefix(40))")
            for packet in ["vCont;x", "vCont;s:99", "vCont;c:zz", "vCont;"] {
                let reply = try client.ask(packet)
                #expect(reply.hasPrefix("E") || reply.isEmpty, "\(packet): \(reply)")
            }
            try expectAlive(client, at: pc)
        }

        @Test("random bytes in many sessions end nothing but the session that sent them")
        func randomBytes() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            var random = SeededRandom.announced("random bytes")
            // Letters of the protocol more often than others; nothing that ends the machine or stops the guest.
            let letters = Array("$#}*+-gGpPmMXxHTqQvZzD?:;,=0123456789abcdef".utf8)
            for _ in 0..<40 {
                let client = try RSPClient(vm.endpoint)
                let bytes = (0..<4000).map { _ in
                    random.chance(78) ? random.pick(letters) : UInt8(random.below(256)) | 0x20
                }
                try? client.send(raw: bytes)
                client.close()
            }
            #expect(vm.process.isRunning, "\(random.comment): \(vm.errors)")
            let ticks = vm.serial.count
            try vm.waitForSerial("more, \(random.comment)") { $0.count > ticks + 20 }
        }

        @Test("2.45: a stop reply says the reason of this stop, not of the one before")
        func staleReasons() throws {
            let vm = try VMUnderTest("forever", hold: false)
            let hot = String(try GuestProgram.named("forever").symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("?").hasPrefix("T"))
            #expect(try client.ask("Z0,\(hot),4") == "OK")
            #expect(try client.ask("vCont;c").contains("swbreak:;"))
            #expect(try client.ask("?").contains("swbreak:;"))
            #expect(try client.ask("z0,\(hot),4") == "OK")
            #expect(!(try client.ask("vCont;s:1").contains("swbreak")))
            #expect(try client.ask("Z1,\(hot),4") == "OK")
            #expect(try client.ask("vCont;c").contains("hwbreak:;"))
            #expect(try client.ask("z1,\(hot),4") == "OK")
            try client.send("vCont;c")
            usleep(50_000)
            try client.send(raw: [3])
            let stop = try client.reply()
            #expect(stop.hasPrefix("T02") && !stop.contains("break"), "\(stop)")
        }

        @Test("2.44: packets while the guest runs are answered or left alone, and exactly one stop reply follows")
        func packetsWhileRunning() throws {
            let vm = try VMUnderTest("forever", hold: false)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            _ = try client.ask("?")
            for _ in 0..<10 {
                try client.send("vCont;c")
                try client.send("g")
                try client.send(raw: [3, 3, 3])
                var stops = 0
                while stops == 0 { stops += try client.reply().hasPrefix("T") ? 1 : 0 }
                // Replies keep the order of their packets: a second stop reply would come before this one.
                var reply = try client.ask("qC")
                while !reply.hasPrefix("QC") {
                    stops += reply.hasPrefix("T") ? 1 : 0
                    reply = try client.reply()
                }
                #expect(stops == 1)
                _ = try client.programCounter()
            }
        }
    }
}
