/// Where the guest's things are: the same virtual addresses in both implementations.
enum AddressSpace {
    /// Sequences lie here one after the other, read-only.
    static let code: UInt64 = 0x12_3400_0000
    /// The read-write window all loads and stores go to: its middle is the border of two pages.
    static let windowPages: UInt64 = 0x12_3bfe_0000
    static let pageSize: UInt64 = 4096
    static let windowSize = 512
    static let window: UInt64 = windowPages + pageSize - UInt64(windowSize / 2)
    static let windowEnd: UInt64 = window + UInt64(windowSize)
    static let windowPageCount: UInt64 = 2
    /// A page that is writable and executable at EL0.
    static let writableCode: UInt64 = 0x12_3be4_0000
}
