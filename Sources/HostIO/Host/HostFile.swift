import Platform
package import SystemPackage

/// Whole files.
package enum HostFile {
    /// Why a file can't be loaded.
    package enum LoadError: Error, Equatable, Sendable {
        case unreadable(Errno)
        case notRegular
        /// The file's size in bytes, which is above the limit.
        case tooLarge(UInt64)
    }

    /// Reads a whole file of at most `limit` bytes; a larger one is refused unread.
    package static func load(_ path: String, limit: UInt64) throws(LoadError) -> [UInt8] {
        let result: Result<[UInt8], LoadError>
        do throws(Errno) {
            // NONBLOCK: opening a FIFO that no process writes must not hang.
            let file = try OwnedDescriptor.open(FilePath(path), .readOnly, options: .nonBlocking)
            let status = try file.status()
            if status.kind != .regular {
                result = .failure(.notRegular)
            } else if status.size > limit {
                result = .failure(.tooLarge(status.size))
            } else {
                result = .success(try file.borrowed.readAll(upTo: Int(status.size)))
            }
        } catch {
            throw .unreadable(error)
        }
        return try result.get()
    }

    /// Opens a file for writing, created or emptied; it doesn't block.
    ///
    /// An error names `purpose` as what was tried. A FIFO that no process reads is refused instead of waited for
    /// (open(2), ENXIO).
    static func create(_ path: String, purpose: String) throws(HostError) -> OwnedDescriptor {
        do throws(Errno) {
            return try OwnedDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .nonBlocking, .noControllingTerminal],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            let isFIFO =
                error == .noSuchAddressOrDevice && FileStatus(path: path, followsLink: true)?.kind == .fifo
            throw HostError(
                "\(purpose) \(path)" + (isFIFO ? ": no process reads this FIFO, start its reader first" : ""),
                errno: error)
        }
    }

    /// Replaces a file's content.
    package static func write(_ bytes: [UInt8], to path: String) throws(HostError) {
        let file = try create(path, purpose: "write")
        // The reader of a FIFO is waited for from here on; a signal that ends the process ends that.
        file.setBlocking()
        do throws(Errno) {
            try file.borrowed.writeAll(bytes)
        } catch {
            throw HostError("write \(path)", errno: error)
        }
    }

    /// The first 16 KiB of a file as text; nil if it can't be read.
    static func readSmall(_ path: String) -> String? {
        do throws(Errno) {
            let file = try OwnedDescriptor.open(FilePath(path), .readOnly)
            return String(decoding: try file.borrowed.read(upTo: 16384), as: UTF8.self)
        } catch {
            return nil
        }
    }
}
