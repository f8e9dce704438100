import Platform
import SystemPackage

/// The status of a file (stat(2)).
struct FileStatus {
    enum Kind {
        case regular, directory, blockDevice, fifo, socket, other
    }

    var kind: Kind
    /// In bytes; 0 for a block device.
    var size: UInt64
    /// Device and inode, which no two files share at one time.
    var identity: Identity

    struct Identity: Equatable {
        fileprivate var device: UInt64
        fileprivate var inode: UInt64
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFBLK: .blockDevice
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            default: .other
            }
        size = UInt64(clamping: status.st_size)
        identity = Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    }

    /// The status of an open file; nil if the descriptor is closed.
    init?(_ descriptor: FileDescriptor) {
        var status = stat()
        // SAFETY: fstat(2) writes one `stat`.
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { return nil }
        self.init(status)
    }

    /// The status of a path, of a symbolic link itself unless it is followed; nil if there is none.
    init?(path: String, followsLink: Bool) {
        var status = stat()
        // SAFETY: stat(2) and lstat(2) read a string that ends in a zero and write one `stat`.
        guard unsafe (followsLink ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        self.init(status)
    }
}
