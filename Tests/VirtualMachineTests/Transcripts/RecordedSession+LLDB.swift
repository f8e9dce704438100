import Foundation
import TestSupport

// LLDB, on the same guests.
extension RecordedSession {
    static let lldb = [
        RecordedSession(
            name: "lldb-calls",
            about: "LLDB on the guest `calls`: breakpoints, a condition, steps, registers, memory, detach.",
            boot: .program("calls")
        ) { place in
            try lldb(
                place,
                """
                register read pc cpsr
                breakpoint set --name add --condition "a == 3"
                breakpoint set --hardware --name fib
                continue
                thread backtrace
                frame variable
                breakpoint delete 1
                continue
                thread step-inst
                thread step-over
                thread step-out
                breakpoint delete
                memory read --size 4 --format x --count 4 $sp
                memory write &calls 7
                expression calls
                register write x5 0x1234
                register read x5
                register read --all
                memory region $pc
                disassemble --pc --count 4
                process plugin packet monitor version
                process status
                detach
                """)
        },
        RecordedSession(
            name: "lldb-watch",
            about: "LLDB on the guest `watch`: watchpoints, and a kill.",
            boot: .program("watch")
        ) { place in
            try lldb(
                place,
                """
                breakpoint set --name ready
                continue
                watchpoint set variable --watch write one.value
                continue
                watchpoint delete
                watchpoint set variable --watch read two.value
                continue
                watchpoint delete
                thread info
                process kill
                """)
        },
        RecordedSession(
            name: "lldb-u-boot",
            about: "LLDB on U-Boot, without symbols: from the first instruction, steps and a breakpoint, detach.",
            boot: .firmware
        ) { place in
            try lldb(
                place,
                """
                register read pc cpsr
                thread step-inst
                thread step-inst
                disassemble --pc --count 8
                thread step-inst
                memory region 0
                memory region 0x40000000
                detach
                """)
        },
        RecordedSession(
            name: "lldb-linux",
            about: "LLDB on Linux with two vCPUs: a system call's breakpoint, threads, a step, detach.",
            boot: .linux, vcpuCount: 2
        ) { place in
            try lldb(
                place,
                """
                thread list
                breakpoint set --address \(try place.address("__arm64_sys_getppid"))
                continue
                thread list
                register read pc cpsr VBAR_EL1
                thread step-inst
                thread backtrace
                memory read --size 4 --format x --count 4 $sp
                continue
                breakpoint delete
                detach
                """)
        },
    ]

    /// Runs an LLDB script, with the guest's symbols if it has any.
    ///
    /// Without a program, LLDB would search the memory below PC for Apple's kernel, in hundreds of packets: a setting
    /// turns that off.
    private static func lldb(_ place: Place, _ script: String) throws -> GDBLog {
        let folder = try TemporaryFolder()
        let lines =
            ["settings set plugin.dynamic-loader.darwin-kernel.scan-type none"] + LLDBSession.settings
            + ["\(LLDBSession.connect) \(LLDBSession.url(place.endpoint))", script, ""]
        let file = try folder.write(Array(lines.joined(separator: "\n").utf8), to: "script.lldb")
        let result = try ChildProcess.run(
            try LLDB.program(),
            ["--no-lldbinit", "--no-use-colors", "--batch", "--source", file] + (place.program.map { [$0.path] } ?? []),
            limit: .seconds(200))
        return GDBLog(text: result.text, succeeded: result.status == .exited(0))
    }
}
