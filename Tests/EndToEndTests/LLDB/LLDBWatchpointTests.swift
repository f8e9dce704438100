import TestSupport
import Testing

extension EndToEnd {
    /// LLDB's watchpoints of every size and kind, with adjacent bytes that are accessed first.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBWatchpoints {
        /// The argument of `watchpoint set --watch`, and the functions of the guest `watch` that stop for it.
        enum Kind: String, CaseIterable, CustomTestStringConvertible {
            case write
            case read
            case readWrite = "read_write"

            var accesses: [String] { self == .readWrite ? ["write", "read"] : [rawValue] }
            var testDescription: String { rawValue }
        }

        private let ready = "breakpoint set --name ready --one-shot true\ncontinue"

        /// The functions in which the guest stopped for a watchpoint, with the watchpoint's number.
        private func stops(_ log: GDBLog) -> [String] {
            log.text.matches(of: /stop reason = watchpoint (\d+)\n +frame #0: \S+ \S+?`(\w+)/)
                .map { "\($0.1) \($0.2)" }
        }

        @Test("1, 2, 4 and 8 bytes stop at their own accesses, in the program's order", arguments: Kind.allCases)
        func sizes(kind: Kind) throws {
            let vm = try VMUnderTest("watch")
            let values = [(1, "one"), (2, "two"), (4, "four"), (8, "eight")]
            let sets = values.map { size, name in
                "watchpoint set expression --size \(size) --watch \(kind.rawValue) -- &\(name).value"
            }
            let expected = kind.accesses.flatMap { access in
                values.enumerated().map { "\($0.offset + 1) \(access)_\($0.element.1)" }
            }
            let log = try vm.lldb(
                "watch",
                """
                \(ready)
                \(sets.joined(separator: "\n"))
                \(Array(repeating: "continue", count: expected.count).joined(separator: "\n"))
                watchpoint list --brief
                continue
                """)
            #expect(log.succeeded && stops(log) == expected, "\(log)")
            #expect(log.contains("exited with status = 0"), "\(log)")
        }

        @Test("four bytes across a doubleword stop at the access that crosses it", arguments: Kind.allCases)
        func unaligned(kind: Kind) throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.lldb(
                "watch",
                """
                \(ready)
                watchpoint set expression --size 4 --watch \(kind.rawValue) -- (char *)bytes + 5
                \(kind.accesses.map { _ in "continue" }.joined(separator: "\n"))
                memory read --size 4 --format x --count 1 `(char *)bytes + 5`
                continue
                """)
            #expect(log.succeeded && stops(log) == kind.accesses.map { "1 \($0)_unaligned" }, "\(log)")
            #expect(log.contains(": 0x55667788\n") && log.contains("exited with status = 0"), "\(log)")
        }

        @Test("accesses that begin below the watched bytes stop as well: STP, LDP, DC ZVA")
        func wideAccesses() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.lldb(
                "watch",
                """
                \(ready)
                watchpoint set expression --size 8 --watch write -- &pairs[3]
                watchpoint set expression --size 8 --watch read -- &pairs[5]
                watchpoint set expression --size 1 --watch read_write -- &lines[64 + 20]
                continue
                continue
                continue
                continue
                """)
            #expect(log.succeeded && stops(log) == ["1 write_pair", "2 read_pair", "3 zero_line"], "\(log)")
            #expect(log.contains("exited with status = 0"), "\(log)")
        }

        @Test("a watchpoint on the word of an exclusive loop lets the loop end")
        func exclusiveLoop() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.lldb(
                "watch",
                """
                \(ready)
                watchpoint set expression --size 8 --watch write -- &pairs[6]
                continue
                continue
                """)
            #expect(log.succeeded && stops(log).first == "1 exclusive", "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.hasSuffix("watch: end\n"), "\(log)")
        }

        @Test("conditions, ignore counts, disabling and deleting take effect")
        func conditions() throws {
            let vm = try VMUnderTest("calls")
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --name loop --one-shot true
                continue
                watchpoint set variable calls
                watchpoint ignore --ignore-count 10 1
                continue
                expression calls
                watchpoint modify --condition 'calls == 42'
                continue
                expression calls
                watchpoint disable 1
                breakpoint set --name fib --one-shot true
                continue
                watchpoint delete 1
                continue
                """)
            #expect(log.succeeded && log.results == ["11", "42"], "\(log)")
            #expect(log.count("stop reason = watchpoint 1") == 2, "\(log)")
            #expect(log.contains("exited with status = 0") && vm.serial.contains("calls 100\n"), "\(log)")
        }

        @Test("one beyond the last address is refused, with the reason in last-error, and nothing is left of it")
        func refused() throws {
            let vm = try VMUnderTest("watch")
            let log = try vm.lldb(
                "watch", stopsAtError: false,
                """
                watchpoint set expression --size 8 --watch write -- 0xfffffffffffffffc
                process plugin packet monitor last-error
                watchpoint list
                continue
                """)
            #expect(log.contains("error: Watchpoint creation failed (addr=0xfffffffffffffffc, size=8)"), "\(log)")
            #expect(log.contains("8 bytes reach beyond the last address"), "\(log)")
            #expect(log.contains("No watchpoints currently set") && log.contains("exited with status = 0"), "\(log)")
        }

        @Test("one more than the processor has registers is refused, and the others stop", .kvmOnly(.debugRegisters))
        func tooMany() throws {
            let vm = try VMUnderTest("watch")
            let client = try RSPClient(vm.endpoint)
            let reply = try client.ask("qWatchpointSupportInfo:")
            let count = try #require(reply.firstMatch(of: /num:(\d+);/).flatMap { Int($0.1) }, "\(reply)")
            client.close()
            let second = try VMUnderTest("watch")
            let log = try second.lldb(
                "watch", stopsAtError: false,
                """
                \(ready)
                watchpoint set expression --size 1 --watch write -- &one.value
                \((0..<count).map { "watchpoint set expression --size 8 -- &big.before[\($0 % 8)]" }.joined(separator: "\n"))
                process plugin packet monitor last-error
                continue
                watchpoint delete
                continue
                """)
            #expect(log.count("Watchpoint created") == count && log.count("Watchpoint creation failed") == 1, "\(log)")
            #expect(stops(log) == ["1 write_one"] && log.contains("exited with status = 0"), "\(log)")
        }
    }
}
