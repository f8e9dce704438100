#if os(Linux)
import Platform
import SystemPackage

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
    convenience init(name: String) throws(StartError) {
        let file = try attempt { () throws(Errno) in
            try OwnedDescriptor.open("/dev/net/tun", .readWrite, options: .nonBlocking)
        } otherwise: {
            Self.refusal(name, $0, opening: true)
        }
        var request = InterfaceRequest(flags: Self.tap | Self.withoutHeader)
        // SAFETY: at most 15 of the 16 bytes are written.
        unsafe withUnsafeMutableBytes(of: &request.name) { unsafe $0.copyBytes(from: name.utf8.prefix(15)) }
        do throws(Errno) {
            // SAFETY: TUNSETIFF reads and writes one `struct ifreq`, which has 40 bytes as the request has.
            try systemCall { unsafe ioctl(file.borrowed.rawValue, Self.setInterface, &request) }
        } catch {
            throw Self.refusal(name, error, opening: false)
        }
        self.init(file)
    }

    /// Takes an open tap interface, or what behaves as one: each read and each write is one frame.
    init(_ file: consuming OwnedDescriptor) {
        file.setNonblocking()
        self.file = file
    }

    static func refusal(_ name: String, _ errno: Errno, opening: Bool) -> StartError {
        let make = "as root: ip tuntap add dev \(name) mode tap user $USER, and ip link set \(name) up"
        let reason =
            switch errno {
            case .noSuchFileOrDirectory, .operationNotSupportedByDevice, .noSuchAddressOrDevice:
                "this host has no /dev/net/tun; as root: modprobe tun"
            case .notPermitted where opening, .permissionDenied where opening: "no permission to open /dev/net/tun"
            case .notPermitted, .permissionDenied: "no permission to make or to use this interface; \(make)"
            case .resourceBusy: "another program uses this interface"
            case .invalidArgument: "is no tap interface; take another name, \(make)"
            default: "\(errno)"
            }
        return StartError(.network(.tap(name: name)), reason)
    }

    var descriptor: FileDescriptor { file.borrowed }
    var hasUnsent: Bool { false }
    func sendRest() -> FrameDeparture { .sent }

    func receive() -> FrameArrival {
        do throws(Errno) {
            let frame = try file.borrowed.read(upTo: EthernetFrame.lengths.upperBound)
            return .frames(EthernetFrame.lengths.contains(frame.count) ? [frame] : [])
        } catch {
            return Self.isTemporary(error) ? .nothing : .lost("the interface no longer exists")
        }
    }

    func send(_ frame: [UInt8]) -> FrameDeparture {
        do throws(Errno) {
            _ = try file.borrowed.write(frame[...])
            return .sent
        } catch {
            // EINVAL: the host doesn't like this frame.
            return Self.isTemporary(error) || error == .invalidArgument
                ? .full : .lost("the interface no longer exists")
        }
    }

    /// EIO: the interface is down, which it need not stay.
    private static func isTemporary(_ errno: Errno) -> Bool {
        errno.isWouldBlock || [.ioError, .noBufferSpace, .noMemory].contains(errno)
    }
}
#endif
