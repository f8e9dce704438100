import Execution
import GDBStub
import Testing

/// Conditions and commands at breakpoints: the packets, and what then happens at a hit.
@Suite struct BreakpointProgramTests {
    static let place: UInt64 = 0x4028_000c
    /// x0 == 1 and x0 == 2, as GDB writes them.
    static let isOne = "X9,260000164022011327"
    static let isTwo = "X9,260000164022021327"
    /// The packet for `dprintf …,"x0=%ld\n", $x0`.
    static let prints = "X17,2600001640220022003401000978303d256c645c6e0027"

    private func client() -> Client { Client(FakeTarget(hasAgent: true)).connect() }

    /// The verdict on a hit of vCPU 0 with that value of x0.
    private func hit(_ client: Client, x0: UInt8 = 0, at address: UInt64 = place) -> Agent.Verdict? {
        client.target.registers[0][0] = [x0, 0, 0, 0, 0, 0, 0, 0]
        return client.target.agent?.hit(address: address, vcpu: 0, target: client.target)
    }

    @Test func areAnnouncedByATargetThatHasThem() {
        let features = Client(FakeTarget(hasAgent: true)).ask("qSupported:swbreak+") ?? ""
        #expect(features.contains(";ConditionalBreakpoints+;BreakpointCommands+"))
        #expect(Client().ask("qSupported:swbreak+")?.contains("Conditional") == false)
    }

