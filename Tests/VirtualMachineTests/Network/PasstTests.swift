import Foundation
import HostIO
import TestSupport
import Testing
import VirtualMachine

@Suite("passt", .needs(.program("passt", package: "passt")))
struct PasstTests {
    private static let guest: [UInt8] = [0x52, 0x54, 0, 0x12, 0x34, 0x56]

    /// Asks who has an address (RFC 826).
    private static func addressRequest(_ address: [UInt8]) -> [UInt8] {
        let header = [UInt8](repeating: 0xFF, count: 6) + guest + [0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]
        return header + guest + [0, 0, 0, 0] + [UInt8](repeating: 0, count: 6) + address
            + [UInt8](repeating: 0, count: 18)
    }

    @Test("answers the guest, and is gone with the machine")
    func answers() throws {
        var link: HostLink? = try HostLink(.passt)
        let children = Self.children()
        #expect(!children.isEmpty)
        var answer: [UInt8]?
        for attempt in 0..<10_000 where answer == nil {
            if attempt % 100 == 0 { link?.send(Self.addressRequest([10, 0, 2, 2])) }
            // An unsolicited IPv6 router advertisement may come before it.
            if let frame = link?.receive(), frame.starts(with: Self.guest), frame[12...13] == [0x08, 0x06] {
                answer = frame
            }
            usleep(5000)
        }
        #expect(answer != nil)
        link = nil
        #expect(Self.children().isDisjoint(with: children))
    }

    /// The processes of that name that this one has started.
    private static func children() -> Set<Int> {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return Set(
            processes.compactMap { Int($0) }.filter { pid in
                guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
                let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
                return fields.count > 3 && fields[1].contains("passt") && fields[3] == "\(getpid())"
            })
    }
}
