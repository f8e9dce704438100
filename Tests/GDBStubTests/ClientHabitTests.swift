import Execution
import GDBStub
import Testing

/// Differences between clients, and the smaller packets of GDB and QEMU.
@Suite struct ClientHabitTests {
    private func gdb13() -> Client {
        let client = Client()
        _ = client.send("qSupported:multiprocess-;swbreak+;hwbreak+;vContSupported+;xmlRegisters=i386")
        return client
    }

    @Test func aGDBThatDoesNotSaySoTakesTextButForMemoryAndMonitor() {
        let client = gdb13()
        client.target.nextError = .noSpace("none left")
        #expect(client.ask("Z1,40000000,4") == "E.none left")
        #expect(client.ask("P1=00")?.hasPrefix("E.x1 has 8 bytes") == true)
        #expect(client.ask("m0,4") == "E0e")
        #expect(client.ask("m0") == "E16")
        #expect(client.send("qRcmd," + Client.hex("version 2")).last == "E16")
        // Other clients do not have this habit.
        #expect(Client().ask("P1=00") == "E16")
    }

    @Test func threadsOfTheOneProcess() {
        let client = Client()
        #expect(client.ask("qSupported:multiprocess+")?.contains(";multiprocess+") == true)
        #expect(client.ask("qC") == "QCp1.1")
        #expect(client.ask("qfThreadInfo") == "mp1.1,p1.2")
        #expect(client.ask("qXfer:threads:read::0,1000")?.contains("<thread id=\"p1.2\" core=\"1\"") == true)
        _ = client.send("vCont;s:p1.2")
        #expect(client.stop(.stepped, vcpu: 1).first?.hasPrefix("T05thread:p1.2;") == true)
        _ = client.send("vCont;c:p1.-1")
        #expect(client.stop(.poweredOff(status: 2)) == ["W02;process:1"])
        #expect(client.ask("D;1") == "OK")
        // Clients without the multiprocess extensions see no process.
        #expect(Client().ask("qSupported")?.contains("multiprocess") == false)
    }

    @Test func vCPUsThatAreTurnedOnAndOffAreToldOnRequest() {
        let client = Client().connect()
        #expect(client.ask("QThreadEvents:1") == "")
        #expect(client.ask("qSupported")?.contains("QThreadEvents") == false)
        client.target.haveEverything()
        #expect(client.ask("qSupported")?.contains(";QThreadEvents+") == true)
        #expect(client.ask("QThreadEvents:1") == "OK")
        #expect(client.target.reportsPower)
        _ = client.send("c")
        #expect(client.stop(.turnedOn, vcpu: 1).first?.hasPrefix("T05create:;thread:2;") == true)
        _ = client.send("c")
        #expect(client.stop(.turnedOff, vcpu: 1) == ["w0;2"])
        #expect(client.ask("?") == "w0;2")
        #expect(client.ask("QThreadEvents:0") == "OK")
        #expect(!client.target.reportsPower)
    }

    @Test func signalsAreAccepted() {
        #expect(Client().ask("QPassSignals:e;10;14") == "OK")
        #expect(Client().ask("QProgramSignals:") == "OK")
    }

    @Test func whatHappenedIsOnTheConsoleBeforeTheStop() {
        let client = Client().connect()
        client.target.haveEverything()
        _ = client.send("c")
        let replies = client.stop(.caughtException)
        #expect(replies.count == 2)
        #expect(replies.first == "O" + Client.hex("data abort\n"))
        #expect(replies.last?.hasPrefix("T05thread:1;") == true)
        _ = client.send("c")
        #expect(client.stop(.stepped).count == 1)
    }

