import Foundation

// bench [--qemu PATH] [--rounds N] PROGRAM…
// bench --trapline PATH [--qemu PATH] [--rounds N] [--cpus N] PROGRAM…
//
// Runs each program on the software CPU, and with --qemu in turn under that emulator. Prints the medians of the
// processor time between the programs' markers, as million instructions per second, and their ratio. With --trapline,
// the whole machine runs in a process of its own, and times are printed, because instructions can't be counted.

var options = Options()

func column(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}

let emulator = options.take("--qemu")
let trapline = options.take("--trapline")
let cpus = options.take("--cpus").flatMap { Int($0) } ?? 1
let rounds = options.take("--rounds").flatMap { Int($0) } ?? 3
if let trapline {
    exit(MachineTable(trapline: trapline, emulator: emulator, cpus: cpus, rounds: rounds).print(options.rest))
}
var ratios: [Double] = []
var failed = false
print(
    "program   ", column("instructions", 14), column("MIPS", 8), emulator == nil ? "" : column("QEMU", 8),
    emulator == nil ? "" : column("ratio", 7))
for path in options.rest {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do {
        var instructions: UInt64 = 0
        var own: [Double] = []
        var reference: [Double] = []
        for _ in 0..<rounds {
            let (measured, count) = try Measurement.onTrapline(path)
            instructions = count
            own.append(measured.seconds)
            guard let emulator else { continue }
            let other = try Measurement.onQEMU(path, emulator: emulator)
            reference.append(other.seconds)
            if other.result != measured.result {
                throw Measurement.Failure(description: "result \(measured.result), QEMU's \(other.result)")
            }
        }
        let speed = Double(instructions) / median(own) / 1e6
        var line = name + String(repeating: " ", count: max(0, 11 - name.count))
        line += column("\(instructions)", 14) + column(String(format: "%.0f", speed), 9)
        if emulator != nil {
            let ratio = median(reference) / median(own)
            ratios.append(ratio)
            line += column(String(format: "%.0f", Double(instructions) / median(reference) / 1e6), 9)
            line += column(String(format: "%.3f", ratio), 8)
        }
        print(line)
    } catch {
        print(name, "failed:", error)
        failed = true
    }
}
if !ratios.isEmpty {
    let mean = exp(ratios.map { log($0) }.reduce(0, +) / Double(ratios.count))
    print(
        "geometric mean of the ratios", String(format: "%.3f", mean), "least",
        String(format: "%.3f", ratios.min() ?? 0))
}
exit(failed ? 1 : 0)
