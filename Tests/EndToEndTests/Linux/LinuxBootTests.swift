import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// Booting, running and ending without a debugger.
    @Suite(.serialized) struct Boots {
        /// Passes when the guest has that many CPUs, and each of them its interrupts.
        private func expectHealthy(_ guest: LinuxGuest, cpus: Int) throws {
            #expect(try guest.run("nproc") == "\(cpus)\n")
            let interrupts = try guest.run("cat /proc/interrupts")
            // The virtual timer ticks on every CPU; the first has the serial port's.
            let timer = try #require(
                interrupts.split(separator: "\n").first { $0.contains("arch_timer") }, "\(interrupts)")
            let counts = timer.split(separator: " ").dropFirst().prefix(cpus).compactMap { Int($0) }
            #expect(counts.count == cpus && counts.allSatisfy { $0 > 0 }, "\(interrupts)")
            #expect(interrupts.contains("uart-pl011") || interrupts.contains("ttyS0"), "\(interrupts)")
            #expect(interrupts.contains("Err:          0"), "\(interrupts)")
            try guest.expectNoComplaints()
            // The release is that of Debian's package, not of a local build.
            let release = try String(contentsOfFile: LinuxFiles.made.get().program("release"), encoding: .utf8)
            #expect(try guest.run("uname -r") == release)
        }

        @Test("Linux boots to a shell on the layout virt with four vCPUs")
        func virt() throws {
            let guest = try LinuxGuest.shared(.virt)
            try expectHealthy(guest, cpus: 4)
            // All four run at the same time, and a process that moves from one to the next sees time increase.
            let clocks = try guest.run("for n in 0 1 2 3; do taskset -c $n clock 200 & done; clock 400 4; wait")
            #expect(clocks.components(separatedBy: " rounds, 0 backwards").count == 6, "\(clocks)")
        }

        @Test("Linux boots to a shell on the layout kvmtool with one vCPU", .traplineOnly("QEMU has no such layout"))
        func kvmtool() throws {
            try expectHealthy(try LinuxGuest.shared(.kvmtool), cpus: 1)
        }

        @Test(
            "1 vCPU on virt, 4 on kvmtool: the guest runs what the command line says, and its poweroff is exit status 0",
            arguments: [(LinuxGuest.Layout.virt, 1), (.kvmtool, 4)])
        func scripted(layout: LinuxGuest.Layout, cpus: Int) throws {
            guard VMUnderTest.isTrapline || layout == .virt else { return print("QEMU has no layout \(layout)") }
            let guest = try LinuxGuest(
                layout: layout, cpus: cpus, parameters: "quiet trapline.run=\"nproc; cat /proc/interrupts; clock 100\"")
            let status = guest.vm.process.wait(limit: .seconds(150))
            #expect(status == .exited(0), "\(guest.vm.serial.suffix(2000)) \(guest.vm.errors)")
            let serial = guest.vm.serial.replacingOccurrences(of: "\r", with: "")
            #expect(serial.contains(", \(cpus) CPUs\n\(cpus)\n"), "\(serial.suffix(2000))")
            #expect(serial.contains("clock: 100 rounds, 0 backwards"), "\(serial.suffix(2000))")
            #expect(serial.contains("guest: exit status 0\n"), "\(serial.suffix(2000))")
        }

        @Test(
            "a kernel that finds no init panics: exit status 2, and its last words on standard error",
            .traplineOnly("QEMU goes on"))
        func panic() throws {
            let guest = try LinuxGuest(parameters: "quiet rdinit=/missing")
            #expect(guest.vm.process.wait(limit: .seconds(150)) == .exited(2), "\(guest.vm.serial.suffix(2000))")
            #expect(guest.vm.errors.contains("Kernel panic - not syncing"), "\(guest.vm.errors)")
            #expect(guest.vm.errors.contains("VFS: Unable to mount root fs"), "\(guest.vm.errors)")
        }

        @Test("several KB of pasted text arrive whole", arguments: LinuxGuest.Layout.allCases)
        func paste(layout: LinuxGuest.Layout) throws {
            guard VMUnderTest.isTrapline || layout == .virt else { return print("QEMU has no layout \(layout)") }
            let guest = try LinuxGuest.shared(layout)
            var random = SeededRandom(seed: SeededRandom.chosenSeed)
            let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,;")
            // Lines that a terminal in canonical mode takes whole, 16 KiB together; each character costs several exits
            // on KVM.
            let text = (0..<(VMUnderTest.isKVM ? 48 : 256)).map {
                "\($0) " + String((0..<60).map { _ in random.pick(letters) }) + "\n"
            }.joined()
            let typed = try guest.type("echo go; cat >/tmp/pasted")
            try guest.wait(for: "go", from: typed)
            try guest.press(text + "\u{4}")
            #expect(try guest.finish(typed).status == 0)
            #expect(try guest.run("wc -c </tmp/pasted") == "\(text.utf8.count)\n", random.comment)
            let folder = try TemporaryFolder()
            let file = try folder.write(Array(text.utf8), to: "text")
            let sum = try ChildProcess.run(Toolchain.onPath("sha256sum"), [file], limit: .seconds(10)).text.prefix(64)
            #expect(try guest.run("sha256sum </tmp/pasted").prefix(64) == sum, random.comment)
        }
    }
}
