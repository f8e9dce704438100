/// A decoder of DEFLATE data.
///
/// RFC 1951, "DEFLATE Compressed Data Format Specification".
struct Inflater {
    private let input: [UInt8]
    private var position: Int
    /// Bits taken from the input but not decoded yet; the next bit is the lowest.
    private var bits: UInt64 = 0
    private var bitCount = 0
    private let limit: Int
    private(set) var output: [UInt8] = []

    init(_ input: [UInt8], from position: Int, limit: Int) {
        self.input = input
        self.position = position
        self.limit = limit
    }

    /// The offset of the first input byte that is not decoded; whole bytes in `bits` do not count as decoded.
    var byteOffset: Int { position - bitCount / 8 }

    mutating func run() throws(Gunzip.Failure) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try compressed(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let (literals, distances) = try readTables()
                try compressed(literals, distances)
            default: throw .damaged("unknown kind of block")
            }
        }
    }

    // MARK: Bits

    /// Fills `bits` to at least 57 bits, or to the end of the input.
    private mutating func fill() {
        while bitCount <= 56, position < input.count {
            bits |= UInt64(input[position]) << UInt64(bitCount)
            position += 1
            bitCount += 8
        }
    }

    private mutating func take(_ count: Int) throws(Gunzip.Failure) -> Int {
        if bitCount < count { fill() }
        guard bitCount >= count else { throw .truncated }
        let value = bits & ((1 << UInt64(count)) - 1)
        bits >>= UInt64(count)
        bitCount -= count
        return Int(value)
    }

    private mutating func symbol(_ table: HuffmanTable) throws(Gunzip.Failure) -> Int {
        if bitCount < HuffmanTable.maximumLength { fill() }
        guard let (symbol, length) = table.decode(bits) else { throw .damaged("unknown code") }
        guard length <= bitCount else { throw .truncated }
        bits >>= UInt64(length)
        bitCount -= length
        return symbol
    }

    // MARK: Blocks

    private mutating func stored() throws(Gunzip.Failure) {
        _ = try take(bitCount % 8)
        let length = try take(16)
        guard try take(16) == length ^ 0xFFFF else { throw .damaged("wrong length of a stored block") }
        guard output.count + length <= limit else { throw .tooLarge }
        position = byteOffset
        (bits, bitCount) = (0, 0)
        guard input.count - position >= length else { throw .truncated }
        output += input[position..<position + length]
        position += length
    }

    private mutating func compressed(
        _ literals: HuffmanTable, _ distances: HuffmanTable
    ) throws(Gunzip.Failure) {
        while true {
            let code = try symbol(literals)
            if code < 256 {
                guard output.count < limit else { throw .tooLarge }
                output.append(UInt8(code))
                continue
            }
            if code == 256 { return }
            guard code < 286 else { throw .damaged("unknown length") }
            let length = Self.lengthBases[code - 257] + (try take(Self.lengthExtraBits[code - 257]))
            let distanceCode = try symbol(distances)
            guard distanceCode < 30 else { throw .damaged("unknown distance") }
            let extra = max(distanceCode / 2 - 1, 0)
            let distance = Self.distanceBases[distanceCode] + (try take(extra))
            guard distance <= output.count else { throw .damaged("a distance before the beginning") }
            guard output.count + length <= limit else { throw .tooLarge }
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: length))
            // SAFETY: `distance` is at most `start`, and the buffer has `length` bytes from there on.
            unsafe output.withUnsafeMutableBufferPointer { buffer in
                // Copied byte by byte, because the source range may overlap the destination.
                for index in start..<start + length { unsafe buffer[index] = buffer[index - distance] }
            }
        }
    }

    // MARK: Tables

    private mutating func readTables() throws(Gunzip.Failure) -> (HuffmanTable, HuffmanTable) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let codeCount = try take(4) + 4
        guard literalCount <= 286 else { throw .damaged("too many codes") }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[Self.codeLengthOrder[index]] = UInt8(try take(3)) }
        guard let table = HuffmanTable(codeLengths) else { throw .damaged("impossible codes") }
        var lengths: [UInt8] = []
        while lengths.count < literalCount + distanceCount {
            let code = try symbol(table)
            switch code {
            case 16:
                guard let last = lengths.last else { throw .damaged("repeats nothing") }
                lengths += Array(repeating: last, count: 3 + (try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try take(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try take(7)))
            default: lengths.append(UInt8(code))
            }
        }
        guard lengths.count == literalCount + distanceCount,
            let literals = HuffmanTable(Array(lengths[..<literalCount])),
            let distances = HuffmanTable(Array(lengths[literalCount...]))
        else { throw .damaged("impossible codes") }
        return (literals, distances)
    }

    /// The order in which the lengths of the code length codes are stored: RFC 1951, section 3.2.7.
    private static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The number of extra bits of the length codes 257 to 285: RFC 1951, section 3.2.5.
    ///
    /// The base lengths follow from these numbers, except the last.
    private static let lengthExtraBits: [Int] = (0..<28).map { $0 < 8 ? 0 : $0 / 4 - 1 } + [0]
    private static let lengthBases: [Int] = {
        var (bases, next): ([Int], Int) = ([], 3)
        for extra in lengthExtraBits.dropLast() {
            bases.append(next)
            next += 1 << extra
        }
        return bases + [258]
    }()
    private static let distanceBases: [Int] = (0..<30).map { code in
        code < 4 ? code + 1 : 1 + (2 + code % 2) << (code / 2 - 1)
    }

    /// The literal and length codes of blocks with fixed codes: RFC 1951, section 3.2.6.
    private static let fixedLiterals = HuffmanTable(
        complete: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    private static let fixedDistances = HuffmanTable(complete: Array(repeating: 5, count: 32))
}
