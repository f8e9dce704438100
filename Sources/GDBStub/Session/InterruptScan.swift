import GDBRemote

/// The search for Ctrl-C in received bytes that have not been handled, each of which is looked at once.
///
/// Positions are indices into the session's input.
struct InterruptScan {
    /// The decoder of the bytes before `end`.
    private var decoder: PacketLink.Scanner?
    /// Where the search continues.
    private var end = 0
    /// The position after the last Ctrl-C found.
    private var last = 0

    /// Searches the bytes that have not been searched; whether Ctrl-C comes after `index`, up to which `link` has decoded
    /// the input.
    mutating func findsInterrupt(in input: [UInt8], after index: Int, _ link: borrowing PacketLink) -> Bool {
        if decoder == nil || end < index {
            decoder = link.scanner
            end = index
        }
        while decoder?.findInterrupt(in: input, from: &end) == true { last = end }
        return last > index
    }

    /// Takes the report that the first `count` bytes of the input have been removed.
    mutating func inputMoved(by count: Int) {
        end -= count
        last -= count
        if end < 0 { self = InterruptScan() }
    }
}
