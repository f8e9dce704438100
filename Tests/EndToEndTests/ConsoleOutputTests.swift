import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Output of guests that print without end, or faster than it is read.
    @Suite(.traplineOnly("it is Trapline's own console"))
    struct ConsoleOutput {
        private func start(_ program: String, hold: Bool = false) throws -> VMUnderTest {
            let folder = try TemporaryFolder()
            return try VMUnderTest(.firmware(folder.writeFirmware(program)), hold: hold)
        }

        private func size(_ vm: VMUnderTest) -> Int {
            (try? FileManager.default.attributesOfItem(atPath: vm.folder.file("serial"))[.size] as? Int) ?? 0
        }

        @Test("a guest that prints without end can be attached to and stopped while other programs keep the host busy")
        func printingGuest() throws {
            let loops = try (0..<2).map { _ in try ChildProcess("/bin/sh", ["-c", "while :; do :; done"]) }
            let vm = try start(ConsoleGuest.endless)
            while size(vm) == 0 { usleep(10_000) }
            let client = try RSPClient(vm.endpoint)
            #expect(try client.ask("?").hasPrefix("T"))
            for _ in 0..<5 {
                try client.send("c")
                try client.send(raw: [3])
                #expect(try client.reply().hasPrefix("T02"))
            }
            withExtendedLifetime(loops) {}
        }

        @Test("console output is gathered: one system call writes many bytes", .notOnKVM(.hostProcess))
        func fewCalls() throws {
            let vm = try start(ConsoleGuest.endless)
            let deadline = ContinuousClock.now + .seconds(20)
            while size(vm) < 100_000, ContinuousClock.now < deadline { usleep(10_000) }
            // proc_pid_io(5).
            let text = try String(contentsOfFile: "/proc/\(vm.process.pid)/io", encoding: .utf8)
            let calls = try #require(text.firstMatch(of: /syscw: (\d+)/).flatMap { Int($0.1) })
            let bytes = size(vm)
            #expect(bytes > 10 * calls, "\(bytes) bytes in \(calls) calls")
        }

        @Test("what the guest has printed is in the file when a stop is reported, step by step")
        func completeAtStops() throws {
            let vm = try start(ConsoleGuest.endless, hold: true)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            for _ in 0..<2 { #expect(try client.ask("vCont;s").hasPrefix("T05")) }
            for printed in 1...50 {
                for _ in 0..<2 { #expect(try client.ask("vCont;s").hasPrefix("T05")) }
                #expect(size(vm) == printed)
            }
        }

        @Test(
            "a reader that begins late gets everything the guest printed before it powered off", .notOnKVM(.exitCount))
        func lateReader() throws {
            let folder = try TemporaryFolder()
            let firmware = try folder.writeFirmware(ConsoleGuest.printing(blocks: 4))
            let command = "'\(try VMUnderTest.program())' run -f '\(firmware)' | { sleep 1; wc -c; }"
            let result = try ChildProcess.run("/bin/sh", ["-c", command], limit: .seconds(30))
            #expect(result.text.trimmingCharacters(in: .whitespacesAndNewlines) == "262144")
        }

        @Test(
            "a FIFO that no process reads is refused at once as console and for the device tree", .notOnKVM(.hostFiles))
        func unreadFIFO() throws {
            let folder = try TemporaryFolder()
            let fifo = folder.file("fifo")
            #expect(mkfifo(fifo, 0o600) == 0)
            for options in [["--serial", "file:\(fifo)"], ["--serial", "none", "--dump-dtb", fifo]] {
                let process = try ChildProcess(
                    try VMUnderTest.program(), ["run", "-k", try GuestProgram.named("calls").path] + options)
                #expect(process.wait(limit: .seconds(10)) == .exited(1))
                _ = try process.readToEnd(limit: .seconds(5))
                #expect(process.text.contains(fifo) && process.text.contains("no process reads"), "\(process.text)")
            }
        }
    }
}
