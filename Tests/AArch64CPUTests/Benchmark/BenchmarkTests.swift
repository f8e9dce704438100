import AArch64CPU
import Foundation
import Testing

/// Measures the software CPU; `Scripts/bench` builds the programs, runs this, and runs QEMU on the same files.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["TRAPLINE_BENCH"] != nil,
        "Scripts/bench sets TRAPLINE_BENCH to the directory of its programs"))
struct BenchmarkTests {
    @Test("The benchmark programs run to their end, and say how fast")
    func run() throws {
        let directory = ProcessInfo.processInfo.environment["TRAPLINE_BENCH"] ?? ""
        let names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".elf") }
        for name in names.sorted() {
            let machine = BareMetalMachine()
            _ = try machine.load(elf: directory + "/" + name)
            let exit = machine.runToEnd()
            #expect(exit == .hypercall(.hvc, immediate: 0))
            let begin = try #require(machine.lines.first { $0.text == "BEGIN" })
            let end = try #require(machine.lines.first { $0.text.hasPrefix("END ") })
            let elapsed = begin.time.duration(to: end.time)
            let seconds =
                Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
            let instructions = end.instruction - begin.instruction
            print(
                "bench", name.dropLast(4), instructions, String(format: "%.4f", seconds),
                end.text.dropFirst(4))
        }
    }
}
