import Foundation
import Synchronization
import TestSupport

/// A relay between a real GDB and a stub that records the bytes that GDB sends.
final class Tap: Sendable {
    let port: UInt16
    private let sent = Mutex<[UInt8]>([])
    private let finished = DispatchSemaphore(value: 0)

    init(stub: UInt16) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard bound else { throw ProcessError("no port to listen on: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            serve(listener, stub)
            finished.signal()
        }
    }

    /// Waits until GDB has disconnected, and returns the packets it sent, in order.
    func packets() -> [[UInt8]] {
        _ = finished.wait(timeout: .now() + 10)
        var packets: [[UInt8]] = []
        let bytes = sent.withLock { $0 }
        var index = 0
        while let start = bytes[index...].firstIndex(of: UInt8(ascii: "$")),
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "#"))
        {
            packets.append(Array(bytes[(start + 1)..<end]))
            index = min(end + 3, bytes.count)
        }
        return packets
    }

    private func serve(_ listener: CInt, _ stub: UInt16) {
        defer { close(listener) }
        let client = accept(listener, nil, nil)
        guard client >= 0 else { return }
        defer { close(client) }
        guard let server = try? Connection.connect(port: stub) else { return }
        defer { close(server) }
        var one: Int32 = 1
        setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var requests = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while poll(&requests, 2, -1) > 0 {
            for (index, other) in [(0, server), (1, client)] where requests[index].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 65536)
                let count = recv(requests[index].fd, &buffer, buffer.count, 0)
                guard count > 0, send(other, buffer, count, Int32(MSG_NOSIGNAL)) == count else { return }
                if index == 0 { sent.withLock { $0 += buffer[..<count] } }
            }
        }
    }
}
