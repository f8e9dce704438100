import Foundation
import GuestAddresses
import GuestMemory
import TestSupport
import Testing

import Machine

@Suite struct GunzipTests {
    private static func packed(_ name: String) throws -> [UInt8] {
        let fixture = try #require(GzipFixtures.all.first { $0.name == name })
        return Array(try #require(Data(base64Encoded: fixture.base64)))
    }

    @Test(arguments: GzipFixtures.all.map(\.name)) func everyKindOfBlockAndHeaderIsUnpacked(_ name: String) throws {
        let fixture = try #require(GzipFixtures.all.first { $0.name == name })
        let bytes = try Gunzip.unpack(Self.packed(name), limit: fixture.count)
        #expect(bytes == Array(GzipFixtures.text.utf8.prefix(fixture.count)))
    }

    @Test(arguments: GzipFixtures.all.map(\.name)) func aCutOffFileIsSaidToBe(_ name: String) throws {
        let bytes = try Self.packed(name)
        let whole = name == "padded" ? bytes.count - 7 : bytes.count
        for count in 2..<whole {
            #expect(throws: Gunzip.Failure.truncated) {
                try Gunzip.unpack(Array(bytes.prefix(count)), limit: 1 << 20)
            }
        }
    }

    @Test(arguments: ["stored", "fixed", "dynamic"]) func noMoreComesOutThanAllowed(_ name: String) throws {
        let fixture = try #require(GzipFixtures.all.first { $0.name == name })
        #expect(throws: Gunzip.Failure.tooLarge) {
            try Gunzip.unpack(Self.packed(name), limit: fixture.count - 1)
        }
    }

    @Test func aDamagedFileIsRefusedOrUnpacksToTheSame() throws {
        var random = SeededRandom.announced("Gunzip, damaged files")
        var refused = 0
        for fixture in GzipFixtures.all {
            let whole = try Self.packed(fixture.name)
            let text = Array(GzipFixtures.text.utf8.prefix(fixture.count))
            for _ in 0..<500 {
                var bytes = whole
                for _ in 0...Int.random(in: 0...2, using: &random) {
                    bytes[Int.random(in: 2..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                do throws(Gunzip.Failure) {
                    let unpacked = try Gunzip.unpack(bytes, limit: 1 << 16)
                    #expect(unpacked == text, "\(fixture.name), \(random.comment)")
                } catch {
                    refused += 1
                }
            }
        }
        #expect(refused > 1000, random.comment)
        print("Gunzip: \(refused) damaged files refused")
    }

    @Test func randomBlocksNeverCrash() {
        var random = SeededRandom.announced("Gunzip, random files")
        for _ in 0..<5000 {
            let count = Int.random(in: 1...80, using: &random)
            let body = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? Gunzip.unpack([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + body, limit: 1 << 16)
        }
    }

    @Test func aPackedKernelBoots() throws {
        let kernel = ImageBuilder.linux(count: 300_000, imageSize: 1 << 20)
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("Image-\(UUID())")
        try Data(kernel).write(to: url)
        let gzip = Process()
        gzip.executableURL = URL(fileURLWithPath: "/bin/gzip")
        gzip.arguments = ["-9", url.path]
        try gzip.run()
        gzip.waitUntilExit()
        let packed = url.appendingPathExtension("gz")
        defer { try? FileManager.default.removeItem(at: packed) }
        let machine = try Machine(MachineConfiguration(kernel: InputFile(path: packed.path)))
        #expect(machine.bootState.pc == 0x4000_0000)
        #expect(try machine.memory.read(0x4000_0000, count: kernel.count) == kernel)
    }
}
