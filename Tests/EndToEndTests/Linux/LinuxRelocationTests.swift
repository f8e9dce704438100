import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// A kernel that has moved itself (KASLR) and therefore unmaps itself at EL0 (KPTI), on the larger processor.
    @Suite(
        .serialized, .traplineOnly("QEMU takes no seed, and reads no kernel memory at EL0"),
        .notOnKVM(.processorModel))
    struct Relocation {
        /// A machine whose kernel moves itself to the same place each time.
        private func relocated(hold: Bool = false) throws -> LinuxGuest {
            try LinuxGuest(
                cpus: 2, parameters: "quiet trapline.modules=no", hold: hold,
                options: ["--cpu", "max", "--kaslr-seed", "0x123456789abcdef"])
        }

        /// Where a kernel has what the tests stop at.
        private struct Places: Equatable {
            var startKernel, restInit, getppid, nanosleep: UInt64

            init(_ guest: LinuxGuest) throws {
                let addresses = try guest.kernelSymbols([
                    "start_kernel", "rest_init", "__arm64_sys_getppid", "__arm64_sys_nanosleep",
                ])
                (startKernel, restInit) = (addresses[0], addresses[1])
                (getppid, nanosleep) = (addresses[2], addresses[3])
            }

            var all: [UInt64] { [startKernel, restInit, getppid, nanosleep] }
        }

        private func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

        @Test("breakpoints set before the first instruction hold through KASLR, and EL0 under KPTI reads the kernel")
        func fromTheFirstInstructionToEL0() throws {
            let linked = try Places(LinuxGuest.shared(.virt))
            let places = try Places(relocated())
            // All of the kernel has moved, by whole 64 KiB (KASLR keeps the alignment of the kernel's segments).
            let slide = places.getppid &- linked.getppid
            #expect(slide != 0 && slide % 0x10000 == 0, "\(hex(slide))")
            #expect(zip(places.all, linked.all).allSatisfy { $0 &- $1 == slide }, "\(places) \(linked)")

            let guest = try relocated(hold: true)
            let boot = try GDB.batch(remote: guest.vm.endpoint, limit: .seconds(150), throughTheBoot(places))
            try expectBoot(boot, places)

            // The kernel is at the same place, on the processor that was asked for.
            try guest.waitForShell()
            #expect(try Places(guest) == places)
            try expectProcessor(guest)
            try guest.run("loop 1000000 & true")
            let process = try GDB.batch(
                elf: LinuxFiles.made.get().program("loop"), remote: guest.vm.endpoint, limit: .seconds(60),
                inAProcess(places))
            try expectProcess(process, places)
            try guest.run("kill -KILL $!; wait $! || true")
            try guest.expectNoComplaints()
        }

        // MARK: From the first instruction to the first process

        /// The shell that is the first process asks for its parent, and from there it is back at EL0.
        private func throughTheBoot(_ places: Places) -> String {
            """
            printf "@pc=%#lx\\n", $pc
            hbreak *\(hex(places.startKernel))
            break *\(hex(places.restInit))
            break *\(hex(places.getppid))
            continue
            printf "@pc=%#lx\\n", $pc
            continue
            printf "@pc=%#lx\\n", $pc
            continue
            printf "@pc=%#lx\\n", $pc
            \(GDB.show("cpsr", "$cpsr"))
            printf "@table=%#lx\\n", (unsigned long) $TTBR1_EL1
            \(words(places.getppid))
            delete
            tbreak *(unsigned long) $ELR_EL1
            continue
            \(GDB.show("cpsr", "$cpsr"))
            printf "@table=%#lx\\n", (unsigned long) $TTBR1_EL1
            \(words(places.getppid))
            x/4i \(hex(places.getppid))
            monitor translate \(hex(places.getppid))
            printf "@sp=%#lx\\n", $sp
            x/gx $sp
            x/2i $pc
            detach
            """
        }

        /// The first four instructions at an address, as numbers.
        private func words(_ address: UInt64) -> String {
            (0..<UInt64(4)).map { "printf \"@word=%#x\\n\", *(unsigned int *) \(hex(address + 4 * $0))" }
                .joined(separator: "\n")
        }

        private func expectBoot(_ log: GDBLog, _ places: Places) throws {
            try #require(log.succeeded, "\(log)")
            let stops = log.values("pc")
            #expect(stops.dropFirst() == [places.startKernel, places.restInit, places.getppid], "\(log)")
            #expect(try #require(stops.first) < 1 << 40, "the first instruction runs at a physical address")
            #expect(log.values("cpsr").map { $0 >> 2 & 3 } == [1, 0], "\(log)")
            expectKernel(log, at: places.getppid)
            let stack = try #require(log.value("sp"), "\(log)")
            #expect(stack < 1 << 48 && log.contains("\n\(hex(stack)):\t0x"), "the process's stack is not read: \(log)")
            // Linux marks the tables of EL0 by an odd ASID (arch/arm64/include/asm/mmu.h, USER_ASID_FLAG).
            let tables = log.values("table")
            try #require(tables.count == 2, "\(log)")
            #expect(tables[1] >> 48 == tables[0] >> 48 | 1 && tables[0] >> 48 & 1 == 0, "\(log)")
            #expect(tables[1] << 16 != tables[0] << 16, "the kernel is not unmapped: \(log)")
            #expect(log.contains("by the kernel's table last seen in TTBR1_EL1: \(hex(tables[0]))\n"), "\(log)")
        }

        /// Passes when the same code was read at EL1 and at EL0, and `x/4i` could show it.
        private func expectKernel(_ log: GDBLog, at address: UInt64) {
            let words = log.values("word")
            #expect(words.count == 8 && words.prefix(4) == words.suffix(4) && Set(words).count > 1, "\(log)")
            for number in 0..<UInt64(4) { #expect(log.count("   \(hex(address + 4 * number)):\t") == 1, "\(log)") }
        }

        // MARK: The running system

        private func expectProcessor(_ guest: LinuxGuest) throws {
            let release = try String(contentsOfFile: LinuxFiles.made.get().program("release"), encoding: .utf8)
            #expect(try guest.run("uname -rm") == release.replacingOccurrences(of: "\n", with: " aarch64\n"))
            let features = Set(
                try guest.run("sed -n 's/^Features.*: //p' /proc/cpuinfo").split(whereSeparator: \.isWhitespace))
            #expect(features.isSuperset(of: ["paca", "pacg", "dit", "atomics", "asimdrdm"]), "\(features)")
            let log = try guest.run("dmesg")
            for line in [
                "] KASLR enabled\n", "kernel page table isolation forced ON by KASLR\n",
                "detected: Kernel page table isolation (KPTI)\n", "detected: Privileged Access Never\n",
                "detected: Address authentication (IMP DEF algorithm)\n",
            ] {
                #expect(log.contains(line), "\(line): \(log)")
            }
        }

        /// From a process at EL0 into its system call: a breakpoint in the kernel is set where the kernel is unmapped.
        ///
        /// The first call of `tick` has no page of data yet: Linux maps it when the process writes there.
        private func inAProcess(_ places: Places) -> String {
            """
            break tick
            ignore 1 2
            continue
            printf "@number=%lu\\n@ticks=%lu\\n", number, ticks
            backtrace
            \(GDB.show("cpsr", "$cpsr"))
            \(words(places.getppid))
            x/4i \(hex(places.getppid))
            monitor translate \(hex(places.getppid))
            delete
            break *\(hex(places.nanosleep))
            continue
            printf "@pc=%#lx\\n@ticks=%lu\\n", $pc, ticks
            \(GDB.show("cpsr", "$cpsr"))
            \(words(places.getppid))
            delete
            detach
            """
        }

        private func expectProcess(_ log: GDBLog, _ places: Places) throws {
            try #require(log.succeeded, "\(log)")
            let number = try #require(log.value("number"), "\(log)")
            // The process's memory can be read at EL0, and from the kernel after a continue.
            #expect(log.values("ticks") == [number - 1, number], "\(log)")
            #expect(log.contains("#0  tick (number=") && log.contains(" in main ("), "\(log)")
            #expect(log.values("cpsr").map { $0 >> 2 & 3 } == [0, 1], "\(log)")
            #expect(log.value("pc") == places.nanosleep, "\(log)")
            expectKernel(log, at: places.getppid)
            #expect(log.contains("by the kernel's table "), "\(log)")
        }
    }
}
