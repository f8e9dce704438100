/// The system registers of an AArch64 machine with EL0 and EL1, looked up by encoding or by name.
public enum SystemRegisterTable {
    /// Every row, in the order of the encodings.
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

    /// The encodings alone, so that a lookup touches little memory.
    private static let encodings: [UInt16] = rows.map { $0.encoding.rawValue }

    /// Where in `rows` an encoding is.
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

    /// The register an encoding names.
    public static func register(_ encoding: SystemRegisterEncoding) -> SystemRegister? {
        index(of: encoding).map { rows[$0] }
    }

    /// The register of that name, in upper or lower case.
    public static func register(named name: String) -> SystemRegister? {
        rows.first { isSameName($0.name, name) }
    }

    /// The name for a person: the register's, or the assembler's generic form.
    public static func name(of encoding: SystemRegisterEncoding) -> String {
        register(encoding)?.name ?? encoding.genericName
    }

    private static func isSameName(_ left: String, _ right: String) -> Bool {
        guard left.utf8.count == right.utf8.count else { return false }
        for (a, b) in zip(left.utf8, right.utf8) where upper(a) != upper(b) { return false }
        return true
    }

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
    }
}
