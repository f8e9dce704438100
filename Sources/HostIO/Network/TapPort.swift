import Glibc

/// Frames through a tap interface of the host's, one for each read and write.
///
/// Linux, Documentation/networking/tuntap.rst.
final class TapPort: FramePort {
    private let file: OwnedDescriptor

    // linux/if_tun.h, which Glibc's module map leaves out.
    private static let setInterface: CUnsignedLong = 0x4004_54CA
    private static let tap: UInt16 = 0x0002
    private static let withoutHeader: UInt16 = 0x1000

    /// `struct ifreq`: a name, and with this request the flags.
    private struct InterfaceRequest {
        var name: [16 of UInt8] = .init(repeating: 0)
        var flags: UInt16
        var rest: [22 of UInt8] = .init(repeating: 0)
    }

    /// - Parameter name: an interface's, of at most 15 bytes.
    init(name: String) throws(StartError) {
        let raw = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard raw >= 0 else { throw Self.refusal(name, lastErrno, opening: true) }
        let file = OwnedDescriptor(raw)
        var request = InterfaceRequest(flags: Self.tap | Self.withoutHeader)
        withUnsafeMutableBytes(of: &request.name) { $0.copyBytes(from: name.utf8.prefix(15)) }
        guard ioctl(raw, Self.setInterface, &request) == 0 else { throw Self.refusal(name, lastErrno, opening: false) }
        self.file = file
    }

    private static func refusal(_ name: String, _ errno: CInt, opening: Bool) -> StartError {
        let make = "as root: ip tuntap add dev \(name) mode tap user $USER, and ip link set \(name) up"
        let reason =
            switch errno {
            case ENOENT, ENODEV, ENXIO: "this host has no /dev/net/tun; as root: modprobe tun"
            case EPERM where opening, EACCES where opening: "no permission to open /dev/net/tun"
            case EPERM, EACCES: "no permission to make or to use this interface; \(make)"
            case EBUSY: "another program uses this interface"
            case EINVAL: "is no tap interface; take another name, \(make)"
            default: HostError.text(errno)
            }
        return StartError(.network(.tap(name: name)), reason)
    }

    var descriptor: CInt { file.raw }
    var hasUnsent: Bool { false }
    func sendRest() -> FrameDeparture { .sent }

    func receive() -> FrameArrival {
        var count = 0
        let frame = [UInt8](unsafeUninitializedCapacity: EthernetFrame.lengths.upperBound) { buffer, initialized in
            count = read(file.raw, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        if count < 0 { return Self.isTemporary(lastErrno) ? .nothing : .lost("the interface has gone") }
        return .frames(EthernetFrame.lengths.contains(count) ? [frame] : [])
    }

    func send(_ frame: [UInt8]) -> FrameDeparture {
        let count = frame.withUnsafeBytes { write(file.raw, $0.baseAddress, $0.count) }
        if count >= 0 { return .sent }
        // EIO: the interface is down, which it need not stay. EINVAL: the host doesn't like this frame.
        return Self.isTemporary(lastErrno) || lastErrno == EINVAL ? .full : .lost("the interface has gone")
    }

    private static func isTemporary(_ errno: CInt) -> Bool {
        errno == EAGAIN || errno == EINTR || errno == EIO || errno == ENOBUFS || errno == ENOMEM
    }
}
