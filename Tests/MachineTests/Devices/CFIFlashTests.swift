import GuestAddresses
import GuestMemory
import Machine
import TestSupport
import Testing

@Suite struct CFIFlashTests {
    private static let traces = [
        Trace(
            "a new chip reads as erased", [.read(0, 0xFFFF_FFFF), .read(0x3FFFC, ~0, size: 8), .read(7, 0xFF, size: 1)]),
        Trace(
            "identification of both chips",
            [
                .write(0, 0x0090_0090), .read(0, 0x0089_0089), .read(4, 0x0018_0018), .read(8, 0),
                .read(0x40000, 0x0089_0089),
                .read(2, 0x89, size: 2), .write(0, 0x00FF_00FF), .read(0, 0xFFFF_FFFF),
            ]),
        Trace(
            "the query structure, byte by byte of each chip",
            [
                .write(0x154, 0x0098_0098), .read(0x40, 0x0051_0051), .read(0x44, 0x0052_0052),
                .read(0x48, 0x0059_0059),
                .read(0x4C, 0x0001_0001), .read(0x50, 0), .read(0x54, 0x0031_0031), .read(0x40, 0x51, size: 1),
                .read(0x41, 0, size: 1), .read(0x40, 0x0052_0052_0051_0051, size: 8),
                // Two chips of 512 KiB: 2^19 bytes, 4 sectors of 128 KiB each.
                .read(0x27 * 4, 0x0013_0013), .read(0x2C * 4, 0x0001_0001), .read(0x2D * 4, 0x0003_0003),
                .read(0x2E * 4, 0), .read(0x2F * 4, 0), .read(0x30 * 4, 0x0002_0002),
                .read(0x31 * 4, 0x0050_0050), .read(0x1000, 0), .write(0, 0xF0, size: 1), .read(0x40, 0xFFFF_FFFF),
            ]),
        Trace(
            "programming clears bits only, and is followed by the status",
            [
                .write(0x100, 0x0040_0040), .read(0, 0x0080_0080), .write(0x100, 0x1234_5678),
                .read(0x100, 0x0080_0080),
                .write(0, 0x00FF_00FF), .read(0x100, 0x1234_5678), .read(0x104, 0xFFFF_FFFF),
                .write(0x100, 0x0010_0010),
                .write(0x100, 0xFFFF_0000), .write(0, 0xFF), .read(0x100, 0x1234_0000),
            ]),
        Trace(
            "one chip's lane can be programmed alone",
            [.write(0x102, 0x40, size: 2), .write(0x102, 0xABCD, size: 2), .write(0, 0xFF), .read(0x100, 0xABCD_FFFF)]),
        Trace(
            "erasing takes a whole sector and no more",
            [
                .write(0x3FFFC, 0x40), .write(0x3FFFC, 0), .write(0x40000, 0x40), .write(0x40000, 0),
                .write(0x7FFFC, 0x40), .write(0x7FFFC, 0), .write(0x80000, 0x40), .write(0x80000, 0),
                .write(0x40010, 0x0020_0020), .write(0x40010, 0x00D0_00D0), .read(0, 0x0080_0080),
                .write(0, 0x00FF_00FF),
                .read(0x3FFFC, 0), .read(0x40000, 0xFFFF_FFFF), .read(0x7FFFC, 0xFFFF_FFFF), .read(0x80000, 0),
            ]),
        Trace(
            "an erase without its confirmation is a sequence error until the status is cleared",
            [
                .write(0, 0x40), .write(0, 0), .write(0, 0x20), .write(0, 0x12), .read(0, 0x00B0_00B0), .write(0, 0x50),
                .write(0, 0x70), .read(0, 0x0080_0080), .write(0, 0xFF), .read(0, 0),
            ]),
        Trace(
            "a buffered write",
            [
                .write(0x200, 0x00E8_00E8), .read(0x200, 0x0080_0080), .write(0x200, 0x0002_0002),
                .write(0x200, 0x1111_1111),
                .write(0x204, 0x2222_2222), .write(0x208, 0x3333_3333), .write(0x200, 0x00D0_00D0),
                .read(0x200, 0x0080_0080),
                .write(0, 0xFF), .read(0x200, 0x2222_2222_1111_1111, size: 8), .read(0x208, 0x3333_3333),
                .read(0x20C, 0xFFFF_FFFF),
            ]),
        Trace(
            "a buffered write that is not confirmed changes nothing",
            [
                .write(0x200, 0xE8), .write(0x200, 0), .write(0x200, 0), .write(0x200, 0xFF), .read(0, 0x00B0_00B0),
                .write(0, 0xFF), .read(0x200, 0xFFFF_FFFF),
            ]),
        Trace(
            "a buffered write longer than the buffer is refused",
            [.write(0, 0xE8), .write(0, 0x0100), .read(0, 0x00B0_00B0), .write(0, 0xFF), .read(0, 0xFFFF_FFFF)]),
        Trace(
            "the lock commands are answered, nothing is ever locked",
            [
                .write(0, 0x60), .write(0, 0x01), .read(0, 0x0080_0080), .write(0, 0x60), .write(0, 0xD0),
                .read(0, 0x0080_0080), .write(0, 0x60), .write(0, 0x77), .read(0, 0x00B0_00B0), .write(0, 0x50),
                .write(0, 0xFF),
            ]),
        Trace(
            "a doubleword is two words",
            [
                // The data, then read array again.
                .write(0x300, 0x40), .write(0x300, 0x00FF_00FF_0BAD_CAFE, size: 8), .read(0x300, 0x0BAD_CAFE),
            ]),
    ]

