/// The table of the system registers of an AArch64 machine with EL0 and EL1.
public enum SystemRegisterTable {
    /// All registers in ascending order of encoding.
    public static let rows: [SystemRegister] = {
        var rows: [SystemRegister] = []
        rows.append(contentsOf: identification)
        rows.append(contentsOf: control)
        rows.append(contentsOf: exceptionHandling)
        rows.append(contentsOf: processState)
        rows.append(contentsOf: threads)
        rows.append(contentsOf: timer)
        rows.append(contentsOf: debug)
        rows.append(contentsOf: performanceMonitors)
        rows.append(contentsOf: interruptController)
        rows.append(contentsOf: errorRecords)
        rows.append(contentsOf: pointerAuthentication)
        rows.sort { $0.encoding < $1.encoding }
        return rows
    }()

    /// The encodings of `rows`, kept separately so that a lookup reads little memory.
    private static let encodings: [UInt16] = rows.map { $0.encoding.rawValue }

    /// Returns the index of the register in `rows`, or nil if the table has no register with this encoding.
    public static func index(of encoding: SystemRegisterEncoding) -> Int? {
        let keys = encodings
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < encoding.rawValue { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low] == encoding.rawValue ? low : nil
    }

    /// Returns the register with the given encoding, or nil if there is none.
    public static func register(_ encoding: SystemRegisterEncoding) -> SystemRegister? {
        index(of: encoding).map { rows[$0] }
    }

    /// Returns the register with the given name, ignoring case, or nil if there is none.
    public static func register(named name: String) -> SystemRegister? {
        rows.first { isSameName($0.name, name) }
    }

    /// Returns the name of the register, or the generic name if the table has no register with this encoding.
    public static func name(of encoding: SystemRegisterEncoding) -> String {
        register(encoding)?.name ?? encoding.genericName
    }

    /// Returns whether two names are the same, ignoring the case of ASCII letters.
    private static func isSameName(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        for (a, b) in zip(left.utf8, right.utf8) where upper(a) != upper(b) { return false }
        return true
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }
}
