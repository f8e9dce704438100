import HostIO

/// A file that the user named, or the bytes of one that are in memory already.
package struct InputFile: Sendable {
    /// The path of the file, or the name for error messages.
    package var path: String
    private var bytes: [UInt8]?

    /// The largest file that is read where memory sets no lower limit, in bytes.
    static let sizeLimit: UInt64 = 2 << 30

    /// A file that is read when it is needed.
    package init(path: String) {
        self.path = path
    }

    /// Bytes in memory, with a name for error messages.
    package init(name: String, bytes: [UInt8]) {
        path = name
        self.bytes = bytes
    }

    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - role: The use of the file, for the error.
    ///   - limit: The largest size in bytes; a larger file is refused without being read.
    func load(role: InputRole, limit: UInt64) throws(MachineError) -> [UInt8] {
        if let bytes {
            guard UInt64(bytes.count) <= limit else { throw tooLarge(role, UInt64(bytes.count), limit) }
            return bytes
        }
        do throws(HostFile.LoadError) {
            return try HostFile.load(path, limit: limit)
        } catch {
            throw switch error {
            case .unreadable(let errno): .file(role, path: path, .unreadable(errno))
            case .notRegular: .file(role, path: path, .notRegular)
            case .tooLarge(let size): tooLarge(role, size, limit)
            }
        }
    }

    private func tooLarge(_ role: InputRole, _ size: UInt64, _ limit: UInt64) -> MachineError {
        .file(role, path: path, .tooLarge(size, limit: limit))
    }
}
