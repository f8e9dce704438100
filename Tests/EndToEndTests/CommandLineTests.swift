import Foundation
import TestSupport
import Testing

/// A command line that can't work, and what its one line on standard error has to name.
struct BadCommandLine: Sendable, CustomTestStringConvertible {
    var name: String
    /// `GUEST`, `EMPTY`, `CUT` and the like stand for files the test makes.
    var arguments: [String]
    var mentions: [String]

    var testDescription: String { name }

    static let all = [
        BadCommandLine(name: "nothing to boot", arguments: ["run"], mentions: ["-k", "-f"]),
        BadCommandLine(
            name: "missing kernel", arguments: ["run", "-k", "/nowhere/x.elf"], mentions: ["/nowhere/x.elf"]),
        BadCommandLine(name: "missing firmware", arguments: ["run", "-f", "/nowhere/fw"], mentions: ["/nowhere/fw"]),
        BadCommandLine(
            name: "missing initrd", arguments: ["run", "-k", "GUEST", "-i", "/nowhere/rd"], mentions: ["/nowhere/rd"]),
        BadCommandLine(name: "a folder as kernel", arguments: ["run", "-k", "FOLDER"], mentions: ["FOLDER"]),
        BadCommandLine(name: "an empty kernel", arguments: ["run", "-k", "EMPTY"], mentions: ["EMPTY"]),
        BadCommandLine(name: "no kernel at all", arguments: ["run", "-k", "TEXT"], mentions: ["TEXT"]),
        BadCommandLine(name: "an ELF of another machine", arguments: ["run", "-k", "FOREIGN"], mentions: ["FOREIGN"]),
        BadCommandLine(name: "a cut ELF", arguments: ["run", "-k", "CUT"], mentions: ["CUT"]),
        BadCommandLine(name: "firmware too large", arguments: ["run", "-f", "BIG"], mentions: ["BIG"]),
        BadCommandLine(
            name: "kernel larger than RAM", arguments: ["run", "-k", "IMAGE", "-m", "8M"], mentions: ["IMAGE"]),
        BadCommandLine(
            name: "a kernel for another machine", arguments: ["run", "-k", "BZIMAGE"], mentions: ["BZIMAGE", "x86"]),
        BadCommandLine(name: "a packed EFI kernel", arguments: ["run", "-k", "ZBOOT"], mentions: ["ZBOOT", "zboot"]),
        BadCommandLine(
            name: "initrd larger than RAM", arguments: ["run", "-k", "GUEST", "-i", "BIG", "-m", "64M"],
            mentions: ["BIG", "64 MiB"]),
        BadCommandLine(
            name: "no name of a disk", arguments: ["run", "-k", "GUEST", "-d", ""], mentions: ["-d", "FILE,ro"]),
        BadCommandLine(
            name: "a missing disk", arguments: ["run", "-k", "GUEST", "-d", "/nowhere/d"], mentions: ["/nowhere/d"]),
        BadCommandLine(
            name: "a folder as disk", arguments: ["run", "-k", "GUEST", "-d", "FOLDER"], mentions: ["FOLDER"]),
        BadCommandLine(
            name: "an empty disk", arguments: ["run", "-k", "GUEST", "--disk", "EMPTY,ro"], mentions: ["disk"]),
        BadCommandLine(
            name: "half a sector", arguments: ["run", "-k", "GUEST", "-d", "TEXT"], mentions: ["TEXT", "512"]),
        BadCommandLine(
            name: "a disk used twice", arguments: ["run", "-k", "GUEST", "-d", "BIG", "-d", "BIG"],
            mentions: ["BIG", "in use"]),
        BadCommandLine(
            name: "unknown network", arguments: ["run", "-k", "GUEST", "--net", "bogus"],
            mentions: ["bogus", "passt, tap:NAME or unix:PATH"]),
        BadCommandLine(
            name: "a network nobody serves", arguments: ["run", "-k", "GUEST", "--net", "unix:/nowhere/n"],
            mentions: ["/nowhere/n", "passt"]),
        BadCommandLine(
            name: "a tap that is none", arguments: ["run", "-k", "GUEST", "--net", "tap:lo"], mentions: ["tap:lo"]),
        BadCommandLine(
            name: "unknown console", arguments: ["run", "-k", "GUEST", "--console", "paper"], mentions: ["paper"]),
        BadCommandLine(
            name: "more vCPUs than kvmtool has",
            arguments: ["run", "-k", "GUEST", "--machine", "kvmtool", "-c", "124"],
            mentions: ["124", "kvmtool"]),
        BadCommandLine(name: "RAM too small", arguments: ["run", "-k", "GUEST", "-m", "1M"], mentions: []),
        BadCommandLine(name: "RAM of nothing", arguments: ["run", "-k", "GUEST", "-m", "0"], mentions: ["0"]),
        BadCommandLine(name: "RAM of words", arguments: ["run", "-k", "GUEST", "-m", "lots"], mentions: ["lots"]),
        BadCommandLine(
            name: "RAM of astronomy", arguments: ["run", "-k", "GUEST", "-m", "99999999999999999999G"],
            mentions: ["99999999999999999999G"]),
        BadCommandLine(
            name: "more RAM than there is", arguments: ["run", "-k", "GUEST", "-m", "60000G"], mentions: []),
        BadCommandLine(name: "no vCPU", arguments: ["run", "-k", "GUEST", "-c", "0"], mentions: ["0"]),
        BadCommandLine(name: "negative vCPUs", arguments: ["run", "-k", "GUEST", "-c", "-3"], mentions: ["-c"]),
        BadCommandLine(
            name: "too many vCPUs", arguments: ["run", "-k", "GUEST", "-c", "100000"], mentions: ["100000"]),
        BadCommandLine(
            name: "unknown option", arguments: ["run", "-k", "GUEST", "--frobnicate"], mentions: ["--frobnicate"]),
        BadCommandLine(name: "unknown command", arguments: ["frobnicate"], mentions: ["frobnicate"]),
        BadCommandLine(
            name: "unknown machine", arguments: ["run", "-k", "GUEST", "--machine", "pdp11"], mentions: ["pdp11"]),
        BadCommandLine(
            name: "unknown accelerator", arguments: ["run", "-k", "GUEST", "--accel", "warp"], mentions: ["warp"]),
        BadCommandLine(
            name: "bad serial", arguments: ["run", "-k", "GUEST", "--serial", "pigeon"], mentions: ["pigeon"]),
        BadCommandLine(
            name: "serial file in no folder", arguments: ["run", "-k", "GUEST", "--serial", "file:/nowhere/out"],
            mentions: ["/nowhere/out"]),
        BadCommandLine(name: "bad port", arguments: ["run", "-k", "GUEST", "--gdb", "99999"], mentions: ["99999"]),
        BadCommandLine(
            name: "port of words", arguments: ["run", "-k", "GUEST", "--gdb", "here:there"], mentions: ["here:there"]),
        BadCommandLine(name: "port in use", arguments: ["run", "-k", "GUEST", "--gdb", "PORT"], mentions: ["PORT"]),
        BadCommandLine(
            name: "socket in no folder", arguments: ["run", "-k", "GUEST", "--gdb", "unix:/nowhere/s"],
            mentions: ["/nowhere/s"]),
        BadCommandLine(
            name: "waiting for nobody", arguments: ["run", "-k", "GUEST", "--gdb-wait"], mentions: ["--gdb"]),
        BadCommandLine(
            name: "pipe and terminal at once", arguments: ["run", "-k", "GUEST", "--gdb", "-", "--serial", "stdio"],
            mentions: ["--serial"]),
    ]
}

