import GDBRemote

extension AgentFormat.Directive {
    /// Formats the argument.
    ///
    /// For `%s`, the closure reads a string at an address, at most the given number of bytes.
    func text<Failure: Error>(
        _ argument: UInt64, string: (UInt64, Int) throws(Failure) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        let unused = 64 - bits
        let unsigned = (argument << unused) >> unused
        switch conversion {
        case .signed:
            let value = Int64(bitPattern: argument << unused) >> unused
            let sign = value < 0 ? "-" : hasPlus ? "+" : hasSpace ? " " : ""
            return number(value.magnitude, radix: 10, prefix: sign)
        case .unsigned: return number(unsigned, radix: 10, prefix: "")
        case .octal: return number(unsigned, radix: 8, prefix: isAlternate && unsigned != 0 ? "0" : "")
        case .hexadecimal, .upperHexadecimal:
            let isUpper = conversion == .upperHexadecimal
            return number(unsigned, radix: 16, prefix: isAlternate && unsigned != 0 ? (isUpper ? "0X" : "0x") : "")
        case .pointer: return number(argument, radix: 16, prefix: "0x")
        case .character: return padded([UInt8(truncatingIfNeeded: argument)])
        case .string:
            let most = min(precision ?? Self.maximumOfString, Self.maximumOfString)
            return padded(most == 0 ? [] : try string(argument, most))
        }
    }

    /// The most bytes of a string that are printed.
    static let maximumOfString = 1024

    private func number(_ value: UInt64, radix: UInt64, prefix: String) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = value
        let letters = UInt8(ascii: conversion == .upperHexadecimal ? "A" : "a")
        while rest > 0 {
            let digit = UInt8(rest % radix)
            digits.append(digit < 10 ? 0x30 + digit : letters + (digit - 10))
            rest /= radix
        }
        // The default precision is 1 digit. An explicit precision sets the number of digits, and the `0` flag is then
        // ignored.
        while digits.count < precision ?? 1 { digits.append(0x30) }
        if hasZeros && precision == nil && !isLeftAligned {
            while digits.count + prefix.utf8.count < width { digits.append(0x30) }
        }
        return padded(Array(prefix.utf8) + digits.reversed())
    }

    private func padded(_ text: [UInt8]) -> [UInt8] {
        guard text.count < width else { return text }
        let blanks = [UInt8](repeating: 0x20, count: width - text.count)
        return isLeftAligned ? text + blanks : blanks + text
    }
}
