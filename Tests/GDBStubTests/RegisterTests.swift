import Execution
import GDBStub
import Testing

@Suite struct RegisterTests {
    /// The 34 core registers of the fake target's first vCPU, one that can't be read, and v0.
    static let general =
        (0...32).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) + "00000000000000" }.joined()
        + "21000000" + String(repeating: "xx", count: 8) + "2300000000000000" + "0000000000000000"

    @Test func allRegistersAreReadInTheOrderOfNumbersWithUnavailableOnesMarked() {
        let client = Client().connect()
        #expect(client.ask("g") == Self.general)
    }

    @Test func registersBelongToTheSelectedVCPU() {
        let client = Client().connect()
        #expect(client.ask("p1") == "0100000000000000")
        #expect(client.ask("Hg2") == "OK")
        #expect(client.ask("p1") == "0100000001000000")
        #expect(client.ask("P1=ff00000000000000") == "OK")
        #expect(client.target.registers[1][1] == [0xff, 0, 0, 0, 0, 0, 0, 0])
        #expect(client.target.registers[0][1] == [1, 0, 0, 0, 0, 0, 0, 0])
        #expect(client.ask("g")?.hasPrefix("0000000001000000" + "ff00000000000000") == true)
        // After a stop the vCPU that stopped is selected.
        _ = client.send("vCont;c")
        _ = client.stop(.softwareBreakpoint, vcpu: 0)
        #expect(client.ask("p1") == "0100000000000000")
    }

    @Test func everyRegisterIsReadAndWrittenByNumberInItsOwnWidth() {
        let client = Client().connect()
        #expect(client.ask("p21") == "21000000")
        #expect(client.ask("p23") == "23000000000000000000000000000000")
        #expect(client.ask("p8080") == "8080000000000000")
        #expect(client.ask("P21=05000060") == "OK")
        #expect(client.ask("P23=000102030405060708090a0b0c0d0e0f") == "OK")
        #expect(client.ask("P8080=0100000000000000") == "OK")
        #expect(client.ask("p21") == "05000060")
        #expect(client.ask("p23") == "000102030405060708090a0b0c0d0e0f")
        #expect(client.ask("p8080") == "0100000000000000")
    }

    @Test(
        arguments: [
            ("p22", "E.register 34 is out of reach"),
            ("p24", "E.there is no register 36"),
            ("pffffffffffffffff", "E.there is no register 18446744073709551615"),
            ("P24=00", "E.there is no register 36"),
            ("P0=00", "E.x0 has 8 bytes, not 1"),
            ("P0=000000000000000000", "E.x0 has 8 bytes, not 9"),
            ("P21=0000000000000000", "E.cpsr has 4 bytes, not 8"),
            ("P0=0", "E.P takes NUMBER=VALUE in hex"),
            ("G00", "E.the packet ends within x0"),
        ])
    func whatCannotBeDoneIsAnError(packet: String, reply: String) {
        let client = Client().connect()
        #expect(client.ask(packet) == reply)
        #expect(client.target.log == [])
        let plain = Client()
        #expect(plain.ask(packet) == "E16")
    }

    @Test func aValueOfAnyLengthForAnyRegisterIsRefusedWithoutHarm() {
        let client = Client().connect()
        for count in [1, 7, 9, 15, 17, 1000, 60_000] {
            #expect(client.ask("P0=" + String(repeating: "41", count: count))?.hasPrefix("E.") == true)
        }
        #expect(client.target.log == [])
    }

    @Test func whatWasReadCanBeWrittenBack() {
        let client = Client().connect()
        let before = client.target.registers
        #expect(client.ask("G" + Self.general) == "OK")
        #expect(client.target.registers == before)
        // The register that can't be read is not written.
        #expect(client.target.log == ["35 registers of 0"])
    }

    @Test func writingAllRegistersIsAllOrNothing() {
        let client = Client().connect()
        let before = client.target.registers
        var values = String(repeating: "11", count: 292)
        client.target.nextError = .invalid("PSTATE.M is reserved")
        #expect(client.ask("G" + values) == "E.PSTATE.M is reserved")
        #expect(client.target.registers == before)
        #expect(client.ask("G" + values.dropLast(2))?.hasPrefix("E.the packet ends within ") == true)
        #expect(client.ask("G" + values + "11") == "E.G takes at most 292 bytes, not 293")
        values.replaceSubrange(values.startIndex..<values.index(values.startIndex, offsetBy: 2), with: "xx")
        #expect(client.ask("G" + values) == "E.only a part of x0 is given")
        #expect(client.target.registers == before)
        #expect(client.target.log == [])
        #expect(client.ask("G" + String(repeating: "xx", count: 292)) == "OK")
        #expect(client.target.registers == before)
    }

    @Test func aClientThatHasTheFirstRegistersOnlyWritesThose() {
        let client = Client().connect()
        let before = client.target.registers
        #expect(client.ask("G" + String(repeating: "11", count: 16)) == "OK")
        #expect(client.target.log == ["2 registers of 0"])
        #expect(client.target.registers[0][1] == Array(repeating: 0x11, count: 8))
        #expect(client.target.registers[0][2] == before[0][2])
    }

    @Test func aRegisterOfTheWrongWidthIsUnavailable() {
        let client = Client().connect()
        client.target.registers[0][0] = [1, 2, 3]
        #expect(client.ask("g")?.hasPrefix("xxxxxxxxxxxxxxxx" + "0100000000000000") == true)
        #expect(client.ask("p0")?.hasPrefix("E.x0 could not be read") == true)
        #expect(client.ask("?")?.contains(";0:") == false)
    }
}
