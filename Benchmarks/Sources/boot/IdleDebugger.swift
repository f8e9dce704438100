import Foundation

/// A client of the remote protocol that attaches, resumes the machine and then sends nothing.
final class IdleDebugger {
    private let socket: CInt

    init(port: UInt16) throws {
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let socket = socket
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            throw BootedMachine.Failure(description: "port \(port): \(String(cString: strerror(errno)))")
        }
        for packet in ["qSupported:swbreak+;hwbreak+;vContSupported+", "?"] {
            try send(packet)
            try readReply()
        }
        try send("vCont;c")
    }

    deinit { close(socket) }

    private func send(_ packet: String) throws {
        let sum = packet.utf8.reduce(UInt8(0)) { $0 &+ $1 }
        let bytes = Array((packet.isEmpty ? "" : "$\(packet)#" + String(format: "%02x", sum)).utf8)
        guard Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw BootedMachine.Failure(description: "the stub does not take \(packet)")
        }
    }

    /// Reads one packet and acknowledges it.
    private func readReply() throws {
        var text = ""
        while text.firstMatch(of: /\$[^#]*#../) == nil {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { throw BootedMachine.Failure(description: "the stub ended the connection: \(text)") }
            text += String(decoding: buffer[..<count], as: UTF8.self)
        }
        guard Foundation.send(socket, "+", 1, Int32(MSG_NOSIGNAL)) == 1 else {
            throw BootedMachine.Failure(description: "the stub is gone")
        }
    }
}