    @Test func aFalseConditionDoesNotStop() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne)") == "OK")
        #expect(client.target.stopPoints == [StopPoint(kind: .softwareBreakpoint, address: Self.place, length: 4)])
        #expect(hit(client, x0: 0) == .pass)
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
        // The agent has no breakpoint elsewhere.
        #expect(hit(client, at: Self.place + 4) == nil)
        #expect(client.target.printed == "")
    }

    @Test func anyTrueConditionStops() {
        let client = client()
        #expect(client.ask("Z1,4028000c,4;\(Self.isOne)\(Self.isTwo)") == "OK")
        #expect(hit(client, x0: 1) == .stop(.hardwareBreakpoint))
        #expect(hit(client, x0: 2) == .stop(.hardwareBreakpoint))
        #expect(hit(client, x0: 3) == .pass)
    }

    @Test func aLaterPacketReplacesTheConditions() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne)") == "OK")
        #expect(client.ask("Z0,4028000c,4;\(Self.isTwo)") == "OK")
        #expect(hit(client, x0: 1) == .pass)
        #expect(hit(client, x0: 2) == .stop(.softwareBreakpoint))
        // A plain breakpoint has none.
        #expect(client.ask("Z0,4028000c,4") == "OK")
        #expect(hit(client, x0: 3) == .stop(.softwareBreakpoint))
        #expect(client.ask("z0,4028000c,4") == "OK")
        #expect(hit(client, x0: 3) == nil)
    }

    @Test func bothKindsAtOnePlaceAreLookedAtEachForItself() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne)") == "OK")
        #expect(client.ask("Z1,4028000c,4;\(Self.isTwo)") == "OK")
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
        #expect(hit(client, x0: 2) == .stop(.hardwareBreakpoint))
        #expect(hit(client, x0: 3) == .pass)
        #expect(client.ask("z0,4028000c,4") == "OK")
        #expect(hit(client, x0: 1) == .pass)
    }

    static let malformed = [
        // No value, no end, a jump out, an unknown instruction, packets cut short.
        ";X1,27", ";X0,", ";X2,2227", ";X5,2201200009", ";X1,00", ";X9,2600001640220113",
        ";cmds:0,X1,00", ";cmds:0,X5,2201200009", ";cmds:3,X1,27", ";Y", ";X9,26", ";",
    ]

    @Test(arguments: malformed) func whatCanNotBeRunIsRefusedAndChangesNothing(list: String) {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne)") == "OK")
        #expect(client.ask("Z0,4028000c,4\(list)")?.hasPrefix("E.") == true)
        #expect(hit(client, x0: 0) == .pass)
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
    }

    @Test func whatTheTargetRefusesChangesNothing() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne)") == "OK")
        client.target.nextError = .noSpace("no room")
        #expect(client.ask("Z0,4028000c,4;\(Self.isTwo)") == "E.no room")
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
        client.target.nextError = .noSpace("no way")
        #expect(client.ask("z0,4028000c,4") == "E.no way")
        #expect(hit(client, x0: 1) == .stop(.softwareBreakpoint))
        // One that never was is not there afterwards.
        client.target.nextError = .noSpace("no room")
        #expect(client.ask("Z1,40280000,4;\(Self.isOne)") == "E.no room")
        #expect(hit(client, at: 0x4028_0000) == nil)
    }

    @Test func aConditionThatFailsStopsAndSaysWhy() {
        let client = client()
        // *(char *) 0
        #expect(client.ask("Z0,4028000c,4;X4,22001727") == "OK")
        #expect(hit(client) == .stop(.softwareBreakpoint))
        #expect(
            client.target.printed
                == "condition at 0x4028000c on CPU 0: memory can't be read: nothing is mapped there (byte 2 of the"
                + " expression)\n")
    }

    @Test func commandsRunInsteadOfAStop() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;cmds:0,\(Self.prints)") == "OK")
        #expect(hit(client, x0: 7) == .pass)
        #expect(hit(client, x0: 8) == .pass)
        #expect(client.target.printed == "x0=7\nx0=8\n")
    }

    @Test func commandsRunOnlyIfTheConditionIsTrue() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;\(Self.isOne);cmds:1,\(Self.prints)\(Self.prints)") == "OK")
        #expect(hit(client, x0: 7) == .pass)
        #expect(client.target.printed == "")
        #expect(hit(client, x0: 1) == .pass)
        #expect(client.target.printed == "x0=1\nx0=1\n")
    }

    @Test func aCommandThatFailsIsToldAndTheOthersRun() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;cmds:0,X4,22001727\(Self.prints)") == "OK")
        #expect(hit(client, x0: 1) == .pass)
        #expect(client.target.printed.hasPrefix("command at 0x4028000c on CPU 0: memory can't be read"))
        #expect(client.target.printed.hasSuffix("\nx0=1\n"))
    }

    @Test func onlyCommandsThatPersistOutliveTheirClient() {
        let client = client()
        #expect(client.ask("Z0,4028000c,4;cmds:1,\(Self.prints)") == "OK")
        #expect(client.ask("Z0,40280000,4;cmds:0,\(Self.prints)") == "OK")
        #expect(client.ask("Z0,40280004,4;\(Self.isOne)") == "OK")
        #expect(client.target.agent?.ownAddresses == [Self.place])
        client.disconnect()
        #expect(client.target.agent?.ownAddresses == [Self.place])
        #expect(hit(client, x0: 5) == .pass)
        #expect(client.target.printed == "x0=5\n")
        #expect(hit(client, at: 0x4028_0000) == nil)
        #expect(hit(client, at: 0x4028_0004) == nil)
        // The next client can take it out.
        let next = Client(client.target).connect()
        #expect(next.ask("z0,4028000c,4") == "OK")
        #expect(client.target.agent?.ownAddresses == [])
    }

    @Test func programsHaveALimitTogether() {
        let client = client()
        // 30000 bytes that push and pop, and a value.
        let bytes = String(repeating: "220029", count: 10000) + "220127"
        var accepted = 0
        for index in 0..<60 where client.ask("Z0,\(String(index * 4, radix: 16)),4;X7533,\(bytes)") == "OK" {
            accepted += 1
        }
        #expect(accepted == 34)
        // A removed breakpoint makes room.
        #expect(client.ask("z0,0,4") == "OK")
        #expect(client.ask("Z0,1000,4;X7533,\(bytes)") == "OK")
    }

    @Test func watchpointsHaveNoConditions() {
        let client = client()
        #expect(client.ask("Z2,40280000,4;\(Self.isOne)") == "OK")
        #expect(client.target.stopPoints.count == 1)
        #expect(hit(client, at: 0x4028_0000) == nil)
    }
}
