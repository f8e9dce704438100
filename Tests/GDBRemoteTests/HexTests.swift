import GDBRemote
import Testing

@Suite struct HexTests {
    @Test func bytesBecomeLowerCaseDigits() {
        var text: [UInt8] = []
        Hex.append((0...255)[...].map { UInt8($0) }[...], to: &text)
        let expected = (0...255).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(text == Array(expected.utf8))
        #expect(Hex.decode(text[...]) == (0...255).map { UInt8($0) })
        #expect(Hex.decode(Array(expected.uppercased().utf8)[...]) == (0...255).map { UInt8($0) })
    }

    @Test(arguments: ["0", "0g", "g0", "0x", "/0", ":0", "@0", "`0", "0\u{1}", "00 "])
    func whatIsNotHexIsRefused(digits: String) {
        #expect(Hex.decode(Array(digits.utf8)[...]) == nil)
    }

    @Test(arguments: [0, 1, 9, 10, 15, 16, 0xff, 0x100, 0xabc, 0x1234_5678, 1 << 60, UInt64.max])
    func numbersHaveNoLeadingZeros(number: UInt64) {
        var text: [UInt8] = []
        Hex.append(number: number, to: &text)
        #expect(text == Array(String(number, radix: 16).utf8))
    }
}
