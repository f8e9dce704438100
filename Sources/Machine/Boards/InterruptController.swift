/// The choice of the interrupt controller that delivers the machine's interrupts.
package enum InterruptDelivery {
    /// The board's own controller, for vCPUs of the software CPU.
    case emulated
    /// A controller outside the machine, such as KVM's, which also serves accesses to the controller's registers.
    ///
    /// Lines have the board's numbers.
    case external(setLine: (_ line: Int, _ level: Bool) -> Void)
}

/// An interrupt controller that belongs to the machine.
package protocol InterruptController: Stateful {
    /// Sets the level of a shared interrupt line, by the board's number.
    func setLine(_ line: Int, level: Bool)
    /// Resets the controller to its state at power-on.
    func reset()
}
