/// The features that a client announces in `qSupported` and that change a stub's replies.
public struct ClientFeatures: OptionSet, Sendable {
    /// The set as bits.
    public let rawValue: UInt8

    /// A set with these bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The client accepts `swbreak` in stop replies.
    public static let softwareBreakpointReason = ClientFeatures(rawValue: 1 << 0)
    /// The client accepts `hwbreak` in stop replies.
    public static let hardwareBreakpointReason = ClientFeatures(rawValue: 1 << 1)
    /// The client reads `E.text` as an error.
    public static let errorText = ClientFeatures(rawValue: 1 << 2)

    /// The client uses thread-ids that include a process (`pPID.TID`).
    public static let multiprocess = ClientFeatures(rawValue: 1 << 3)
    /// The client is GDB, recognized by `vContSupported+`, which only GDB announces.
    ///
    /// GDB reads `E.text` after most packets even if it has not announced `error-message+`.
    public static let isGDB = ClientFeatures(rawValue: 1 << 4)

    private static let names: [(name: String, feature: ClientFeatures)] = [
        ("swbreak+", .softwareBreakpointReason),
        ("hwbreak+", .hardwareBreakpointReason),
        ("error-message+", .errorText),
        ("multiprocess+", .multiprocess),
        ("vContSupported+", .isGDB),
    ]

    /// Reads the list of features to the packet's end.
    ///
    /// Unknown features, and features with `-` or `?`, are skipped.
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
