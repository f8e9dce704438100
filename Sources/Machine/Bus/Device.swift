/// A device as the bus sees it: registers at offsets.
///
/// The guest chooses offset, size and value freely, so every combination has to be answered. `size` is 1, 2, 4 or 8, and
/// `offset + size` lies within the range the device was added with.
package protocol Device: AnyObject {
    /// As error messages and the debugger call it.
    var name: String { get }
    /// Reads a register; what is above `size` bytes is ignored.
    func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64
    /// Writes one; `value` has no bits above `size` bytes.
    func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int)
    /// Puts the device into the state of a new one.
    func reset()
}

extension Device {
    /// Does nothing: for a device without a state of its own.
    package func reset() {}
}

/// Drives an interrupt line: true is asserted.
package typealias InterruptLine = (Bool) -> Void
