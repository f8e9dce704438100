/// The first place of a pattern in bytes that come piece by piece, found in time proportional to their number.
///
/// Knuth, Morris and Pratt ("Fast pattern matching in strings", 1977): no byte is looked at again, however much of the
/// pattern it may begin.
struct PatternSearch {
    private let pattern: [UInt8]
    /// For each length of a matched beginning, the longest shorter beginning of the pattern that it ends with.
    private let borders: [Int32]
    /// How much of the pattern the bytes so far end with.
    private var matched = 0

    /// - Parameter pattern: not empty.
    init(_ pattern: [UInt8]) {
        self.pattern = pattern
        var borders = [Int32](repeating: 0, count: pattern.count + 1)
        var border = 0
        for index in 1..<pattern.count {
            while border > 0, pattern[index] != pattern[border] { border = Int(borders[border]) }
            if pattern[index] == pattern[border] { border += 1 }
            borders[index + 1] = Int32(border)
        }
        self.borders = borders
    }

    /// Takes the next bytes; how many of them there are up to the end of the pattern's first place, if it is complete.
    mutating func firstEnd(in bytes: [UInt8]) -> Int? {
        let first = pattern[0]
        var matched = matched
        var index = 0
        while index < bytes.count {
            if matched == 0 {
                while index < bytes.count, bytes[index] != first { index += 1 }
                guard index < bytes.count else { break }
            }
            let byte = bytes[index]
            while matched > 0, pattern[matched] != byte { matched = Int(borders[matched]) }
            if pattern[matched] == byte { matched += 1 }
            index += 1
            if matched == pattern.count {
                self.matched = matched
                return index
            }
        }
        self.matched = matched
        return nil
    }
}
