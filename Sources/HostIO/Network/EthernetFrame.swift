/// What an Ethernet frame is to the host's side: bytes of a certain length, without the check sequence.
package enum EthernetFrame {
    /// From a header alone to the largest IP packet behind a header with a VLAN tag.
    package static let lengths = 14...65_553
}
