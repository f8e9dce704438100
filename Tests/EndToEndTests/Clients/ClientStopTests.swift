import TestSupport
import Testing

extension EndToEnd {
    /// Stops that a client relies on, with every GDB and LLDB of the run.
    ///
    /// Only a hit that was reported to the client may be passed when the vCPU resumes. Any other breakpoint at the
    /// program counter stops at once, as GDB's own `gdb.base/sss-bp-on-user-bp.exp` demands.
    @Suite(.traplineOnly("QEMU serves as the reference for these when its tests are run by hand"))
    struct ClientStops {
        /// The addresses of the first instructions of the guest's row.
        private func row() throws -> [UInt64] {
            let start = try GuestProgram.named("stops").symbol("row")
            return (0..<8).map { start + 4 * $0 }
        }

        /// Runs a GDB script from the first instruction of the row on.
        private func gdb(
            _ client: DebuggerClient, _ script: (_ row: [UInt64]) -> String
        ) throws -> (VMUnderTest, row: [UInt64], GDBLog) {
            let vm = try VMUnderTest("stops")
            let row = try row()
            let log = try GDB.batch(
                program: client.program(), elf: GuestProgram.named("stops").path, remote: vm.endpoint,
                """
                tbreak row
                continue
                define where
                printf "@pc=%#lx\\n@done=%d\\n@round=%d\\n", $pc, $x0, round
                end
                \(script(row))
                """)
            #expect(log.succeeded, "\(log)")
            return (vm, row, log)
        }

        /// Runs LLDB commands from the first instruction of the row on.
        private func lldb(
            _ client: DebuggerClient, _ script: (_ row: [UInt64]) -> String
        ) throws -> (VMUnderTest, row: [UInt64], GDBLog) {
            let vm = try VMUnderTest("stops")
            let row = try row()
            let log = try LLDB.batch(
                program: client.program(), elf: GuestProgram.named("stops").path, remote: vm.endpoint,
                """
                breakpoint set --address \(row[0]) --one-shot true
                continue
                \(script(row))
                """)
            #expect(log.succeeded, "\(log)")
            return (vm, row, log)
        }

        private func repeated(_ lines: String, _ count: Int) -> String {
            Array(repeating: lines, count: count).joined(separator: "\n")
        }

        @Test(
            "breakpoints on adjacent instructions are each hit in every round, the one that a step ends at included",
            arguments: DebuggerClient.gdbs)
        func adjacentBreakpoints(client: DebuggerClient) throws {
            let (vm, row, log) = try gdb(client) { row in
                """
                break *\(row[1])
                break *\(row[2])
                break *\(row[3])
                stepi
                where
                \(repeated("continue\nwhere", 8))
                info breakpoints
                detach
                """
            }
            let stops = (0..<9).map { row[1 + $0 % 3] }
            #expect(log.values("pc") == stops && log.values("done") == (0..<9).map { 1 + $0 % 3 }, "\(log)")
            #expect(log.count("breakpoint already hit 3 times") == 3, "\(log)")
            try vm.waitForSerial("stops: total 8000 calls 0 exceptions 0\n")
        }

        @Test(
            "LLDB hits breakpoints on adjacent instructions in every round, the one that a step ends at included",
            arguments: DebuggerClient.lldbs)
        func adjacentBreakpointsInLLDB(client: DebuggerClient) throws {
            let (vm, row, log) = try lldb(client) { row in
                """
                breakpoint set --address \(row[1])
                breakpoint set --address \(row[2])
                breakpoint set --address \(row[3])
                thread step-inst
                \(repeated("continue", 8))
                breakpoint list
                detach
                """
            }
            var stops = log.frames.drop { $0 != row[1] }
            // A newer LLDB reports the end of the step and then the hit, when the vCPU resumes.
            if stops.count > 1, stops.first == stops.dropFirst().first { stops.removeFirst() }
            #expect(
                stops.count >= 8 && Array(stops) == stops.indices.map { row[1 + ($0 - stops.startIndex) % 3] }, "\(log)"
            )
            for (index, address) in row[1...3].enumerated() {
                #expect(log.hits(2 + index) == stops.count { $0 == address }, "breakpoint \(2 + index): \(log)")
            }
            try vm.waitForSerial("stops: total 8000 calls 0 exceptions 0\n")
        }

