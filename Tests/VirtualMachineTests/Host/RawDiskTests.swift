import Foundation
import HostIO
import SystemPackage
import TestSupport
import Testing
import VirtualMachine

@Suite("Raw disk images")
struct RawDiskTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func image(sectors: Int, name: String = "disk.img") throws -> String {
        try folder.write((0..<sectors * 512).map { UInt8(truncatingIfNeeded: $0 >> 9) }, to: name)
    }

    static let options: [(String, DiskOption?)] = [
        ("disk.img", DiskOption(path: "disk.img")), ("disk.img,ro", DiskOption(path: "disk.img", isReadOnly: true)),
        ("a,b", DiskOption(path: "a,b")), ("a,ro,ro", DiskOption(path: "a,ro", isReadOnly: true)),
        ("", nil), (",ro", nil),
    ]

    @Test("--disk takes a file, and ,ro after it", arguments: options)
    func option(text: String, expected: DiskOption?) {
        #expect(DiskOption(text) == expected)
    }

    @Test("what is written is read again, and is in the file")
    func roundTrip() throws {
        let path = try image(sectors: 8)
        let disk = try RawDisk(DiskOption(path: path))
        #expect(disk.sectorCount == 8 && !disk.isReadOnly && disk.identifier == "disk.img")
        var buffer = [UInt8](repeating: 0, count: 1024)
        #expect(buffer.withUnsafeMutableBytes { disk.read(at: 512, into: $0) })
        #expect(buffer == [UInt8](repeating: 1, count: 512) + [UInt8](repeating: 2, count: 512))
        let written = [UInt8](repeating: 0xA5, count: 512)
        #expect(written.withUnsafeBytes { disk.write(at: 7 * 512, from: $0) })
        #expect(disk.flush())
        #expect(try #require(FileManager.default.contents(atPath: path)).suffix(512) == Data(written))
    }

    @Test(
        "nothing is read or written outside the disk",
        arguments: [8 * 512 as UInt64, 7 * 512 + 1, 1 << 40, .max - 511, .max])
    func outside(offset: UInt64) throws {
        let path = try image(sectors: 8)
        let disk = try RawDisk(DiskOption(path: path))
        var buffer = [UInt8](repeating: 0x77, count: 512)
        #expect(!buffer.withUnsafeMutableBytes { disk.read(at: offset, into: $0) })
        #expect(!buffer.withUnsafeBytes { disk.write(at: offset, from: $0) })
        #expect(FileManager.default.contents(atPath: path)?.count == 8 * 512)
    }

    @Test("a disk that is cut while in use fails, and does nothing worse")
    func cut() throws {
        let path = try image(sectors: 8)
        let disk = try RawDisk(DiskOption(path: path))
        truncate(path, 700)
        var buffer = [UInt8](repeating: 0, count: 1024)
        #expect(!buffer.withUnsafeMutableBytes { disk.read(at: 0, into: $0) })
        for offset in [0, 512, 7 * 512] as [UInt64] {
            #expect(!buffer.prefix(512).withUnsafeBytes { disk.write(at: offset, from: $0) } || offset == 0)
        }
        // The disk doesn't grow again, with zeros where the data was.
        #expect(FileManager.default.contents(atPath: path)?.count == 700)
    }

    @Test("a read-only disk is not written, and may be used by many")
    func readOnly() throws {
        let path = try image(sectors: 2)
        let disks = try (0..<3).map { _ in try RawDisk(DiskOption(path: path, isReadOnly: true)) }
        let buffer = [UInt8](repeating: 0xA5, count: 512)
        #expect(disks.allSatisfy { $0.isReadOnly && !buffer.withUnsafeBytes($0.writeAtStart) })
        #expect(FileManager.default.contents(atPath: path)?.first == 0)
    }

    @Test("a disk that is written is used by one machine only, as long as that lives")
    func locks() throws {
        let path = try image(sectors: 2)
        for (first, second) in [(false, false), (false, true), (true, false)] {
            let disk = try RawDisk(DiskOption(path: path, isReadOnly: first))
            let error = #expect(throws: StartError.self) { try RawDisk(DiskOption(path: path, isReadOnly: second)) }
            #expect(error?.reason.contains("is in use") == true)
            withExtendedLifetime(disk) {}
        }
        #expect(throws: Never.self) { try RawDisk(DiskOption(path: path)) }
    }

    @Test("what is no disk is refused in one line that names it")
    func refused() throws {
        let fifo = folder.file("fifo")
        #expect(mkfifo(fifo, 0o600) == 0)
        let rows = [
            (folder.file("none"), "no such file"), (folder.path, "is a directory"), (fifo, "is neither"),
            ("/dev/null", "is neither"), (try folder.write([], to: "empty"), "is empty"),
            (try folder.write([UInt8](repeating: 0, count: 1000), to: "odd"), "has 1000 bytes"),
        ]
        for (path, reason) in rows {
            for isReadOnly in [false, true] {
                let error = #expect(throws: StartError.self) {
                    try RawDisk(DiskOption(path: path, isReadOnly: isReadOnly))
                }
                #expect(error?.subject == .disk(path: path), "\(String(describing: error))")
                #expect(error?.reason.hasPrefix(reason) == true, "\(String(describing: error))")
            }
        }
        #expect(RawDisk.text(of: .permissionDenied, isReadOnly: false) == "no permission to write it; add ,ro?")
        #expect(RawDisk.text(of: .readOnlyFileSystem, isReadOnly: false) == "no permission to write it; add ,ro?")
        #expect(RawDisk.text(of: .permissionDenied, isReadOnly: true) == "no permission to read it")
    }
}

extension RawDisk {
    fileprivate func writeAtStart(_ buffer: UnsafeRawBufferPointer) -> Bool { write(at: 0, from: buffer) }
}
