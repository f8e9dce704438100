import Platform
package import SystemPackage

/// A raw disk image, or a disk of the host, as the storage of a guest disk.
///
/// The file is locked (flock(2)) as long as the disk exists: two machines that write the same file system ruin it.
package final class RawDisk {
    package let sectorCount: UInt64
    package let isReadOnly: Bool
    /// The file's name, as far as it is ASCII and fits.
    ///
    /// The guest distinguishes its disks by it.
    package let identifier: String
    private let file: OwnedDescriptor

    private static let sectorSize: UInt64 = 512

    package init(_ option: DiskOption) throws(StartError) {
        let path = option.path
        func refusal(_ reason: String) -> StartError { StartError(.disk(path: path), reason) }
        let file = try attempt { () throws(Errno) in
            // NONBLOCK: opening a FIFO must not hang.
            try OwnedDescriptor.open(
                FilePath(path), option.isReadOnly ? .readOnly : .readWrite, options: .nonBlocking)
        } otherwise: {
            refusal(Self.text(of: $0, isReadOnly: option.isReadOnly))
        }
        let raw = file.borrowed.rawValue
        switch FileStatus(file.borrowed)?.kind {
        case .regular, .blockDevice: break
        case .directory: throw refusal("is a directory; give a raw disk image")
        default: throw refusal("is neither a file nor a block device; give a raw disk image")
        }
        let size = try attempt { () throws(Errno) in
            // A block device's size is not in its status.
            try systemCall { lseek(raw, 0, SEEK_END) }
        } otherwise: {
            refusal("\($0)")
        }
        guard size > 0 else { throw refusal("is empty; make one with: truncate -s 1G \(path)") }
        guard UInt64(size) % Self.sectorSize == 0 else {
            throw refusal("has \(size) bytes, which is no multiple of the 512 of a sector; is it a raw disk image?")
        }
        // Where locks don't work (some network file systems), there is none.
        if flock(raw, (option.isReadOnly ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0, Errno.last.isWouldBlock {
            throw refusal("is in use, by this machine or another; only read-only disks (,ro) may be shared")
        }
        self.file = file
        sectorCount = UInt64(size) / Self.sectorSize
        isReadOnly = option.isReadOnly
        let name = path.split(separator: "/").last ?? ""
        identifier = String(name.filter { $0.isASCII && !$0.isWhitespace }.prefix(20))
    }

    /// Why a disk can't be opened, and what to do.
    package static func text(of errno: Errno, isReadOnly: Bool) -> String {
        switch errno {
        case .noSuchFileOrDirectory: "no such file; make one with: truncate -s 1G FILE"
        case .isDirectory: "is a directory; give a raw disk image"
        case .permissionDenied, .notPermitted, .readOnlyFileSystem:
            isReadOnly ? "no permission to read it" : "no permission to write it; add ,ro?"
        case .textFileBusy: "is a program that runs; give a raw disk image"
        default: "\(errno)"
        }
    }

    package func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Bool {
        transfer(buffer.count, at: offset) { done, position in
            // SAFETY: `transfer` asks for the bytes of the buffer after the first `done`, which are fewer than it has.
            unsafe pread(
                file.borrowed.rawValue, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done, position)
        }
    }

    package func write(at offset: UInt64, from buffer: UnsafeRawBufferPointer) -> Bool {
        guard !isReadOnly, !isCutOff(before: offset &+ UInt64(buffer.count)) else { return false }
        return transfer(buffer.count, at: offset) { done, position in
            // SAFETY: `transfer` asks for the bytes of the buffer after the first `done`, which are fewer than it has.
            unsafe pwrite(
                file.borrowed.rawValue, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done, position)
        }
    }

    package func flush() -> Bool {
        do throws(Errno) {
            try systemCall { HostPlatform.synchronizeData(file.borrowed) }
            return true
        } catch {
            return false
        }
    }

    /// Whether a file ends before `end` now, because it has been cut while it is in use: a write would make it grow
    /// again, with zeros where the data was.
    private func isCutOff(before end: UInt64) -> Bool {
        guard let status = FileStatus(file.borrowed), status.kind == .regular else { return false }
        return status.size < min(end, sectorCount * Self.sectorSize)
    }

    /// Repeats a call until all bytes are moved; false outside the disk, and when the host fails.
    private func transfer(_ count: Int, at offset: UInt64, _ call: (_ done: Int, _ position: off_t) -> Int) -> Bool {
        let size = sectorCount * Self.sectorSize
        guard offset <= size, UInt64(count) <= size - offset else { return false }
        var done = 0
        while done < count {
            // 0: the file has been cut while it was in use.
            guard let moved = try? systemCall({ call(done, off_t(offset) + off_t(done)) }), moved > 0 else {
                return false
            }
            done += moved
        }
        return true
    }
}
