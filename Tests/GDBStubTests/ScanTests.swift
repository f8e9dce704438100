import GDBStub
import Testing

@Suite struct ScanTests {
    @Test func theFirstPlaceOfAPatternIsFound() {
        let client = Client().connect()
        #expect(client.ask("qSearch:memory:40000000;1000;\u{10}\u{11}") == "1,40000010")
        #expect(client.ask("qSearch:memory:40000011;fef;\u{10}\u{11}") == "1,40000110")
        // All of it has to lie within the range.
        #expect(client.ask("qSearch:memory:40000000;12;\u{10}\u{11}") == "1,40000010")
        #expect(client.ask("qSearch:memory:40000000;11;\u{10}\u{11}") == "0")
        #expect(client.ask("qSearch:memory:40000000;1000;\u{10}\u{10}") == "0")
        #expect(client.ask("qSearch:memory:40000000;0;a") == "0")
        #expect(client.ask("qSearch:memory:40000000;1;ab") == "0")
    }

    @Test func aPatternAcrossTwoReadsIsFoundToo() {
        let client = Client(FakeTarget(ramSize: 0x30000)).connect()
        for place in [0xfffe, 0xffff, 0x10000, 0x1fffd, 0x2fffd] {
            client.target.ram = [UInt8](repeating: 0x61, count: 0x30000)
            client.target.ram.replaceSubrange(place..<(place + 3), with: Array("xyz".utf8))
            #expect(client.ask("qSearch:memory:40000000;30000;xyz") == "1," + String(0x4000_0000 + place, radix: 16))
        }
        #expect(client.ask("qSearch:memory:40000000;30000;xyza") == "0")
    }

    @Test func whatCannotBeReadIsAnErrorUnlessFoundBefore() {
        let client = Client().connect()
        #expect(client.ask("qSearch:memory:40000000;2000;zz") == "E.nothing is mapped there")
        #expect(client.ask("qSearch:memory:40000000;2000;\u{10}") == "1,40000010")
        #expect(client.ask("qSearch:memory:0;10;a") == "E.nothing is mapped there")
        #expect(client.ask("qSearch:memory:ffffffffffffffff;2;a")?.hasPrefix("E.2 bytes reach beyond") == true)
        #expect(client.ask("qSearch:memory:40000000;ffffffff;\u{10}")?.hasPrefix("E.at most 1 GiB") == true)
    }

    @Test func theChecksumIsGDBs() {
        let client = Client().connect()
        client.target.ram.replaceSubrange(0..<9, with: Array("123456789".utf8))
        // The check value of CRC-32/MPEG-2, which is this one.
        #expect(client.ask("qCRC:40000000,9") == "C376e6e7")
        #expect(client.ask("qCRC:40000000,0") == "Cffffffff")
        #expect(client.ask("qCRC:40000000,1001") == "E.nothing is mapped there")
        #expect(client.ask("qCRC:ffffffffffffffff,2")?.hasPrefix("E.") == true)
    }
}