    @Test func theMemoryMapIsServedWhereItIsTrue() {
        let client = Client().connect()
        #expect(client.ask("qXfer:memory-map:read::0,1000")?.hasPrefix("E.addresses are virtual") == true)
        client.target.haveEverything()
        let expected =
            "<?xml version=\"1.0\"?>\n<memory-map>\n<memory type=\"ram\" start=\"0x40000000\" length=\"0x1000\"/>\n"
            + "<memory type=\"rom\" start=\"0x0\" length=\"0x10\"/>\n</memory-map>\n"
        #expect(client.ask("qXfer:memory-map:read::0,1000") == "l" + expected)
        #expect(client.ask("qXfer:memory-map:read:x:0,1000")?.hasPrefix("E.") == true)
        #expect(client.ask("qSupported")?.contains("memory-map") == false)
        client.target.announcesMemoryMap = true
        #expect(client.ask("qSupported")?.contains(";qXfer:memory-map:read+") == true)
    }

    @Test func kindsOfWatchpointsAreTheTargets() {
        let client = Client().connect()
        #expect(client.ask("qSupported")?.contains(";SupportedWatchpointTypes=aarch64-bas,aarch64-mask") == true)
        client.target.watchpoints?.types = "x86_64"
        #expect(client.ask("qSupported")?.contains(";SupportedWatchpointTypes=x86_64") == true)
        client.target.watchpoints?.types = nil
        #expect(client.ask("qSupported")?.contains("SupportedWatchpointTypes") == false)
    }

    @Test func systemTablesComeWithATableOfThem() {
        let client = Client().connect()
        client.target.haveEverything()
        let types = client.ask("qXfer:osdata:read::0,1000") ?? ""
        #expect(
            types.hasPrefix(
                "l<?xml version=\"1.0\"?>\n<!DOCTYPE osdata SYSTEM \"osdata.dtd\">\n<osdata type=\"types\">"))
        #expect(
            types.contains(
                "<column name=\"Type\">cpus</column>\n<column name=\"Description\">all &lt;CPUs&gt;</column>"))
        var table = ""
        var reply = "m"
        while reply.hasPrefix("m") {
            reply = client.ask("qXfer:osdata:read:cpus:\(String(table.utf8.count, radix: 16)),11") ?? ""
            table += reply.dropFirst()
            client.target.systemTables[0].rows = []
        }
        #expect(table.contains("<column name=\"State\">&quot;off&quot;</column>\n</item>\n</osdata>"))
        // An error would have radare2 ask again without end; GDB says that the name may be wrong.
        #expect(client.ask("qXfer:osdata:read:foo:0,1000") == "l")
    }

    @Test func stepsHoldInterruptsAsQEMUHasIt() {
        let client = Client().connect()
        #expect(client.ask("qqemu.Supported") == "sstepbits;sstep")
        client.target.haveEverything()
        #expect(client.ask("qqemu.Supported") == "sstepbits;sstep;PhyMemMode")
        // QEMU takes both cases, and its tools write either.
        for letter in ["q", "Q"] {
            #expect(client.ask("\(letter)qemu.sstepbits") == "ENABLE=1,NOIRQ=2,NOTIMER=4")
            #expect(client.ask("\(letter)qemu.sstep") == "0x7")
        }
        #expect(client.ask("Qqemu.sstep=5") == "OK")
        #expect(client.ask("qqemu.sstep") == "0x5")
        #expect(client.ask("Qqemu.sstep=7") == "OK")
        #expect(client.target.log == ["hold false", "hold true"])
        for packet in ["Qqemu.sstep=0", "Qqemu.sstep=8", "Qqemu.sstep=6"] {
            #expect(client.ask(packet)?.hasPrefix("E.Qqemu.sstep takes") == true)
        }
    }

    @Test func addressesArePhysicalAsQEMUHasIt() {
        let client = Client().connect()
        client.target.haveEverything()
        #expect(client.ask("qqemu.PhyMemMode") == "0")
        #expect(client.ask("Qqemu.PhyMemMode:1") == "OK")
        #expect(client.ask("qqemu.PhyMemMode") == "1")
        client.target.nextError = .invalid("not now")
        #expect(client.ask("Qqemu.PhyMemMode:0") == "E.not now")
    }
}
