/// The sizes of Ethernet frames as host links carry them, without the frame check sequence.
package enum EthernetFrame {
    /// Lengths in bytes: from a header alone to the largest IP packet after a header with a VLAN tag.
    package static let lengths = 14...65_553
}
