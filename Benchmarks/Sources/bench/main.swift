import AArch64CPU
import Foundation

// Runs each program given, prints: name, instructions and seconds between its markers, the sum it printed.
var failed = false
for path in CommandLine.arguments.dropFirst() {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do {
        let machine = BareMetalMachine()
        _ = try machine.load(elf: path)
        let exit = machine.runToEnd()
        guard let begin = machine.lines.first(where: { $0.text == "BEGIN" }),
            let end = machine.lines.first(where: { $0.text.hasPrefix("END ") })
        else {
            print(name, "failed:", exit, machine.output)
            failed = true
            continue
        }
        let elapsed = begin.time.duration(to: end.time).components
        let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        print(
            name, end.instruction - begin.instruction, String(format: "%.4f", seconds), end.text.dropFirst(4),
            separator: " ")
    } catch {
        print(name, "failed:", error)
        failed = true
    }
}
exit(failed ? 1 : 0)
