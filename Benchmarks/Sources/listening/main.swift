import Foundation

// listening --trapline PATH --program ELF --kernel FILE --initrd FILE [--rounds N]
//
// Measures the cost of a listening stub for a guest without a debugger: the fixed work of a program, and the boot of
// Linux to its shell, without `--gdb` and with it in turns. Prints the medians of both and of the ratios of the pairs.

var options = Options()

guard let trapline = options.take("--trapline"), let program = options.take("--program"), let kernel = options.take("--kernel"),
    let initrd = options.take("--initrd")
else {
    print("usage: listening --trapline PATH --program ELF --kernel FILE --initrd FILE [--rounds N]")
    exit(1)
}
let rounds = max(1, options.take("--rounds").flatMap { Int($0) } ?? 5)

/// Returns the seconds from one text of the guest to another, or from the start of the process if `start` is nil.
@MainActor
func seconds(_ arguments: [String], from start: String?, to end: String) throws -> Double {
    let machine = try BootedMachine(trapline, ["run", "--machine", "virt", "-c", "1", "--serial", "stdio"] + arguments)
    let began = try start.map { try machine.time(to: $0).wall } ?? 0
    return try machine.time(to: end).wall - began
}

let measured: [(name: String, arguments: [String], from: String?, to: String)] = [
    ("a CPU loop", ["-k", program], "BEGIN\n", "END "),
    (
        "Linux's boot", ["-m", "512M", "-k", kernel, "-i", initrd, "-p", "console=ttyAMA0 quiet"], nil,
        BootedMachine.prompt
    ),
]
print("seconds without --gdb, with it, and the ratio of each pair: medians of \(rounds) rounds")
do {
    for (name, arguments, from, to) in measured {
        var alone: [Double] = []
        var listening: [Double] = []
        // The first pair is not counted: it reads the files into the host's page cache. The order changes from pair to
        // pair.
        for round in 0...rounds {
            var pair = [0.0, 0.0]
            for turn in [round % 2, (round + 1) % 2] {
                pair[turn] = try seconds(arguments + (turn == 1 ? ["--gdb", "0"] : []), from: from, to: to)
            }
            guard round > 0 else { continue }
            alone.append(pair[0])
            listening.append(pair[1])
        }
        let ratios = zip(alone, listening).map { $1 / $0 }
        print(
            name + String(repeating: " ", count: 14 - name.count),
            String(format: "%8.3f %8.3f %8.4f", median(alone), median(listening), median(ratios)))
    }
} catch {
    print("listening failed:", error)
    exit(1)
}
