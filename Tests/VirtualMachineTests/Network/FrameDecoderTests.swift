import HostIO
import TestSupport
import Testing
import VirtualMachine

@Suite("Frames in a stream")
struct FrameDecoderTests {
    /// Decodes a stream in chunks: its frames, and the length that ended it.
    private static func decode(_ chunks: [[UInt8]]) -> (frames: [[UInt8]], badLength: UInt32?) {
        var decoder = FrameDecoder()
        var frames: [[UInt8]] = []
        for chunk in chunks {
            decoder.receive(chunk)
            do throws(FrameDecoder.BadLength) {
                while let frame = try decoder.next() { frames.append(frame) }
            } catch {
                return (frames, error.length)
            }
        }
        return (frames, nil)
    }

    private static func encoded(_ frame: [UInt8]) -> [UInt8] { FrameDecoder.header(of: frame) + frame }

    @Test("have their length in front, in network order")
    func header() {
        #expect(FrameDecoder.header(of: [UInt8](repeating: 0, count: 0x1_0203)) == [0, 1, 2, 3])
    }

    @Test("come out whole however the stream is cut, and what is too short for a header doesn't")
    func fuzzCuts() {
        fuzz("frames") { random in
            var sent: [[UInt8]] = []
            var stream: [UInt8] = []
            for _ in 0..<random.below(20) {
                let count = random.pick([0, 1, 13, 14, 60, 1514, 9000, 65_553])
                let frame = [UInt8](repeating: UInt8(random.below(256)), count: count)
                if count >= 14 { sent.append(frame) }
                stream += Self.encoded(frame)
            }
            var chunks: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let chunk = rest.prefix(1 + random.below(random.pick([3, 1000, 100_000])))
                chunks.append(Array(chunk))
                rest = rest.dropFirst(chunk.count)
            }
            let received = Self.decode(chunks)
            #expect(received.frames == sent && received.badLength == nil, random.comment)
        }
    }

    @Test("a length no frame has ends the stream, before it is waited for", arguments: [65_554, 0x8000_0000, .max])
    func hostileLength(length: UInt32) {
        let frame = [UInt8](repeating: 7, count: 60)
        let header = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
        let received = Self.decode([Self.encoded(frame) + header])
        #expect(received.frames == [frame] && received.badLength == length)
    }
}
