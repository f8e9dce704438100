/// The arguments of a benchmark's command line.
///
/// Options have the form `--name value`.
struct Options {
    private(set) var rest = Array(CommandLine.arguments.dropFirst())

    /// Removes an option and returns its value; nil if it isn't given.
    mutating func take(_ name: String) -> String? {
        guard let index = rest.firstIndex(of: name), index + 1 < rest.count else { return nil }
        defer { rest.removeSubrange(index...index + 1) }
        return rest[index + 1]
    }
}

/// Returns the median; NaN if there are no values.
func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
