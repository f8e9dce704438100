import Foundation

/// A table of the times of programs on whole machines: a row for each program with Trapline's time, QEMU's time, and
/// their ratio.
struct MachineTable {
    var trapline: String
    var emulator: String?
    var cpus: Int
    var rounds: Int

    /// Measures the programs and prints the table; returns the exit status.
    func print(_ paths: [String]) -> Int32 {
        var status: Int32 = 0
        for path in paths {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            do {
                Swift.print(name + String(repeating: " ", count: max(0, 16 - name.count)) + (try row(path)))
            } catch {
                Swift.print(name, "failed:", error)
                status = 1
            }
        }
        return status
    }

    private func row(_ path: String) throws -> String {
        var own: [Double] = []
        var reference: [Double] = []
        for _ in 0..<rounds {
            let measured = try Measurement.onMachine(path, trapline: trapline, cpus: cpus)
            own.append(measured.seconds)
            guard let emulator else { continue }
            let other = try Measurement.onQEMU(path, emulator: emulator, cpus: cpus, byWallClock: true)
            reference.append(other.seconds)
            guard other.result == measured.result else {
                throw Measurement.Failure(description: "result \(measured.result), QEMU's \(other.result)")
            }
        }
        var text = String(format: "%10.1f ms", 1000 * median(own))
        if emulator != nil {
            text += String(
                format: "   QEMU %10.1f ms   ratio %7.3f", 1000 * median(reference), median(reference) / median(own))
        }
        return text
    }
}
