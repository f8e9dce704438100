/// The connection of the machine's devices to KVM's interrupt controller, which is made after them.
package final class KVMInterrupts {
    var host: (any KVMHost)?

    package init() {}

    /// Sets an interrupt line, by the number that the machine's devices use.
    package func setSPI(_ spi: Int, level: Bool) {
        host?.setInterrupt(spi, level: level)
    }
}
