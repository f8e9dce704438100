import HostIO

/// A file the user named, or its bytes where a test or another program has them already.
package struct InputFile: Sendable {
    /// As error messages name it.
    package var path: String
    private var bytes: [UInt8]?

    /// Upper bound on the size in bytes where memory sets none: a larger file is surely a mistake.
    static let sizeLimit: UInt64 = 2 << 30

    package init(path: String) {
        self.path = path
    }

    package init(name: String, bytes: [UInt8]) {
        path = name
        self.bytes = bytes
    }

    /// Reads the whole file.
    ///
    /// - Parameters:
    ///   - role: the use of the file, for an error.
    ///   - limit: the size from which on it is refused, unread.
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
