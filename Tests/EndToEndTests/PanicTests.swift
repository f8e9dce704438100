import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// The end of a guest whose kernel panics; the guest prints what Linux does.
    @Suite(.traplineOnly("QEMU doesn't look at the console"))
    struct Panic {
        /// Runs the guest with some letters typed; what it and the machine have said, and the status.
        private func run(typing commands: String) throws -> (status: ProcessStatus?, output: String, errors: String) {
            let folder = try TemporaryFolder()
            let process = try ChildProcess(
                VMUnderTest.program(), ["run", "-k", GuestProgram.named("commands").path],
                standardOutput: .file(folder.file("output")), standardError: .file(folder.file("errors")))
            try process.write(commands)
            let status = process.wait(limit: .seconds(20))
            let text = { (name: String) in try String(contentsOfFile: folder.file(name), encoding: .utf8) }
            return try (status, text("output"), text("errors"))
        }

        @Test("the run ends with status 2, the reason and the last lines of the console")
        func ends() throws {
            let (status, output, errors) = try run(typing: "xp")
            #expect(status == .exited(2))
            #expect(output.hasSuffix("---[ end Kernel panic - not syncing: No working init found. ]---\r\n"))
            #expect(
                errors == """
                    trapline: the guest's kernel panicked: No working init found.
                    the last lines of its console:
                        commands: ready
                        commands: what?
                        [    1.000001][    T1] Kernel panic - not syncing: No working init found.
                        [    1.000002][    T1] CPU: 0 PID: 1 Comm: swapper/0 Not tainted
                        [    1.000003][    T1] ---[ end Kernel panic - not syncing: No working init found. ]---

                    """)
        }

        @Test("a reset that a panic asks for ends the run, too, instead of starting for ever")
        func reset() throws {
            let (status, output, errors) = try run(typing: "n")
            #expect(status == .exited(2))
            #expect(output.components(separatedBy: "commands: ready").count == 2, "\(output)")
            #expect(errors.hasPrefix("trapline: the guest's kernel panicked and asked for a restart: No working init"))
        }

        @Test(
            "a reset without a panic restarts the guest, also where the report of another panic was shown",
            arguments: ["r", "m"])
        func restart(command: String) throws {
            let (status, output, errors) = try run(typing: command + "r" + command + "q")
            #expect(status == .exited(0) && errors.isEmpty, "\(errors)")
            #expect(output.components(separatedBy: "commands: ready").count == 5, "\(output)")
        }

        @Test("with a debugger attached the machine continues, and stays when the debugger has detached")
        func debugged() throws {
            let vm = try VMUnderTest(.program(try .named("commands")), typing: true)
            let debugger = try ChildProcess(
                Toolchain.onPath("gdb-multiarch"),
                ["-nx", "-q", "-ex", "set confirm off", "-ex", "target remote \(vm.endpoint)", "-ex", "continue"])
            try vm.waitForSerial("commands: ready")
            try vm.process.write("p")
            try vm.waitForSerial("---[ end Kernel panic")
            usleep(300_000)
            #expect(vm.process.isRunning)
            debugger.end()
            let log = try vm.gdb("commands", "bt\ndetach")
            #expect(log.succeeded && log.contains("dead ()"), "\(log)")
            usleep(100_000)
            #expect(vm.process.isRunning && !vm.errors.contains("panicked"), "\(vm.errors)")
            // A reset clears the panic: the guest's next one is like any other.
            #expect(try vm.gdb("commands", "monitor reset\ndetach").succeeded)
            try vm.process.write("rq")
            #expect(vm.process.wait(limit: .seconds(20)) == .exited(0))
        }
    }
}
