import Foundation
import Synchronization

/// A TCP server on the loopback interface that sends back what it gets, one connection after the other.
package final class EchoServer: Sendable {
    package let port: UInt16
    private let listener: CInt
    private let count = Atomic<Int>(0)

    package init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                let bound = bind(listener, $0, size) == 0 && listen(listener, 8) == 0
                return bound && getsockname(listener, $0, &size) == 0
            }
        }
        guard result else { throw ProcessError("no echo server: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                serve(connection)
            }
        }
    }

    /// How many bytes have been sent back.
    package var echoed: Int { count.load(ordering: .relaxed) }

    /// Ends the server; its thread holds it until then.
    package func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ connection: CInt) {
        defer { _ = Foundation.close(connection) }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let received = buffer.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard received > 0 else { return }
            var sent = 0
            while sent < received {
                let more = buffer[sent..<received].withUnsafeBytes {
                    send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard more > 0 else { return }
                sent += more
            }
            count.add(received, ordering: .relaxed)
        }
    }
}
