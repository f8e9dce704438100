import Foundation

/// A row of a table: the costs of one operation in two variants, such as two stubs, that are measured in turns.
struct Row {
    let name: String
    var own: [Double] = []
    var other: [Double] = []
    /// The smallest accepted ratio; nil if there is none.
    var goal: Double?
    var show: (Double) -> String = Row.time

    static func time(_ seconds: Double) -> String {
        switch seconds {
        case ..<1e-3: String(format: "%.1f µs", seconds * 1e6)
        case ..<1: String(format: "%.2f ms", seconds * 1e3)
        default: String(format: "%.2f s", seconds)
        }
    }

    static func perMebibyte(_ seconds: Double) -> String { String(format: "%.0f MiB/s", 1 / seconds) }
    static func number(_ value: Double) -> String { String(format: value == value.rounded() ? "%.0f" : "%.1f", value) }

    var ratios: [Double] { zip(own, other).map { $1 / $0 } }

    /// The median of the ratios of the other cost to Trapline's, with the smallest and the largest, and whether it
    /// reaches the goal.
    var verdict: String {
        // A ratio to zero is undefined.
        guard !ratios.isEmpty, !own.contains(0) else { return "" }
        let middle = median(ratios)
        var text = String(format: "%.1f (%.1f to %.1f)", middle, ratios.min() ?? 0, ratios.max() ?? 0)
        if let goal { text += "  goal \(Row.number(goal)): \(middle >= goal ? "reached" : "MISSED")" }
        return text
    }
}

func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

/// Prints rows under a title and the names of the two columns.
func printTable(_ title: String, _ own: String, _ other: String, _ rows: [Row]) {
    guard !rows.isEmpty else { return }
    print("\n" + column(title, 58), column(own, 12), column(other, 12), "ratio")
    for row in rows where !row.own.isEmpty {
        print(
            column(row.name, 58), column(row.show(median(row.own)), 12),
            column(row.other.isEmpty ? "" : row.show(median(row.other)), 12), row.verdict)
    }
    fflush(nil)
}
