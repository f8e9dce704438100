import SoftwareAccelerator
import Testing
import VirtualMachine

@Suite("Semihosting")
struct SemihostingTests {
    /// A guest whose memory is one array from 0x1000 on.
    final class Guest {
        var memory: [UInt8]
        var output: [UInt8] = []
        var input: [UInt8] = []

        init(_ words: [UInt64] = [], text: String = "") {
            memory = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
            memory += Array(text.utf8)
        }

        func call(_ operation: UInt64, _ parameter: UInt64 = 0x1000) -> Semihosting.Outcome {
            let semihosting = Semihosting(
                put: { self.output.append($0) },
                get: { self.input.isEmpty ? nil : self.input.removeFirst() },
                hasInput: { !self.input.isEmpty })
            return semihosting.answer(.init(operation: operation, parameter: parameter)) { address, count in
                guard address >= 0x1000, count >= 0, address - 0x1000 <= UInt64(self.memory.count),
                    Int(address - 0x1000) + count <= self.memory.count
                else { return nil }
                return Array(self.memory[Int(address - 0x1000)..<(Int(address - 0x1000) + count)])
            }
        }
    }

    @Test("SYS_WRITEC and SYS_WRITE0 write characters and strings")
    func characters() {
        let guest = Guest(text: "hello\0more")
        #expect(guest.call(0x03) == .result(.max))
        #expect(guest.call(0x04) == .result(.max))
        #expect(guest.output == Array("hhello".utf8))
    }

    @Test("SYS_OPEN knows :tt only; SYS_WRITE says how many bytes it did not write")
    func handles() {
        let open = Guest([0x1018, 4, 3], text: ":tt")
        #expect(open.call(0x01) == .result(1))
        #expect(Guest([0x1018, 4, 3], text: "a.b").call(0x01) == .result(.max))
        let write = Guest([1, 0x1018, 2], text: "ok")
        #expect(write.call(0x05) == .result(0))
        #expect(write.output == Array("ok".utf8))
        #expect(Guest([7, 0x1018, 2], text: "ok").call(0x05) == .result(2))
        #expect(Guest([1, 0x1018, 1 << 40], text: "ok").call(0x05) == .result(1 << 40))
        #expect(Guest([1]).call(0x02) == .result(0))
        #expect(Guest([9]).call(0x02) == .result(.max))
    }

    @Test("SYS_READC waits for input")
    func input() {
        let guest = Guest()
        #expect(guest.call(0x07) == .waits)
        guest.input = [0x61]
        #expect(guest.call(0x07) == .result(0x61))
    }

    @Test("SYS_EXIT and SYS_EXIT_EXTENDED carry the program's status", arguments: [0x18 as UInt64, 0x20])
    func exit(operation: UInt64) {
        #expect(Guest([0x20026, 0]).call(operation) == .exit(status: 0))
        #expect(Guest([0x20026, 42]).call(operation) == .exit(status: 42))
        #expect(Guest([0x20023, 0]).call(operation) == .exit(status: 1))
        #expect(Guest([]).call(operation) == .exit(status: 1))
    }

    @Test("an unknown operation and unreadable parameters answer -1 and harm nothing")
    func hostile() {
        #expect(Guest().call(0x12345) == .result(.max))
        #expect(Guest().call(0x01, .max) == .result(.max))
        #expect(Guest().call(0x05, .max - 3) == .result(.max))
        #expect(Guest(text: "endless").call(0x04) == .result(.max))
    }
}
