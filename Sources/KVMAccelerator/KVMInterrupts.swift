/// How the machine's devices reach KVM's interrupt controller, which is made after them.
package final class KVMInterrupts {
    var host: (any KVMHost)?

    package init() {}

    /// By the number that the machine's devices know the line by.
    package func setSPI(_ spi: Int, level: Bool) {
        host?.setInterrupt(spi, level: level)
    }
}
