/// Trace state variables: numbers that are stored on the target (GDB manual, "Trace State Variables").
struct TraceVariables {
    struct Variable: Equatable {
        var initialValue: UInt64
        /// Whether the client treats the variable as one of the target's own.
        var isBuiltIn: Bool
        var name: [UInt8]
        var value: UInt64
    }

    private(set) var rows: [UInt64: Variable] = [:]

    /// The most variables, so that a client cannot exhaust memory.
    static let most = 1024

    /// The value of a variable; nil if it has not been defined.
    subscript(number: UInt64) -> UInt64? { rows[number]?.value }

    /// Defines or redefines a variable, and gives it its initial value.
    ///
    /// Returns false if there are too many.
    mutating func define(_ number: UInt64, initialValue: UInt64, isBuiltIn: Bool, name: [UInt8]) -> Bool {
        guard rows[number] != nil || rows.count < Self.most else { return false }
        rows[number] = Variable(initialValue: initialValue, isBuiltIn: isBuiltIn, name: name, value: initialValue)
        return true
    }

    /// Sets a variable; false if it has not been defined.
    mutating func set(_ number: UInt64, to value: UInt64) -> Bool {
        guard rows[number] != nil else { return false }
        rows[number]?.value = value
        return true
    }

    mutating func removeAll() { rows = [:] }

    /// Gives every variable its initial value.
    mutating func reset() {
        for (number, row) in rows { rows[number]?.value = row.initialValue }
    }
}
