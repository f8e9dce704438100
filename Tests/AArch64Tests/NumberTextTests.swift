import NumberText
import Testing

@Suite struct NumberTextTests {
    @Test("a size is in the largest unit that divides it")
    func sizes() {
        let sizes: [(UInt64, String)] = [
            (0, "0 bytes"), (1, "1 byte"), (1000, "1000 bytes"), (1024, "1 KiB"), (1536, "1536 bytes"),
            (4096, "4 KiB"), (3 << 20, "3 MiB"), (1 << 30, "1 GiB"), ((1 << 30) + 1024, "1048577 KiB"),
            (1 << 40, "1 TiB"), (1 << 63, "8388608 TiB"),
        ]
        for (bytes, text) in sizes { #expect(sizeInWords(bytes) == text) }
    }

    @Test("an address has 0x, and zeros where digits are asked for")
    func addresses() {
        #expect(hexadecimal(UInt64(0)) == "0x0")
        #expect(hexadecimal(UInt8(0xAB), digits: 4) == "0x00ab")
        #expect(hexadecimal(UInt64.max, digits: 4) == "0xffffffffffffffff")
    }
}
