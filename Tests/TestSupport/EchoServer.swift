import Foundation
import Synchronization

/// An HTTP server on the loopback interface that sends back what is posted to it, one connection after the other.
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

    /// Answers one HTTP POST with its own body, and closes.
    ///
    /// A plain echo would depend on how the network between treats a connection that the client has half closed.
    private func serve(_ connection: CInt) {
        defer { _ = Foundation.close(connection) }
        var request: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        var body: (start: Int, length: Int)?
        while body.map({ request.count < $0.start + $0.length }) ?? true {
            let received = buffer.withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard received > 0 else { return }
            request += buffer[..<received]
            if body == nil { body = Self.body(of: request) }
        }
        guard let body else { return }
        let head = "HTTP/1.0 200 OK\r\nContent-Length: \(body.length)\r\n\r\n"
        let answer = Array(head.utf8) + request[body.start..<body.start + body.length]
        var sent = 0
        while sent < answer.count {
            let more = answer[sent...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return }
            sent += more
        }
        count.add(body.length, ordering: .relaxed)
    }

    /// Where the body of a request begins and how long it is; nil before its headers are complete.
    private static func body(of request: [UInt8]) -> (start: Int, length: Int)? {
        let text = String(decoding: request.prefix(4096), as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let field = text.firstMatch(of: /(?i)Content-Length: *(\d+)/),
            let length = Int(field.1)
        else { return nil }
        return (text.utf8.distance(from: text.startIndex, to: end.upperBound), length)
    }
}
