#if os(Linux)
import Platform
import SystemPackage

/// Asks the kernel about one TCP socket of this host: sock_diag(7).
///
/// An exact query is answered in microseconds, while /proc/net/tcp walks through a table of all sockets there can be,
/// which takes milliseconds on a large host.
///
/// The netlink socket stays open, so that a query needs no free descriptor.
final class SocketDiagnosis {
    private let netlink: OwnedDescriptor

    /// The owner of a socket, as the kernel reports it.
    struct Owner: Equatable {
        var user: UInt32
        /// 0 if no process has the socket open any more; `user` says nothing then.
        var inode: UInt32
    }

    private static let netlinkFamily: UInt16 = 16  // AF_NETLINK
    private static let diagnosis: CInt = 4  // NETLINK_SOCK_DIAG
    private static let byFamily: UInt16 = 20  // SOCK_DIAG_BY_FAMILY
    private static let headerSize = 16

    /// Nil if the kernel has no such socket family.
    init?() {
        do throws(Errno) {
            netlink = try OwnedDescriptor {
                socket(CInt(Self.netlinkFamily), CInt(SOCK_RAW.rawValue) | O_CLOEXEC | O_NONBLOCK, Self.diagnosis)
            }
        } catch {
            return nil
        }
    }

    /// The owner of the TCP socket at `local` that is connected to `remote`; nil if the kernel has none, or doesn't say
    /// (a kernel without tcp_diag).
    func owner(of local: SocketAddress, connectedTo remote: SocketAddress) -> Owner? {
        guard let from = local.parts, let to = remote.parts, from.address.count == to.address.count else {
            return nil
        }
        let question = Self.question(from, to)
        do throws(Errno) {
            guard try netlink.borrowed.write(question[...]) == question.count else { return nil }
            // The kernel has answered when the call returns.
            return Self.read(try netlink.borrowed.read(upTo: 4096))
        } catch {
            return nil
        }
    }

    /// `struct nlmsghdr` and `struct inet_diag_req_v2`: addresses and ports in network order, everything else the host's.
    private static func question(
        _ from: (address: [UInt8], port: UInt16), _ to: (address: [UInt8], port: UInt16)
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        // SAFETY: the bytes of an integer are copied before the call returns.
        func append(_ value: some FixedWidthInteger) { unsafe withUnsafeBytes(of: value) { unsafe bytes += $0 } }
        append(UInt32(72))
        append(byFamily)
        append(UInt16(1))  // NLM_F_REQUEST
        append(UInt64(0))
        bytes += [UInt8(from.address.count == 4 ? AF_INET : AF_INET6), UInt8(IPPROTO_TCP), 0, 0]
        append(UInt32.max)  // Any state.
        append(from.port.bigEndian)
        append(to.port.bigEndian)
        for address in [from.address, to.address] {
            bytes += address + [UInt8](repeating: 0, count: 16 - address.count)
        }
        append(UInt32(0))  // Any interface.
        append(UInt64.max)  // INET_DIAG_NOCOOKIE
        return bytes
    }

    /// `struct nlmsghdr` and `struct inet_diag_msg`, or `struct nlmsgerr`.
    private static func read(_ answer: [UInt8]) -> Owner? {
        func field<Value: FixedWidthInteger>(at offset: Int, as type: Value.Type) -> Value? {
            guard offset + MemoryLayout<Value>.size <= answer.count else { return nil }
            // SAFETY: `answer` has the bytes of the field.
            return unsafe answer[offset...].withUnsafeBytes { unsafe $0.loadUnaligned(as: type) }
        }
        guard let kind = field(at: 4, as: UInt16.self) else { return nil }
        guard kind == byFamily, let user = field(at: headerSize + 64, as: UInt32.self),
            let inode = field(at: headerSize + 68, as: UInt32.self)
        else { return nil }
        return Owner(user: user, inode: inode)
    }
}
#endif
