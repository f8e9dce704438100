import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Upper bounds on memory that a client or a guest can make the process use.
    @Suite(.enabled(if: VMUnderTest.isTrapline, "limits of Trapline's"))
    struct BoundedMemory {
        /// The resident size of the process, in bytes.
        private func resident(_ vm: VMUnderTest) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(vm.process.pid)/status", encoding: .utf8)
            let kilobytes = status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) }
            return try #require(kilobytes) << 10
        }

        @Test(
            "a circular trace buffer takes no more memory than its size, and none once it is cleared",
            .notOnKVM(.hostProcess))
        func circularBuffer() throws {
            let vm = try VMUnderTest("forever")
            let hot = String(try GuestProgram.named("forever").symbol("hot"), radix: 16)
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            let size = 48 << 20
            for packet in [
                "QTinit", "QTDP:1:\(hot):E:0:0-", "QTDP:-1:\(hot):M-1,40080000,4000", "QTBuffer:circular:1",
                "QTBuffer:size:\(String(size, radix: 16))", "QTStart",
            ] {
                #expect(try client.ask(packet) == "OK", "\(packet)")
            }
            let before = try resident(vm)
            // Three times what fits.
            var created = 0
            while created < 3 * size >> 14 {
                try client.send("vCont;c")
                usleep(20_000)
                try client.send(raw: [3])
                #expect(try client.reply().hasPrefix("T"))
                let status = try client.ask("qTStatus")
                created = try #require(status.firstMatch(of: /tcreated:([0-9a-f]+)/).flatMap { Int($0.1, radix: 16) })
            }
            let full = try resident(vm)
            #expect(try client.ask("QTStop") == "OK")
            #expect(try client.ask("QTinit") == "OK")
            let cleared = try resident(vm)
            print("before \(before >> 20) MiB, full \(full >> 20) MiB, cleared \(cleared >> 20) MiB")
            #expect(full - before < size + size / 4)
            #expect(cleared - before < size / 4)
        }

        @Test(
            "a flood of requests for the last reply does not make the process grow",
            .notOnKVM(.hostProcess))
        func negativeAcknowledgements() throws {
            let vm = try VMUnderTest("forever")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            // Run-length encoding does not shorten noise.
            let noise = VMUnderTest.everyByteAndNoise
            #expect(try client.ask("M40200000,ea60:" + RSPClient.hex(noise)) == "OK")
            let before = try resident(vm)
            let sum = RSPClient.hex(["m40200000,ea60".utf8.reduce(UInt8(0), &+)])
            try client.send(
                raw: Array("$m40200000,ea60#\(sum)".utf8) + [UInt8](repeating: UInt8(ascii: "-"), count: 20_000))
            var largest = 0
            for _ in 0..<20 {
                usleep(20_000)
                largest = max(largest, try resident(vm))
            }
            print("before \(before >> 20) MiB, at most \(largest >> 20) MiB")
            #expect(largest - before < 32 << 20)
        }
    }
}
