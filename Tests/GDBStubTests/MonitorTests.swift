import GDBRemote
import GDBStub
import Testing

@Suite struct MonitorTests {
    /// Sends the command and returns the console text and the last reply.
    func monitor(_ line: String, _ client: Client) -> (text: String, reply: String) {
        var replies = client.send("qRcmd," + Client.hex(line))
        let last = replies.popLast() ?? ""
        #expect(replies.allSatisfy { $0.hasPrefix("O") })
        let digits = replies.map { $0.dropFirst() }.joined()
        let bytes = Hex.decode(Array(digits.utf8)[...]) ?? []
        return (String(decoding: bytes, as: UTF8.self), last)
    }

    @Test func helpListsTheTargetsCommandsAndTheBuiltInOnes() {
        let expected = """
            translate ADDRESS  walk the translation tables
            reset              reset the machine
            help [NAME]        list these commands, or one
            version            say what this stub is
            registers          show all registers of the selected vCPU
            last-error         say why the last request failed

            """
        for line in ["help", "  help\t", ""] {
            #expect(monitor(line, Client().connect()) == (expected, "OK"))
        }
    }

    @Test func helpOnOneCommandIsItsLine() {
        #expect(monitor("help reset", Client().connect()) == ("reset  reset the machine\n", "OK"))
        #expect(monitor("help help", Client().connect()).text.hasPrefix("help [NAME]"))
        #expect(monitor("help foo", Client().connect()).reply.hasPrefix("E.there is no monitor command foo"))
        #expect(monitor("help reset reset", Client().connect()).reply == "E.monitor help takes no arguments")
    }

    @Test func aFormatBehindASlashIsAnArgument() {
        let client = Client().connect()
        _ = monitor("translate/4xg 0x1000", client)
        #expect(client.target.log == ["monitor translate /4xg 0x1000"])
        #expect(monitor("/x", client).reply.hasPrefix("E.there is no monitor command /x"))
    }

    @Test func versionIsTheDrivers() {
        #expect(monitor("version", Client()) == ("fake 1.0\n", "OK"))
    }

    @Test func registersOfTheSelectedVCPUAreShown() {
        let client = Client().connect()
        _ = client.send("Hg2")
        let (text, reply) = monitor("registers", client)
        let lines = text.split(separator: "\n")
        #expect(reply == "OK")
        #expect(lines.count == 37)
        #expect(lines[0] == "x0       0x0000000100000000")
        #expect(lines[33] == "cpsr     0x00000021")
        #expect(lines[34] == "broken   unavailable")
        #expect(lines[35] == "v0       0x00000000000000000000000100000023")
        #expect(lines[36] == "CONTROL  0x0000000100008080")
    }

    @Test func theTargetsCommandsAreRunWithTheirArguments() {
        let client = Client().connect()
        #expect(monitor("translate  0x1000\t2", client) == ("translate done\n", "OK"))
        #expect(client.target.log == ["monitor translate 0x1000 2"])
        client.target.nextError = .fault("no translation at level 2")
        #expect(monitor("translate 0", client) == ("", "E.no translation at level 2"))
    }

    @Test func theTargetsCommandsComeFirst() {
        let client = Client().connect()
        client.target.monitorCommands.append(MonitorCommand(name: "version", help: "another"))
        #expect(monitor("version", client) == ("version done\n", "OK"))
        #expect(monitor("help", client).text.split(separator: "\n").filter { $0.hasPrefix("version") }.count == 1)
    }

    @Test func aCommandThatDoesNotExistIsAnErrorTheUserCanRead() {
        #expect(
            monitor("foo", Client().connect()) == ("", "E.there is no monitor command foo: monitor help lists them"))
        // A client that takes no text in errors still shows the console's.
        #expect(monitor("foo", Client()) == ("there is no monitor command foo: monitor help lists them\n", "E16"))
        #expect(monitor("version 2", Client()).reply == "E16")
        #expect(monitor("versio", Client()).reply == "E16")
        #expect(monitor("\u{ff}#$*}\u{0}", Client().connect()).reply.hasPrefix("E.there is no monitor command"))
        #expect(Client().ask("qRcmd,6") == "E16")
    }

    @Test func theLastErrorCanBeAskedFor() {
        let client = Client().connect()
        #expect(monitor("last-error", client).text == "no error yet\n")
        #expect(client.ask("m0,4") == "E0e")
        #expect(monitor("last-error", client).text == "nothing is mapped there\n")
    }

    @Test func aResetIsANewBeginning() {
        let client = Client().connect()
        _ = client.send("c")
        #expect(client.stop(.poweredOff(status: 0), vcpu: 1) == ["W00"])
        #expect(monitor("reset", client) == ("reset done\n", "OK"))
        #expect(client.ask("?")?.hasPrefix("T05thread:1;") == true)
        #expect(client.ask("qC") == "QC1")
    }

    @Test func aLongAnswerIsCutIntoPackets() {
        let client = Client().connect()
        client.target.monitorCommands.append(
            MonitorCommand(name: "long", help: String(repeating: "0123456789", count: 20_000)))
        let replies = client.send("qRcmd," + Client.hex("help"))
        #expect(replies.count > 40 && replies.allSatisfy { $0.utf8.count <= 0x2001 })
        let (text, reply) = monitor("help", client)
        #expect(text.contains(client.target.monitorCommands[2].help))
        #expect(reply == "OK")
    }
}
