import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Connections to the debug port by other programs than debuggers, or by other users.
    @Suite(
        .traplineOnly("QEMU stops the guest for every connection"),
        .notOnKVM("the port is the host's, and the debugger's connection comes from outside it"))
    struct Admission {
        private func ticks(_ vm: VMUnderTest) -> Int { vm.serial.components(separatedBy: "tick ").count - 1 }

        private func expectRunning(_ vm: VMUnderTest) throws {
            let before = ticks(vm)
            try vm.waitForSerial("two more ticks after \(before)") { _ in ticks(vm) >= before + 2 }
        }

        /// Packets that would do harm: a write to the guest's code, a reset, the end.
        private static let packets = ["M40080000,4:00000000", "qRcmd,7265736574", "k"].map { packet in
            "$\(packet)#" + RSPClient.hex([packet.utf8.reduce(0) { $0 &+ $1 }])
        }.joined()

        private static let page =
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:1234\r\nContent-Type: text/plain\r\n"
            + "sec-ch-ua: \"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\n\r\n" + packets

        static let strangers: [(name: String, bytes: [UInt8])] = [
            ("a web page's request", Array("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)),
            ("a web page's form with packets in it", Array(page.utf8)),
            ("a TLS hello", [0x16, 0x03, 0x01, 0x00, 0xA5, 0x01, 0x00, 0x00, 0xA1, 0x03, 0x03] + Array(packets.utf8)),
            ("an SSH client", Array("SSH-2.0-OpenSSH_9.2\r\n\(packets)".utf8)),
            ("a remote desktop's client", [0x03, 0x00, 0x00, 0x13] + Array(packets.utf8)),
            ("a plus sign and a request", Array("+GET / HTTP/1.1\r\n\(packets)".utf8)),
        ]

        @Test("a connection that does not begin as a debugger's does is closed, and nothing in it is executed")
        func strangers() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            for (name, bytes) in Self.strangers {
                let client = try RSPClient(vm.endpoint)
                try client.send(raw: bytes)
                #expect(client.isClosed(within: .seconds(10)), "\(name)")
            }
            #expect(vm.process.isRunning)
            try expectRunning(vm)
            // No reset: the ticks have gone up by one each time.
            #expect(vm.serial.components(separatedBy: "tick 1\n").count == 2)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let start = try GuestProgram.named("forever").symbol("_start")
            #expect(try client.ask("m\(String(start, radix: 16)),4") != "00000000")
            #expect(try client.ask("D") == "OK")
            #expect(vm.errors.contains("not begin as a debugger"), "\(vm.errors)")
        }

        @Test("a silent connection neither stops the guest nor keeps a debugger out")
        func silence() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let silent = try (0..<20).map { _ in try RSPClient(vm.endpoint) }
            try expectRunning(vm)
            let log = try vm.gdb("forever", "tbreak hot\ncontinue\nbt\ndetach")
            #expect(log.succeeded && log.contains("hot ()"), "\(log)")
            try expectRunning(vm)
            withExtendedLifetime(silent) {}
        }

        @Test("with --gdb-wait the guest is held until a debugger resumes it, whatever else connects")
        func probesOfAHeldGuest() throws {
            let vm = try VMUnderTest("forever", hold: true)
            for round in 0..<6 {
                let probe = try RSPClient(vm.endpoint)
                switch round % 3 {
                case 0: break
                case 1: try probe.send(raw: Array("GET / HTTP/1.1\r\n\r\n".utf8))
                default: usleep(20_000)
                }
                if round % 2 == 0 { probe.close() } else { probe.reset() }
            }
            usleep(500_000)
            #expect(vm.serial.isEmpty)
            let client = try RSPClient(vm.endpoint)
            let start = try GuestProgram.named("forever").symbol("_start")
            try client.introduce()
            #expect(try client.programCounter() == start)
            #expect(try client.ask("D") == "OK")
            try vm.waitForSerial("tick 1\n")
        }

        @Test("a client that comes right after the last one was lost is served")
        func reconnection() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            for round in 0..<40 {
                let client = try RSPClient(vm.endpoint)
                #expect(try client.ask("?").hasPrefix("T"), "round \(round)")
                try client.send("c")
                if round % 2 == 0 { client.close() } else { client.reset() }
            }
        }

        /// The port's answer to a shell of another user: the acknowledgment of its packet, or nothing.
        private func answer(toUser user: Int, from endpoint: String) throws -> String {
            let port = endpoint.split(separator: ":").last ?? ""
            let script = """
                exec 3<>/dev/tcp/127.0.0.1/\(port) && printf '$?#3f' >&3 && read -r -t 20 -n 1 byte <&3
                echo "answer: $byte"
                """
            let arguments = [
                "--reuid", "\(user)", "--regid", "\(user)", "--clear-groups", "--", "/bin/bash", "-c", script,
            ]
            return try ChildProcess.run(Toolchain.onPath("setpriv"), arguments, limit: .seconds(30)).text
        }

        @Test(
            "another user's client is refused with a line, unless an option admits every user; root's is not refused",
            .enabled(if: geteuid() == 0, "only root can start a client as another user"))
        func otherUsers() throws {
            let vm = try VMUnderTest("forever", hold: false)
            #expect(try answer(toUser: 65534, from: vm.endpoint).hasSuffix("answer: \n"))
            #expect(vm.errors.contains("uid 65534") && vm.errors.contains("--gdb-any-user"), "\(vm.errors)")
            #expect(try answer(toUser: 0, from: vm.endpoint) == "answer: +\n")
            let open = try VMUnderTest(.program(.named("forever")), hold: false, options: ["--gdb-any-user"])
            #expect(try answer(toUser: 65534, from: open.endpoint) == "answer: +\n")
        }

        @Test("an address that other hosts can reach is reported as open, and the loopback address is not")
        func openAddress() throws {
            for (address, isOpen) in [("0.0.0.0:0", true), ("127.0.0.1:0", false)] {
                let process = try ChildProcess(
                    try VMUnderTest.program(),
                    ["run", "-k", try GuestProgram.named("forever").path, "--serial", "none", "--gdb", address])
                try process.readOutput(until: { $0.contains("target remote") }, limit: .seconds(20))
                if isOpen { try process.readOutput(until: { $0.contains("open to every") }, limit: .seconds(20)) }
                usleep(100_000)
                process.signal(SIGTERM)
                _ = try process.readToEnd(limit: .seconds(10))
                #expect(process.text.contains("open to every client") == isOpen, "\(process.text)")
            }
        }

        @Test(
            "a machine that ends leaves a Unix socket alone that another one has bound at the path since",
            arguments: [["--serial", "none", "--gdb"], ["--gdb", "0", "--serial"]])
        func socketOfAnother(options: [String]) throws {
            let folder = try TemporaryFolder()
            let path = folder.file("socket")
            func start() throws -> ChildProcess {
                let process = try ChildProcess(
                    try VMUnderTest.program(),
                    ["run", "-k", try GuestProgram.named("forever").path] + options + ["unix:\(path)"])
                try process.readOutput(until: { $0.contains("target remote") }, limit: .seconds(20))
                return process
            }
            let first = try start()
            try FileManager.default.removeItem(atPath: path)
            let second = try start()
            first.signal(SIGTERM)
            #expect(first.wait(limit: .seconds(10)) == .signalled(SIGTERM))
            usleep(20_000)
            #expect(FileManager.default.fileExists(atPath: path))
            _ = try RSPClient(path)
            second.signal(SIGTERM)
            #expect(second.wait(limit: .seconds(10)) == .signalled(SIGTERM))
            usleep(20_000)
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        /// Processor time of the thread that serves the debugger, in clock ticks.
        private func servingTime(_ vm: VMUnderTest) throws -> Int {
            let pid = vm.process.pid
            let text = try String(contentsOfFile: "/proc/\(pid)/task/\(pid)/stat", encoding: .utf8)
            let fields = try #require(text.components(separatedBy: ") ").last).split(separator: " ")
            return (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
        }

        @Test(
            "without free descriptors a waiting connection costs no processor time, and is served once there are some")
        func noDescriptors() throws {
            let vm = try VMUnderTest("forever", hold: false)
            try vm.waitForSerial("tick 1\n")
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(vm.process.pid)/fd").compactMap {
                Int($0)
            }
            let firstFree = (0...).first { !open.contains($0) } ?? open.count
            let prlimit = try Toolchain.onPath("prlimit")
            func limit(_ count: Int) throws {
                let result = try ChildProcess.run(
                    prlimit, ["--pid", "\(vm.process.pid)", "--nofile=\(count):1024"], limit: .seconds(10))
                #expect(result.status == .exited(0), "\(result.text)")
            }
            try limit(firstFree)
            let client = try RSPClient(vm.endpoint)
            try client.send("?")
            let before = try servingTime(vm)
            usleep(2_000_000)
            let spent = try servingTime(vm) - before
            #expect(spent < 20, "\(spent) of 200 ticks")
            try expectRunning(vm)
            try limit(1024)
            #expect(try client.reply().hasPrefix("T"))
        }

        @Test(
            "Ctrl-C gets through to a guest whose breakpoints print more than the client reads, and little is left to read"
        )
        func flood() throws {
            let folder = try TemporaryFolder()
            let vm = try VMUnderTest(.firmware(ConsoleGuest.firmware(ConsoleGuest.endless, in: folder)))
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            #expect(try client.ask("QStartNoAckMode") == "OK")
            client.acknowledges = false
            // printf("hello %d\n", 1): GDB manual, "Agent Expressions", `printf`.
            let format = "68656c6c6f2025640a00"
            let program = "260001" + "2200" + "2200" + "3401" + "000a" + format + "27"
            let point = String(ConsoleGuest.store, radix: 16)
            #expect(try client.ask("Z0,\(point),4;cmds:0,X\(String(program.count / 2, radix: 16)),\(program)") == "OK")
            try client.send("c")
            usleep(1_500_000)
            try client.send(raw: [3])
            usleep(500_000)
            var (count, tail): (Int, String) = (0, "")
            while !tail.contains("$T02") {
                let bytes = try #require(try client.rawBytes(limit: .seconds(20)))
                count += bytes.count
                tail = String((tail + String(decoding: bytes, as: UTF8.self)).suffix(70_000))
                guard count < 20_000_000 else { break }
            }
            #expect(count > 10_000 && count < 1_000_000, "\(count) bytes")
        }
    }
}
