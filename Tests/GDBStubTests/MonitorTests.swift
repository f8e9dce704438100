import Execution
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
            translate ADDRESS         walk the translation tables
            reset                     reset the machine
            system_reset              reset, as QEMU calls it
            stop                      hold the machine, as it is at any stop
            halt                      stop, as OpenOCD calls it
            cont                      let the machine run although the debugger holds it, until its next stop or resume
            resume                    cont, as OpenOCD calls it
            quit                      end the machine
            shutdown                  quit, as OpenOCD calls it
            help [NAME]               list these commands, or describe one
            version                   show the name and version of this stub
            registers                 show all registers of the selected vCPU
            last-error                show why the last request failed
            left-breakpoints [clear]  list or remove breakpoints of earlier clients whose commands still run
            on-disconnect [run|hold]  show or choose what the machine does when the connection ends without detach or kill

            """
        for line in ["help", "  help\t", ""] {
            #expect(monitor(line, Client().connect()) == (expected, "OK"))
        }
    }

    @Test func helpOnOneCommandIsItsLine() {
        #expect(monitor("help reset", Client().connect()) == ("reset  reset the machine\n", "OK"))
        #expect(monitor("help help", Client().connect()).text.hasPrefix("help [NAME]"))
        #expect(monitor("help foo", Client().connect()) == ("unknown command: 'foo'\n", "OK"))
        #expect(monitor("help reset reset", Client().connect()).reply == "E.monitor help takes no arguments")
    }

    @Test func aFormatBehindASlashIsAnArgument() {
        let client = Client().connect()
        _ = monitor("translate/4xg 0x1000", client)
        #expect(client.target.log == ["monitor translate /4xg 0x1000"])
        #expect(monitor("/x", client) == ("unknown command: '/x'\n", "OK"))
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

    @Test func aCommandThatDoesNotExistIsTextAndNoErrorForAScriptToEndAt() {
        #expect(monitor("foo", Client().connect()) == ("unknown command: 'foo'\n", "OK"))
        #expect(monitor("foo", Client()) == ("unknown command: 'foo'\n", "OK"))
        #expect(monitor("versio", Client()) == ("unknown command: 'versio'\n", "OK"))
        #expect(monitor("\u{ff}#$*}\u{0}", Client().connect()).reply == "OK")
        // A command that exists and can't do what it is asked is an error that the user can read.
        #expect(monitor("version 2", Client()) == ("monitor version takes no arguments\n", "E16"))
        #expect(Client().ask("qRcmd,6") == "E16")
        #expect(Client().ask("qRcmd,666") == "E16")
    }

    @Test func qemusAndOpenOCDsNamesResetHoldAndEndTheMachine() {
        for line in ["system_reset", "reset halt", "reset init"] {
            let client = Client().connect()
            #expect(monitor(line, client) == ("reset done\n", "OK"))
            #expect(client.target.log == ["monitor reset"])
            #expect(client.takeActions() == [])
        }
        for line in ["stop", "halt"] {
            let client = Client().connect()
            #expect(monitor(line, client) == ("the machine is held\n", "OK"))
            #expect(client.takeActions() == [])
        }
        for line in ["quit", "q", "shutdown"] {
            let client = Client().connect()
            #expect(monitor(line, client) == ("", "OK"))
            #expect(client.takeActions() == [.kill])
        }
        let client = Client().connect()
        client.target.monitorCommands = []
        #expect(monitor("system_reset", client) == ("unknown command: 'system_reset'\n", "OK"))
    }

    @Test(arguments: ["cont", "c", "resume", "reset run"]) func aMachineThatRunsBesideTheClientIsHeldForEachQuestion(
        line: String
    ) {
        let running = [SessionAction.resume(ResumePlan(actions: [.continue, .continue]))]
        let client = Client().connect()
        #expect(monitor(line, client).reply == "OK")
        #expect(client.takeActions() == running)
        // A packet that needs nothing of the machine is answered while it runs.
        #expect(client.ask("qAttached") == "1")
        #expect(client.ask("m40000000,1") == nil)
        #expect(client.takeActions() == [.interrupt])
        #expect(client.stop(.paused, vcpu: 1) == ["00"])
        #expect(client.takeActions() == running)
        #expect(client.target.callsWhileRunning == 0)
        // Holding it ends that.
        #expect(client.send("qRcmd," + Client.hex("stop")) == [])
        #expect(client.stop(.paused).last == "OK")
        #expect(client.takeActions() == [.interrupt])
        #expect(client.ask("m40000000,1") == "00")
        // So does the client's own resume, which has its stop reply.
        #expect(monitor("cont", client).reply == "OK")
        #expect(client.send("vCont;c") == [])
        #expect(client.stop(.paused) == [])
        #expect(client.takeActions().count == 3)
        #expect(client.stop(.softwareBreakpoint).count == 1)
        // A stop of its own is no news, but there to be asked for.
        #expect(monitor("cont", client).reply == "OK")
        #expect(client.stop(.softwareBreakpoint, vcpu: 1) == [])
        #expect(client.ask("?")?.hasPrefix("T05swbreak:;thread:2;") == true)
        #expect(monitor("cont", client).reply == "OK")
        _ = client.takeActions()
        client.disconnect()
        #expect(client.takeActions() == [.interrupt])
        #expect(client.stop(.paused) == [])
        #expect(client.takeActions() == [.detach])
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
