/// A device with registers at offsets from a base address.
///
/// The guest chooses offset, size and value freely, so a device must handle every combination. `size` is 1, 2, 4 or 8,
/// and `offset + size` lies within the range that the device was added with.
package protocol Device: AnyObject {
    /// The device's name, for error messages and the debugger.
    var name: String { get }
    /// Reads a register; the caller ignores bits above `size` bytes.
    func read(offset: UInt64, size: Int, vcpu: Int) -> UInt64
    /// Writes a register; `value` has no bits above `size` bytes.
    func write(offset: UInt64, size: Int, value: UInt64, vcpu: Int)
    /// Resets the device to its state at power-on.
    func reset()
}

extension Device {
    /// By default, does nothing, which suits a device without a state of its own.
    package func reset() {}
}

/// A function that drives an interrupt line; true asserts it.
package typealias InterruptLine = (Bool) -> Void
