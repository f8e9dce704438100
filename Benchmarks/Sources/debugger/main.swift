import Foundation
import TestSupport

// debugger --trapline PATH --guest ELF [--qemu PATH] [--gdb PATH] [--newer-gdb PATH] [--rounds N] [--seconds S] [PART…]
//
// Debugs the same bare-metal guest on Trapline and under QEMU in turns, and prints the cost of each operation with the
// ratio of QEMU's to Trapline's. There are three clients: a real GDB; a replay of the packets that GDB sent, which
// takes only the stub's time; and a neutral client with one dialogue for both stubs. PART is one or more of memory,
// stepi, condition, line, stop, attach, idle, interrupt.

var options = Options()

let parts = ["memory", "stepi", "condition", "line", "stop", "attach", "idle", "interrupt"]
guard let trapline = options.take("--trapline"), let guest = options.take("--guest") else {
    print("usage: debugger --trapline PATH --guest ELF [--qemu PATH] [--gdb PATH] [--newer-gdb PATH] [--rounds N]")
    print("    [--seconds S] [\(parts.joined(separator: "|"))]…")
    exit(1)
}
let qemu = options.take("--qemu")
let gdb = options.take("--gdb")
let newer = options.take("--newer-gdb")
let rounds = max(1, options.take("--rounds").flatMap { Int($0) } ?? 3)
let seconds = options.take("--seconds").flatMap { Double($0) } ?? 1
let wanted = options.rest.isEmpty ? parts : options.rest
if let unknown = wanted.first(where: { !parts.contains($0) }) {
    print("debugger: no part is named \(unknown): use \(parts.joined(separator: ", "))")
    exit(1)
}

do {
    let bench = try Bench(
        trapline: trapline, qemu: qemu, gdb: gdb ?? GDB.program(), guest: guest, seconds: seconds)
    try Comparison(bench, newerGDB: newer, rounds: rounds).run(Set(wanted))
} catch {
    print("debugger failed:", error)
    exit(1)
}
