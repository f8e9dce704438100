/// A search for the first occurrence of a pattern in bytes that arrive piece by piece, in linear time.
///
/// The algorithm of Knuth, Morris and Pratt ("Fast pattern matching in strings", 1977) examines no byte twice, even if
/// the pattern's beginning occurs often.
struct PatternSearch {
    private let pattern: [UInt8]
    /// The border of each prefix, by length: its longest proper prefix that is also its suffix.
    private let borders: [Int32]
    /// The length of the longest prefix of the pattern with which the bytes so far end.
    private var matched = 0

    /// A search before the first byte.
    ///
    /// - Parameter pattern: the bytes to find; must not be empty.
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

    /// Searches the next bytes.
    ///
    /// If the pattern's first occurrence is complete, returns the index after its end.
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
