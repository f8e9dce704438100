import GDBRemote
import Testing

@Suite struct PacketDecoderTests {
    @Test func aPacketIsFound() {
        var decoder = PacketDecoder()
        var index = 0
        #expect(decoder.next(in: Array("$OK#9a".utf8), from: &index) == .packet(Array("OK".utf8)))
        #expect(index == 6)
    }
}
