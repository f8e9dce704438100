import GDBRemote
import GDBStub
import Testing

@Suite struct MemoryTests {
    @Test func memoryIsReadAsFarAsItIsThere() {
        let client = Client().connect()
        #expect(client.ask("m40000000,4") == "00010203")
        #expect(client.ask("m400000ff,2") == "ff00")
        #expect(client.ask("m40000ffe,10") == "feff")
        #expect(client.ask("x40000ffe,10") == "b\u{fe}\u{ff}")
        #expect(client.ask("m40001000,10") == "E0e")
        #expect(client.ask("x40001000,10") == "E0e")
        #expect(client.ask("m0,ffffffffffffffff") == "E0e")
    }

    @Test func binaryReadsAlwaysHaveTheirPrefix() {
        let client = Client().connect()
        #expect(client.ask("x0,0") == "b")
        #expect(client.ask("x40000020,e") == "b\u{20}\u{21}\u{22}#$%&'()*+,-")
        #expect(client.ask("x40000079,8") == "byz{|}~\u{7f}\u{80}")
    }

    @Test func readErrorsAreNeverText() {
        let client = Client().connect()
        for packet in ["m0,4", "x0,4", "mffffffffffffffff,2", "m0,0"] {
            #expect(["E0e", "E16"].contains(client.ask(packet) ?? ""), "\(packet)")
        }
        #expect(client.ask("M0,1:00") == "E.nothing is mapped there")
        #expect(client.ask("X0,1:a") == "E.nothing is mapped there")
    }

    @Test func aReadIsNeverLargerThanAReplyCanBe() {
        let client = Client(FakeTarget(ramSize: 0x100000)).connect()
        #expect(client.ask("m40000000,100000")?.count == 0x20000)
        #expect(client.ask("x40000000,ffffffffffffffff")?.unicodeScalars.count == 0x20000)
        // The largest that GDB asks for comes whole.
        #expect(client.ask("m40000000,fffc")?.count == 2 * 0xfffc)
        #expect(client.ask("x40000000,1fffb")?.unicodeScalars.count == 0x1fffc)
    }

    @Test func aReadEndsAtTheLastAddress() {
        let client = Client().connect()
        #expect(client.ask("mfffffffffffffff0,20") == "E0e")
        #expect(client.ask("xffffffffffffffff,ffffffffffffffff") == "E0e")
        #expect(client.ask("Mffffffffffffffff,2:0000") == "E.2 bytes reach beyond the last address")
        #expect(client.ask("Xfffffffffffffff0,20:" + String(repeating: "a", count: 32))?.hasPrefix("E.32") == true)
    }

    @Test func memoryIsWrittenInHexAndInBinary() {
        let client = Client().connect()
        #expect(client.ask("M40000000,4:deadbeef") == "OK")
        #expect(Array(client.target.ram[0..<5]) == [0xde, 0xad, 0xbe, 0xef, 4])
        #expect(client.sendRaw(Client.frame(Array("X40000010,4:".utf8) + [0x00, 0x03, 0xff, 0x2b])) == ["OK"])
        #expect(Array(client.target.ram[16..<21]) == [0x00, 0x03, 0xff, 0x2b, 20])
        // Escaped: # $ } *
        let escaped: [UInt8] = [0x7d, 0x03, 0x7d, 0x04, 0x7d, 0x5d, 0x7d, 0x0a]
        #expect(client.sendRaw(Client.frame(Array("X40000020,4:".utf8) + escaped)) == ["OK"])
        #expect(Array(client.target.ram[32..<37]) == Array("#$}*".utf8) + [36])
    }

    @Test(arguments: ["M40000000,0:", "X40000000,0:", "M0,0:", "X0,0:"])
    func writingNothingIsHowClientsProbe(packet: String) {
        let client = Client().connect()
        #expect(client.ask(packet) == "OK")
        #expect(client.target.log == [])
    }

    @Test func aWriteIsWholeOrAnError() {
        let client = Client().connect()
        let before = client.target.ram
        #expect(client.ask("M40000ffe,4:01020304") == "E.nothing is mapped there")
        #expect(client.ask("M40000000,4:010203") == "E.M takes ADDRESS,COUNT:BYTES in hex")
        #expect(client.ask("M40000000,2:010203") == "E.M takes ADDRESS,COUNT:BYTES in hex")
        #expect(client.ask("X40000000,4:abc")?.hasPrefix("E.X takes") == true)
        #expect(client.target.ram == before)
    }

    @Test func aWholePacketOfBinaryDataIsWritten() {
        let client = Client(FakeTarget(ramSize: 0x20000)).connect()
        let data = [UInt8](repeating: 0xa5, count: packetSize - 16)
        #expect(client.sendRaw(Client.frame(Array("X40000000,1fff0:".utf8) + data)) == ["OK"])
        #expect(Array(client.target.ram[..<data.count]) == data)
    }

    @Test func memoryIsThatOfTheSelectedVCPU() {
        let client = Client(FakeTarget(vcpus: 3)).connect()
        #expect(client.ask("Hg3") == "OK")
        #expect(client.ask("M40000000,1:00") == "OK")
        #expect(client.target.memoryVCPUs == [2])
        #expect(client.ask("Hg1") == "OK")
        #expect(client.ask("m40000000,1") == "00")
        #expect(client.target.memoryVCPUs == [2, 0])
    }
}
