/// How the machine's devices reach KVM's interrupt controller, which is made after them.
package final class KVMInterrupts {
    var host: KVMHost?

    package init() {}

    package func setSPI(_ spi: Int, level: Bool) {
        host?.setSPI(spi, level: level)
    }
}
