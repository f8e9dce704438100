import Foundation
import TestSupport

// Clients of U-Boot and Linux, without symbols, and of two vCPUs.
extension RecordedSession {
    static let kernels = [
        RecordedSession(
            name: "gdb-u-boot",
            about: "GDB on U-Boot from its first instruction: steps, calls, a backtrace, code, Ctrl-C, detach.",
            boot: .firmware, script: uBootScript),
        RecordedSession(
            name: "gdb-linux",
            about: "GDB on Linux with two vCPUs: a system call's breakpoint, threads, a step of one, detach.",
            boot: .linux, vcpuCount: 2
        ) { place in
            try gdb(
                place,
                """
                info threads
                backtrace 4
                break *\(try place.address("__arm64_sys_getppid"))
                continue
                info threads
                backtrace 4
                info registers
                x/6i $pc
                print $TTBR1_EL1
                thread 1
                backtrace 2
                thread 2
                set scheduler-locking on
                stepi
                stepi
                set scheduler-locking off
                continue
                monitor translate \(try place.address("vfs_read"))
                monitor info cpus
                delete
                detach
                """)
        },
        RecordedSession(
            name: "gdb-linux-non-stop",
            about: "GDB in non-stop mode on Linux with two vCPUs: one is held and stepped while the other runs.",
            boot: .linux, vcpuCount: 2, script: nonStopLinuxScript),
        RecordedSession(
            name: "gdb-smp-non-stop",
            about: "GDB in non-stop mode on the guest `smp`: a vCPU held at a breakpoint, Ctrl-C for all, kill.",
            boot: .program("smp"), vcpuCount: 2, script: nonStopScript),
    ]

    @Sendable private static func uBootScript(_ place: Place) throws -> GDBLog {
        let gdb = try GDBSession(remote: place.endpoint)
        try gdb.command("info registers pc cpsr")
        try gdb.command("stepi")
        for _ in 0..<20 { try gdb.command("stepi") }
        let calls = try Self.calls(3, in: gdb.command("x/60i $pc"))
        try gdb.command("hbreak *\(calls[1])")
        try gdb.command("break *\(calls[2])")
        for _ in 0..<2 {
            try gdb.resume("continue")
            _ = try gdb.waitForStop()
        }
        // `_main` has a stack made and calls C functions, the fourth of which is `board_init_f`.
        try gdb.command("stepi")
        let functions = try Self.calls(4, in: gdb.command("x/20i $pc"))
        try gdb.command("tbreak *\(functions[3])")
        try gdb.command("continue")
        try gdb.command("stepi")
        // The function calls the functions of a list, one after the other.
        let first = try Self.calls(1, in: gdb.command("x/40i $pc"))[0]
        try gdb.command("tbreak *\(first)")
        try gdb.command("continue")
        try gdb.command("stepi")
        try gdb.command("backtrace")
        // GDB finds no caller without symbols, so `finish` would not end.
        try gdb.command("tbreak *$x30")
        try gdb.command("continue")
        try gdb.command("delete")
        try gdb.command("set var *(unsigned long *)0x44000000 = 0x1122334455667788")
        try gdb.command("x/2xg 0x44000000")
        try gdb.resume("continue")
        usleep(300_000)
        gdb.interrupt()
        _ = try gdb.waitForStop()
        try gdb.command("backtrace")
        try gdb.command("info registers")
        try gdb.command("print $SCTLR_EL1")
        try gdb.command("x/4i $pc")
        try gdb.command("detach")
        return GDBLog(text: gdb.transcript, succeeded: true)
    }

    /// The addresses of the calls in disassembled code.
    private static func calls(_ count: Int, in code: String) throws -> [Substring] {
        let calls = code.split(separator: "\n").filter { $0.contains("\tbl\t") || $0.contains("\tblr\t") }
            .compactMap { $0.split(separator: ":").first?.split(separator: " ").last }
        guard calls.count >= count else { throw ProcessError("too few calls in \(code)") }
        return calls
    }

    @Sendable private static func nonStopLinuxScript(_ place: Place) throws -> GDBLog {
        let gdb = try GDBSession()
        try gdb.command("set non-stop on")
        try gdb.command("target remote \(place.endpoint)")
        try gdb.command("info threads")
        try gdb.command("break *\(try place.address("__arm64_sys_getppid"))")
        try gdb.start("continue -a &")
        _ = try gdb.waitForStop()
        try gdb.command("info threads")
        try gdb.command("x/4i $pc")
        try gdb.command("delete")
        try gdb.start("stepi &")
        _ = try gdb.waitForStop()
        try gdb.start("continue &")
        try gdb.start("interrupt -a")
        _ = try gdb.waitForStop()
        try gdb.command("detach")
        return GDBLog(text: gdb.transcript, succeeded: true)
    }

    @Sendable private static func nonStopScript(_ place: Place) throws -> GDBLog {
        let gdb = try GDBSession(elf: place.program?.path)
        try gdb.command("set non-stop on")
        try gdb.command("target remote \(place.endpoint)")
        try gdb.command("info threads")
        try gdb.command("break all_finished")
        try gdb.start("continue -a &")
        _ = try gdb.waitForStop()
        try gdb.command("info threads")
        try gdb.command("backtrace 1")
        try gdb.command("print beats[1] > 0")
        try gdb.command("set $x27 = 0x2727")
        try gdb.command("print $x27")
        try gdb.command("delete")
        try gdb.command("break beat thread 1")
        try gdb.start("continue &")
        _ = try gdb.waitForStop()
        try gdb.start("stepi &")
        _ = try gdb.waitForStop()
        try gdb.start("next &")
        _ = try gdb.waitForStop()
        try gdb.start("interrupt -a")
        _ = try gdb.waitForStop()
        try gdb.command("info threads")
        try gdb.command("kill")
        return GDBLog(text: gdb.transcript, succeeded: true)
    }
}
