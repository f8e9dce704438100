import Foundation
import TestSupport

/// A client's end of the remote protocol.
///
/// It does as little work as possible, because the other end is measured.
final class Connection {
    /// The features that GDB 13 announces, which every client here sends.
    static let features =
        "qSupported:multiprocess+;swbreak+;hwbreak+;qRelocInsn+;vContSupported+;QThreadEvents+;no-resumed+"

    /// Whether packets are acknowledged: true until `QStartNoAckMode` succeeds.
    private(set) var acknowledges = true
    /// The stub's reply to `qSupported`.
    private(set) var stubFeatures: [Substring] = []
    private(set) var packetSize = 400
    private let socket: CInt
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    private var start = 0
    private var end = 0

    /// The number of packets with their replies so far.
    private(set) var roundTrips = 0
    /// Connects, announces the client's features, and turns off acknowledgments as GDB does.
    init(port: UInt16, limit: Int = 60) throws {
        socket = try Self.connect(port: port)
        var time = timeval(tv_sec: limit, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let reply = try ask(Self.features)
        let text = String(decoding: reply, as: UTF8.self)
        stubFeatures = text.split(separator: ";").map { Substring($0) }
        for feature in stubFeatures where feature.hasPrefix("PacketSize=") {
            packetSize = Int(feature.dropFirst(11), radix: 16) ?? packetSize
        }
        if stubFeatures.contains("QStartNoAckMode+"), try ask("QStartNoAckMode") == Array("OK".utf8) {
            acknowledges = false
        }
    }

    deinit { close(socket) }

    static func connect(port: UInt16) throws -> CInt {
        let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(socket)
            throw ProcessError("port \(port): \(String(cString: strerror(errno)))")
        }
        var one: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        return socket
    }
}

extension Connection {
    func ask(_ packet: String) throws -> [UInt8] { try ask(Array(packet.utf8)) }

    /// Sends a packet and returns the reply.
    ///
    /// The reply to a packet that resumes is the next stop.
    func ask(_ packet: [UInt8]) throws -> [UInt8] {
        roundTrips += 1
        try send(packet)
        return try reply()
    }

    /// Sends a packet, and throws if the reply is not `OK`.
    func demand(_ packet: String) throws {
        let reply = try ask(packet)
        guard reply == Array("OK".utf8) else {
            throw ProcessError("\(packet): the stub answered \"\(String(decoding: reply, as: UTF8.self))\"")
        }
    }

    func send(_ packet: String) throws { try send(Array(packet.utf8)) }

    /// Frames and sends a packet whose data is escaped already.
    func send(_ packet: [UInt8]) throws {
        var framed: [UInt8] = []
        framed.reserveCapacity(packet.count + 4)
        framed.append(UInt8(ascii: "$"))
        framed += packet
        framed.append(UInt8(ascii: "#"))
        let sum = packet.reduce(UInt8(0)) { $0 &+ $1 }
        framed += [Self.digits[Int(sum >> 4)], Self.digits[Int(sum & 15)]]
        try write(framed)
    }

    /// Sends Ctrl-C.
    func interrupt() throws { try write([3]) }

    /// Returns the data of the next packet, without escapes and run-length encoding.
    ///
    /// While packets are acknowledged, the checksum is verified as GDB does it.
    func reply() throws -> [UInt8] {
        while true {
            while start < end, buffer[start] != UInt8(ascii: "$") { start += 1 }
            if let hash = index(of: UInt8(ascii: "#"), from: start), hash + 2 < end {
                let body = buffer[(start + 1)..<hash]
                start = hash + 3
                if acknowledges {
                    let sum = body.reduce(UInt8(0)) { $0 &+ $1 }
                    guard buffer[hash + 1] == Self.digits[Int(sum >> 4)], buffer[hash + 2] == Self.digits[Int(sum & 15)]
                    else { throw ProcessError("a reply with a wrong checksum") }
                    try write([UInt8(ascii: "+")])
                }
                return Self.decoded(body)
            }
            try readMore()
        }
    }

