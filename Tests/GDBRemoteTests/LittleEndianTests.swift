import ByteOrder
import Testing

@Suite("Numbers as little-endian bytes")
struct LittleEndianTests {
    @Test("A number has as many bytes as its type, or as asked for")
    func bytes() {
        #expect(UInt32(0x0102_0304).littleEndianBytes == [4, 3, 2, 1])
        #expect(UInt64(0x0102_0304).littleEndianBytes(count: 2) == [4, 3])
        #expect(UInt64.max.littleEndianBytes(count: 10) == [UInt8](repeating: 0xff, count: 8) + [0, 0])
    }

    @Test("Missing high bytes are zero, and bytes above the width are ignored")
    func numbers() {
        #expect(UInt64(littleEndianBytes: [4, 3, 2, 1]) == 0x0102_0304)
        #expect(UInt16(littleEndianBytes: [4, 3, 2, 1]) == 0x0304)
        #expect(UInt8(littleEndianBytes: [4, 3]) == 4)
        #expect(UInt32(littleEndianBytes: []) == 0)
    }

    @Test("A number in a file is nil if the file ends before it does")
    func file() {
        let file: [UInt8] = [9, 1, 2, 3, 4]
        #expect(file.littleEndian(at: 1) == 0x0403_0201 as UInt32)
        #expect(file.littleEndian(at: 2, as: UInt32.self) == nil)
        #expect(file.littleEndian(at: 5, as: UInt8.self) == nil)
        #expect(file.littleEndian(at: .max, as: UInt8.self) == nil)
    }
}