extension EndToEnd {
    /// Errors and exit statuses of impossible command lines.
    @Suite(.traplineOnly("it is Trapline's own command line"), .notOnKVM(.commandLine))
    struct CommandLineErrors {
        @Test(
            "bad input gives one clear line on standard error and exit status 1, and leaves no file",
            arguments: BadCommandLine.all)
        func badInput(line: BadCommandLine) throws {
            let folder = try TemporaryFolder()
            let files = try TemporaryFolder()
            var names = [
                "GUEST": try GuestProgram.named("calls").path, "FOLDER": files.path,
                "EMPTY": try files.write([], to: "empty"),
                "TEXT": try files.write(Array("This is not a kernel.\n".utf8), to: "notes.txt"),
                "BIG": try files.write([], to: "big.bin"),
                "FOREIGN": CommandLine.arguments[0],
            ]
            // Larger than the flash it would go to, and no block of it on the disk.
            truncate(names["BIG"] ?? "", 80 << 20)
            let guest = try #require(FileManager.default.contents(atPath: names["GUEST"] ?? ""))
            names["CUT"] = try files.write(Array(guest.prefix(700)), to: "cut.elf")
            // An arm64 Image whose header asks for 64 MiB (Linux, Documentation/arch/arm64/booting.rst).
            var header = [UInt8](repeating: 0, count: 4096)
            header.replaceSubrange(0..<4, with: [0x00, 0x00, 0x00, 0x14])
            header[19] = 0x04
            header.replaceSubrange(56..<60, with: Array("ARM\u{64}".utf8))
            names["IMAGE"] = try files.write(header, to: "Image")
            // Linux for x86 (Documentation/arch/x86/boot.rst), and an EFI kernel that unpacks itself (zboot-header.S).
            names["BZIMAGE"] = try files.write([UInt8](repeating: 0, count: 0x202) + Array("HdrS".utf8), to: "bzImage")
            names["ZBOOT"] = try files.write(Array("MZ\0\0zimg".utf8), to: "vmlinuz.efi")
            // A port at which another process listens: a machine that waits.
            var holder: VMUnderTest?
            if line.arguments.contains("PORT") {
                let vm = try VMUnderTest("forever")
                names["PORT"] = String(vm.endpoint.split(separator: ":").last ?? "")
                holder = vm
            }
            let arguments = line.arguments.map { names[$0] ?? $0 }
            let errors = folder.file("errors")
            let process = try ChildProcess(
                try VMUnderTest.program(), arguments, standardOutput: .file(folder.file("output")),
                standardError: .file(errors))
            process.closeInput()
            let status = process.wait(limit: .seconds(10))
            let text = try String(contentsOfFile: errors, encoding: .utf8)
            #expect(status == .exited(1), "\(text)")
            #expect(text.hasSuffix("\n") && text.filter { $0 == "\n" }.count == 1 && text.count > 20, "\(text)")
            for mention in line.mentions { #expect(text.contains(names[mention] ?? mention), "\(text)") }
            #expect(Set(folder.contents) == ["output", "errors"])
            #expect(try String(contentsOfFile: folder.file("output"), encoding: .utf8).isEmpty)
            withExtendedLifetime(holder) {}
        }

        @Test("the error about a missing passt names the package to install")
        func missingPasst() throws {
            let result = try ChildProcess.run(
                "/usr/bin/env",
                [
                    "PATH=/nowhere", VMUnderTest.program(), "run", "-k", GuestProgram.named("calls").path, "--net",
                    "passt",
                ],
                limit: .seconds(10))
            #expect(result.status == .exited(1))
            #expect(result.text == "trapline: --net passt: passt is not installed: apt-get install passt\n")
        }

        @Test("more RAM than the host has is refused instead of killed for later")
        func moreThanTheHost() throws {
            let host = UInt64(sysconf(Int32(_SC_PHYS_PAGES))) * UInt64(sysconf(Int32(_SC_PAGESIZE)))
            // The layout has room for 255 GiB; swap is small beside RAM.
            guard host < 100 << 30 else { return }
            let result = try ChildProcess.run(
                VMUnderTest.program(), ["run", "-k", GuestProgram.named("calls").path, "-m", "255G"],
                limit: .seconds(10))
            #expect(result.status == .exited(1))
            #expect(result.text.contains("255 GiB") && result.text.contains("swap"), "\(result.text)")
        }

        @Test("a Unix socket's file is gone after the end, and an old one in the way is not a machine's doom")
        func socketFile() throws {
            for _ in 0..<2 {
                let vm = try VMUnderTest("calls", endpoint: .unixSocket)
                let log = try vm.gdb("calls", "tbreak main\ncontinue\ndetach")
                #expect(log.succeeded, "\(log)")
                #expect(vm.process.wait(limit: .seconds(5)) == .exited(0))
                #expect(!vm.folder.contents.contains("gdb"))
            }
        }

        @Test(
            "SIGTERM and SIGINT end a machine at once, held or running", arguments: [SIGTERM, SIGINT], [true, false])
        func signals(signal: Int32, hold: Bool) throws {
            let vm = try VMUnderTest(.program(try .named("forever")), hold: hold, endpoint: .unixSocket)
            if !hold { try vm.waitForSerial("tick 1\n") }
            vm.process.signal(signal)
            #expect(vm.process.wait(limit: .seconds(5)) != nil)
            #expect(Patience.eventually { !vm.folder.contents.contains("gdb") })
        }

        @Test("doctor says which accelerators and debuggers work, and --help and --version are no errors")
        func doctor() throws {
            let trapline = try VMUnderTest.program()
            let doctor = try ChildProcess.run(trapline, ["doctor"], limit: .seconds(30))
            #expect(doctor.status == .exited(0) && doctor.text.lowercased().contains("software"), "\(doctor.text)")
            #expect(doctor.text.contains("gdb-multiarch") && doctor.text.lowercased().contains("kvm"), "\(doctor.text)")
            for arguments in [["--help"], ["run", "--help"], ["--version"]] {
                let result = try ChildProcess.run(trapline, arguments, limit: .seconds(10))
                #expect(result.status == .exited(0) && !result.text.isEmpty, "\(result.text)")
            }
        }
    }