        @Test(
            "a breakpoint where the client puts the program counter is hit before its instruction",
            arguments: DebuggerClient.gdbs)
        func movedProgramCounter(client: DebuggerClient) throws {
            let (vm, row, log) = try gdb(client) { row in
                """
                break *\(row[2])
                set $pc = \(row[2])
                continue
                where
                break *\(row[5])
                jump *\(row[5])
                where
                delete
                tbreak *\(row[7])
                continue
                where
                detach
                """
            }
            #expect(log.values("pc") == [row[2], row[5], row[7]] && log.values("done") == [0, 0, 2], "\(log)")
            #expect(log.values("round") == [0, 0, 0], "\(log)")
            try vm.waitForSerial("stops: total 7995 calls 0 exceptions 0\n")
        }

        @Test(
            "a breakpoint inserted at the program counter costs no instruction and no later hit",
            arguments: DebuggerClient.gdbs)
        func breakpointAtProgramCounter(client: DebuggerClient) throws {
            let (vm, row, log) = try gdb(client) { _ in
                """
                stepi
                stepi
                break *$pc
                continue
                where
                continue
                where
                detach
                """
            }
            // GDB executes the instruction at which it says it stands before it inserts a breakpoint there.
            #expect(log.values("pc") == [row[2], row[2]] && log.values("round") == [1, 2], "\(log)")
            #expect(log.values("done") == [2, 2], "\(log)")
            try vm.waitForSerial("stops: total 8000 calls 0 exceptions 0\n")
        }

        @Test(
            "LLDB loses no hit of a breakpoint that it inserts at the program counter", arguments: DebuggerClient.lldbs)
        func breakpointAtProgramCounterInLLDB(client: DebuggerClient) throws {
            let (_, row, log) = try lldb(client) { row in
                """
                thread step-inst
                thread step-inst
                breakpoint set --address \(row[2])
                breakpoint set --address \(row[6])
                \(repeated("continue\nregister read x0", 5))
                breakpoint list
                detach
                """
            }
            var stops = log.frames.drop { $0 != row[2] }.dropFirst()
            #expect(stops.count == 5, "\(log)")
            // A newer LLDB expects the hit at once, an older one executes the instruction first.
            if stops.first == row[2] { stops.removeFirst() }
            #expect(Array(stops) == stops.indices.map { row[($0 - stops.startIndex) % 2 == 0 ? 6 : 2] }, "\(log)")
            #expect(log.registers("x0").suffix(4) == Array(stops.suffix(4)).map { ($0 - row[0]) / 4 }[...], "\(log)")
            let hits = log.frames.drop { $0 != row[2] }.dropFirst()
            #expect(log.hits(2) == hits.count { $0 == row[2] } && log.hits(3) == hits.count { $0 == row[6] }, "\(log)")
        }

        @Test(
            "functions of a guest whose entry point cannot be executed are called, and return to GDB",
            arguments: DebuggerClient.gdbs, EntryMapping.allCases)
        func calls(client: DebuggerClient, mapping: EntryMapping) throws {
            let vm = try VMUnderTest("stops")
            let log = try GDB.batch(
                program: client.program(), elf: GuestProgram.named("stops").path, remote: vm.endpoint,
                """
                set var entry_mapping = \(mapping.rawValue)
                tbreak row
                continue
                stepi 3
                printf "@value=%d\\n", twice(21)
                printf "@value=%d\\n", twice(twice(5))
                printf "@pc=%#lx\\n@done=%d\\n", $pc, $x0
                detach
                """)
            #expect(log.succeeded && log.values("value") == [42, 20], "\(log)")
            #expect(try log.value("pc") == row()[3] && log.value("done") == 3, "\(log)")
            try vm.waitForSerial("stops: total 8000 calls 3 exceptions 0\n")
        }

        @Test(
            "LLDB calls functions of a guest whose entry point cannot be executed, where it can call functions at all",
            arguments: DebuggerClient.lldbs)
        func callsInLLDB(client: DebuggerClient) throws {
            let vm = try VMUnderTest("stops")
            let log = try LLDB.batch(
                program: client.program(), elf: GuestProgram.named("stops").path, remote: vm.endpoint,
                stopsAtError: false,
                """
                breakpoint set --address \(row()[0]) --one-shot true
                continue
                frame select 1
                expression twice(21)
                expression twice(twice(5))
                detach
                """)
            if log.contains("Can't evaluate the expression without a running target") {
                print("\(client) calls no function: it does not interpret calls and has no memory for code of its own")
                try vm.waitForSerial("stops: total 8000 calls 0 exceptions 0\n")
            } else {
                #expect(log.results == ["42", "20"], "\(log)")
                try vm.waitForSerial("stops: total 8000 calls 3 exceptions 0\n")
            }
        }

        enum EntryMapping: Int, CaseIterable, Sendable {
            case executeNever = 1
            case unmapped = 2
        }
    }
}
