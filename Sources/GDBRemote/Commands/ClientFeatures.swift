/// The features that a client announces in `qSupported` and that matter to a stub.
public struct ClientFeatures: OptionSet, Sendable {
    /// The set as bits.
    public let rawValue: UInt8

    /// The set with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Stop replies may say `swbreak`.
    public static let softwareBreakpointReason = ClientFeatures(rawValue: 1 << 0)
    /// Stop replies may say `hwbreak`.
    public static let hardwareBreakpointReason = ClientFeatures(rawValue: 1 << 1)
    /// Errors may be text.
    public static let errorText = ClientFeatures(rawValue: 1 << 2)

    /// Thread-ids may name their process.
    public static let multiprocess = ClientFeatures(rawValue: 1 << 3)
    /// A GDB, which takes errors as text in reply to most packets whether it says so or not: only GDB has this feature.
    public static let isGDB = ClientFeatures(rawValue: 1 << 4)

    private static let names: [(name: String, feature: ClientFeatures)] = [
        ("swbreak+", .softwareBreakpointReason),
        ("hwbreak+", .hardwareBreakpointReason),
        ("error-message+", .errorText),
        ("multiprocess+", .multiprocess),
        ("vContSupported+", .isGDB),
    ]

    /// Reads the list to its end.
    ///
    /// What is not known, or comes with `-` or `?`, is passed over.
    init(_ reader: inout ByteReader) {
        self = []
        repeat {
            let item = reader.upTo(";")
            for row in Self.names where item.isText(row.name) {
                insert(row.feature)
            }
        } while reader.skip(";")
    }
}