    /// The ways a debugger reaches the stub.
    @Suite(.traplineOnly("they are Trapline's own options"))
    struct Transports {
        @Test("a Unix socket serves GDB, and the next one", .notOnKVM(.hostFiles))
        func unixSocket() throws {
            let vm = try VMUnderTest(.program(try .named("forever")), hold: false, endpoint: .unixSocket)
            for _ in 0..<3 {
                let log = try vm.gdb("forever", "tbreak hot\ncontinue\nbt\ndetach")
                #expect(log.succeeded && log.contains("hot ()"), "\(log)")
            }
        }

        @Test("target remote | trapline run --gdb - speaks through the pipe, and ends with GDB")
        func pipe() throws {
            let folder = try TemporaryFolder()
            let serial = folder.file("serial")
            let guest = try GuestProgram.named("calls")
            let command =
                "exec \(try VMUnderTest.program()) run -k \(guest.path) --gdb - --gdb-wait --serial file:\(serial)"
            let log = try GDB.batch(
                elf: guest.path,
                """
                target remote | \(command)
                tbreak add
                continue
                printf "@b=%d\\n", b
                watch calls
                continue
                delete
                continue
                """)
            #expect(log.value("b") == 0 && log.contains("New value = 1"), "\(log)")
            #expect(log.contains("exited normally"), "\(log)")
            #expect(try String(contentsOfFile: serial, encoding: .utf8).contains("sum 4950"))
        }

        @Test(
            "the printed line is ready to paste, and the port is on the loopback address only",
            .notOnKVM(.connectionOrigin))
        func printedLine() throws {
            let vm = try VMUnderTest("forever", hold: false)
            #expect(vm.errors.contains("target remote 127.0.0.1:"), "\(vm.errors)")
            #expect(vm.errors.filter { $0 == "\n" }.count == 1, "\(vm.errors)")
        }

        @Test("the serial port on standard output and input echoes what is typed to a guest that reads")
        func bootsOnStandardOutput() throws {
            let process = try ChildProcess(
                try VMUnderTest.program(), ["run", "-k", try GuestProgram.named("calls").path, "--machine", "virt"])
            process.closeInput()
            #expect(try process.readToEnd(limit: .seconds(10)))
            #expect(process.wait(limit: .seconds(5)) == .exited(0))
            #expect(process.text.contains("calls: sum 4950 fib 55 straight 664 calls 100"), "\(process.text)")
        }
    }
}
