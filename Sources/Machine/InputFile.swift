import HostIO
import NumberText
import SystemPackage

/// A file the user named, or its bytes where a test or another program has them already.
package struct InputFile: Sendable {
    /// As error messages name it.
    package var path: String
    private var bytes: [UInt8]?

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
    ///   - role: what the file is, as in `kernel image`.
    ///   - limit: the size from which on it is refused, unread.
    func load(role: String, limit: UInt64) throws(MachineError) -> [UInt8] {
        if let bytes {
            guard UInt64(bytes.count) <= limit else { throw tooLarge(role, UInt64(bytes.count), limit) }
            return bytes
        }
        do throws(HostFile.LoadError) {
            return try HostFile.load(path, limit: limit)
        } catch {
            throw switch error {
            case .unreadable(let errno): unreadable(role, errno)
            case .notRegular: MachineError(.file, "\(role) \(path): not a regular file")
            case .tooLarge(let size): tooLarge(role, size, limit)
            }
        }
    }

    private func unreadable(_ role: String, _ errno: Errno) -> MachineError {
        let reason =
            switch errno {
            case .noSuchFileOrDirectory: "no such file"
            case .permissionDenied: "no permission to read it"
            case .isDirectory: "is a directory"
            default: "\(errno)"
            }
        return MachineError(.file, "\(role) \(path): \(reason)")
    }

    private func tooLarge(_ role: String, _ size: UInt64, _ limit: UInt64) -> MachineError {
        MachineError(
            .space, "\(role) \(path): \(sizeInWords(size)) is too large, there is room for \(sizeInWords(limit))")
    }
}
