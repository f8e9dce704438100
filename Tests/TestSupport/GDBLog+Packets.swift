extension GDBLog {
    /// A packet of GDB's and the reply to it, as `set debug remote 1` shows them.
    package struct Exchange: Sendable {
        package var packet: String
        /// Nil if the log has none, as for the last packet before the wire was cut.
        package var reply: String?
    }

    /// The packets exchanged while `debug remote` was on, in order.
    ///
    /// Console output and repetitions of a reply are left out.
    package var exchanges: [Exchange] {
        var exchanges: [Exchange] = []
        for line in text.split(separator: "\n") {
            if let range = line.firstRange(of: "Sending packet: $") {
                let packet = line[range.upperBound...]
                exchanges.append(Exchange(packet: String(packet.prefix { $0 != "#" }), reply: nil))
            } else if let range = line.firstRange(of: "Packet received:"), let last = exchanges.indices.last,
                exchanges[last].reply == nil
            {
                let reply = line[range.upperBound...].drop { $0 == " " }
                exchanges[last].reply = String(reply)
            }
        }
        return exchanges
    }
}
