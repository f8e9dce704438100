import Execution
import GDBStub
import Testing

@Suite struct StopPointTests {
    @Test(arguments: StopPoint.Kind.allCases) func eachKindIsInsertedAndRemoved(kind: StopPoint.Kind) {
        let client = Client().connect()
        let point = StopPoint(kind: kind, address: 0xffff_8000_8001_0000, length: 4)
        #expect(client.ask("Z\(kind.rawValue),ffff800080010000,4") == "OK")
        #expect(client.target.stopPoints == [point])
        #expect(client.ask("Z\(kind.rawValue),ffff800080010000,4") == "OK")
        #expect(client.target.stopPoints == [point])
        #expect(client.ask("z\(kind.rawValue),ffff800080010000,4") == "OK")
        #expect(client.target.stopPoints == [])
        #expect(client.ask("z\(kind.rawValue),ffff800080010000,4") == "OK")
    }

    @Test(arguments: ["Z5,0,4", "Z9,0,4", "Z10,0,4", "Zffffffffffffffff,0,4", "z5,0,4"])
    func kindsThatDoNotExistAreNotSupported(packet: String) {
        let client = Client().connect()
        #expect(client.ask(packet) == "")
        #expect(client.target.log == [])
    }

    @Test func theTargetDecidesWhatItCanSet() {
        let client = Client().connect()
        client.target.nextError = .noSpace("no free hardware breakpoint (4 of 4 in use)")
        #expect(client.ask("Z1,1000,4") == "E.no free hardware breakpoint (4 of 4 in use)")
        client.target.nextError = .noSpace("x")
        let plain = Client(client.target)
        #expect(plain.ask("Z1,1000,4") == "E1c")
        #expect(plain.ask("Z1,1000,4") == "OK")
    }

    @Test func aConditionIsForTheClientToCheck() {
        let client = Client().connect()
        #expect(client.ask("Z0,4028000c,4;X9,260000164022011327") == "OK")
        #expect(client.target.stopPoints == [StopPoint(kind: .softwareBreakpoint, address: 0x4028_000c, length: 4)])
    }

    @Test func aRangeEndsAtTheLastAddress() {
        let client = Client().connect()
        #expect(client.ask("Z2,fffffffffffffff8,8") == "OK")
        #expect(client.ask("Z2,fffffffffffffff8,9")?.hasPrefix("E.") == true)
        #expect(client.ask("Z2,1,ffffffffffffffff") == "OK")
        #expect(client.ask("Z2,2,ffffffffffffffff")?.hasPrefix("E.") == true)
        #expect(client.ask("Z2,0,0") == "OK")
    }
}
