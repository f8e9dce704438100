/// The storage of a virtio block device.
///
/// Calls are made on the vCPU thread, one at a time, and the guest waits for each.
package protocol BlockStorage: AnyObject {
    /// The capacity, in sectors of 512 bytes.
    var sectorCount: UInt64 { get }
    /// Whether writes are refused.
    var isReadOnly: Bool { get }
    /// The identifier for VIRTIO_BLK_T_GET_ID, of at most 20 bytes.
    var identifier: String { get }
    /// Reads from a byte offset; the caller has checked the range.
    ///
    /// Returns false on a host error.
    func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool
    /// Writes at a byte offset; the caller has checked the range.
    ///
    /// Returns false on a host error.
    func write(at offset: UInt64, from buffer: UnsafeRawBufferPointer) -> Bool
    /// Flushes; returns true when all earlier writes are on stable storage.
    func flush() -> Bool
}

/// The link that a network device sends to and receives from.
///
/// Neither call blocks.
package protocol NetworkLink: AnyObject {
    /// Sends an Ethernet frame; may drop it.
    func send(_ frame: [UInt8])
    /// Returns the next received frame, nil if there is none.
    func receive() -> [UInt8]?
}

/// The kind of device that console input goes to.
package enum ConsoleKind: Equatable, Sendable {
    /// The board's first UART.
    case serial
    /// A virtio console; output of the UART, such as early boot messages, is still shown.
    case virtio
}