    /// Whether a reply, or the beginning of one, has arrived.
    ///
    /// Acknowledgments do not count.
    var hasReply: Bool {
        get throws {
            var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            while poll(&request, 1, 0) > 0 { try readMore() }
            return buffer[start..<end].contains(UInt8(ascii: "$"))
        }
    }

    private func readMore() throws {
        if start > 0 {
            buffer.withUnsafeMutableBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                memmove(base, base + start, end - start)
            }
            end -= start
            start = 0
        }
        if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        let socket = socket
        let count = buffer.withUnsafeMutableBytes { bytes in
            recv(socket, bytes.baseAddress.map { $0 + end }, bytes.count - end, 0)
        }
        guard count > 0 else {
            throw ProcessError(
                count == 0 ? "the stub closed the connection" : "no reply: \(String(cString: strerror(errno)))")
        }
        end += count
    }

    private func write(_ bytes: [UInt8]) throws {
        guard Foundation.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw ProcessError("send: \(String(cString: strerror(errno)))")
        }
    }

    private func index(of byte: UInt8, from first: Int) -> Int? {
        guard first < end else { return nil }
        return buffer.withUnsafeBytes { bytes -> Int? in
            guard let base = bytes.baseAddress, let found = memchr(base + first, Int32(byte), end - first) else {
                return nil
            }
            return UnsafeRawPointer(found) - base
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func decoded(_ body: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        body.withUnsafeBufferPointer { body in
            /// The start of the bytes that are not yet copied and need no decoding.
            var start = 0
            var index = 0
            while index < body.count {
                let byte = body[index]
                guard byte == UInt8(ascii: "}") || byte == UInt8(ascii: "*"), index + 1 < body.count else {
                    index += 1
                    continue
                }
                result.append(contentsOf: UnsafeBufferPointer(rebasing: body[start..<index]))
                let next = body[index + 1]
                if byte == UInt8(ascii: "}") {
                    result.append(next ^ 0x20)
                } else if let last = result.last, next > 29 {
                    result.append(contentsOf: repeatElement(last, count: Int(next) - 29))
                }
                index += 2
                start = index
            }
            result.append(contentsOf: UnsafeBufferPointer(rebasing: body[start...]))
        }
        return result
    }
}

extension Connection {
    /// Runs the guest to an address, with a breakpoint that is removed after the stop.
    func run(to address: UInt64) throws {
        let place = String(address, radix: 16)
        try demand("Z0,\(place),4")
        let stop = try ask("vCont;c")
        guard stop.first == UInt8(ascii: "T") else {
            throw ProcessError("no stop at \(place): \(String(decoding: stop, as: UTF8.self))")
        }
        try demand("z0,\(place),4")
    }

    /// Reads a number of eight bytes from the guest's memory.
    func number(at address: UInt64) throws -> UInt64 {
        let reply = try ask("m\(String(address, radix: 16)),8")
        guard reply.count == 16 else { throw ProcessError("m: \(String(decoding: reply, as: UTF8.self))") }
        return Hexadecimal.bytes(reply[...]).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// The decoder of bytes in two hexadecimal digits each, as most replies have them.
enum Hexadecimal {
    private static let values: [UInt8] = (0...255).map { (byte: Int) -> UInt8 in
        let digit = UInt8(byte)
        return switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: 0
        }
    }

    static func bytes(_ text: ArraySlice<UInt8>) -> [UInt8] {
        values.withUnsafeBufferPointer { values in
            text.withUnsafeBufferPointer { text in
                [UInt8](unsafeUninitializedCapacity: text.count / 2) { bytes, count in
                    count = text.count / 2
                    for index in 0..<count {
                        bytes[index] = values[Int(text[2 * index])] << 4 | values[Int(text[2 * index + 1])]
                    }
                }
            }
        }
    }
}
