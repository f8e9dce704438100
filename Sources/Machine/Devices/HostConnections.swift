/// What a virtio block device reads from and writes to.
///
/// Calls come on the vCPU thread, one at a time, and the guest waits for each.
package protocol BlockStorage: AnyObject {
    /// In sectors of 512 bytes.
    var sectorCount: UInt64 { get }
    var isReadOnly: Bool { get }
    /// A name of at most 20 bytes for VIRTIO_BLK_T_GET_ID.
    var identifier: String { get }
    /// Each is false when the host failed; offsets are in bytes, ranges already checked against the size.
    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool
    func write(at offset: UInt64, from buffer: UnsafeRawBufferPointer) -> Bool
    /// Returns true when everything written before is on stable storage.
    func flush() -> Bool
}

/// Where a network device's frames go to and come from; neither call ever waits.
package protocol NetworkLink: AnyObject {
    func send(_ frame: [UInt8])
    func receive() -> [UInt8]?
}

/// Which device is the console: where input goes to.
package enum ConsoleKind: Equatable, Sendable {
    /// The board's first UART.
    case serial
    /// A virtio console; what the UART sends is still put out, as early boot messages are.
    case virtio
}