    private static func chip() throws -> (GuestMemory, CFIFlash) {
        let memory = GuestMemory()
        let region = try memory.addRegion(name: "flash", kind: .flash, base: 0x1000_0000, size: 1 << 20)
        return (memory, CFIFlash(region: region, in: memory))
    }

    @Test(arguments: traces) func accessesBehaveAsRecorded(_ trace: Trace) throws {
        let (_, flash) = try Self.chip()
        trace.play(on: flash, line: Line())
    }

    @Test func readsAreDirectInReadArrayModeOnly() throws {
        let (memory, flash) = try Self.chip()
        let region = try #require(memory.regions.first)
        var changes: [Bool] = []
        memory.onChange = { changes.append(region.isDirect) }
        for command: UInt64 in [0xFF, 0x70, 0x98, 0x50, 0xFF, 0x90] {
            flash.write(offset: 0, size: 4, value: command, vcpu: 0)
        }
        #expect(changes == [false, true, false])
        flash.reset()
        #expect(region.isDirect)
    }

    @Test func contentSurvivesAReset() throws {
        let (memory, flash) = try Self.chip()
        flash.write(offset: 8, size: 4, value: 0x40, vcpu: 0)
        flash.write(offset: 8, size: 4, value: 0x0403_0201, vcpu: 0)
        flash.reset()
        #expect(try memory.read(0x1000_0008, count: 4) == [1, 2, 3, 4])
    }

    @Test func noSequenceOfAccessesCrashesIt() throws {
        var random = SeededRandom.announced("CFIFlash")
        let (_, flash) = try Self.chip()
        let commands: [UInt64] = [0x10, 0x20, 0x40, 0x50, 0x60, 0x70, 0x90, 0x98, 0xD0, 0xE8, 0xFF, 0]
        for _ in 0..<100_000 {
            let size = [1, 2, 4, 8].randomElement(using: &random) ?? 4
            let offset = UInt64.random(in: 0...(1 << 20) - UInt64(size), using: &random)
            if Bool.random(using: &random) {
                _ = flash.read(offset: offset, size: size, vcpu: 0)
            } else {
                let value = Bool.random(using: &random) ? commands.randomElement(using: &random) ?? 0 : random.next()
                flash.write(offset: offset, size: size, value: value, vcpu: 0)
            }
        }
        flash.reset()
    }
}
