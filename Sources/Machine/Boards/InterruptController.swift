/// The part that delivers the machine's interrupts.
package enum InterruptDelivery {
    /// The board's own controller, for vCPUs in software.
    case emulated
    /// A controller outside, which also answers the accesses to the controller's registers; lines have the board's
    /// numbers.
    case external(setLine: (_ line: Int, _ level: Bool) -> Void)
}

/// An interrupt controller that belongs to the machine.
package protocol InterruptController: Stateful {
    /// Sets the level of a line that devices share, by the board's number.
    func setLine(_ line: Int, level: Bool)
    func reset()
}
