import AArch64
import Acceleration
import Execution
import GDBStub
import MachineDebugger
import Testing
import VirtualMachine

/// SVE's registers between a session and an accelerator.
@Suite struct ScalableRegisterTests {
    /// Vectors of 16, 32 and 64 bytes.
    private let guest: Guest
    private let accelerator: ScalableAccelerator
    private let target: AArch64Target

    init() throws {
        guest = try Guest("b .")
        let lengths = try #require(VectorLengths(rawValue: 0b1011))
        accelerator = ScalableAccelerator(guest.accelerator, lengths)
        let machine = guest.machine.machine
        let machineReset = MachineReset(machine: machine, accelerator: accelerator, panic: PanicWatch())
        target = AArch64Target(
            machine: machine, accelerator: accelerator, machineReset: machineReset, agentOutput: { _ in })
    }

    private func session() -> DebugSession {
        DebugSession(target: target, initialStop: StopEvent(.paused, vcpu: 0), version: "")
    }

    /// The session's reply to a packet, unchanged.
    private func ask(_ packet: String) -> String {
        var session = session()
        let sum = packet.utf8.reduce(UInt8(0), &+)
        let digits = String(sum, radix: 16)
        session.receive(Array("$\(packet)#\(digits.utf8.count < 2 ? "0" : "")\(digits)".utf8))
        return String(decoding: session.takeOutput(), as: UTF8.self)
    }

    @Test func registersGoThroughAsTheyAre() throws {
        let rows: [(number: Int, register: ScalableRegister, count: Int)] = [
            (34, .z(0), 64), (65, .z(31), 64), (68, .p(0), 8), (83, .p(15), 8), (84, .ffr, 8),
        ]
        for row in rows {
            let bytes = (0..<row.count).map { UInt8($0 + row.number) }
            try target.writeRegister(row.number, vcpu: 0, bytes: bytes)
            #expect(accelerator.contents[row.register] == bytes)
            #expect(try target.readRegister(row.number, vcpu: 0) == bytes)
            #expect(throws: TargetError.self) {
                try target.writeRegister(row.number, vcpu: 0, bytes: bytes + [0])
            }
        }
        #expect(accelerator.contents.count == rows.count)
    }

    @Test(arguments: [(UInt64(0), UInt8(2)), (1, 4), (2, 4), (3, 8), (15, 8)])
    func granulesFollowTheControlRegister(zcr: UInt64, granules: UInt8) throws {
        try accelerator.write(.system(.zcr), zcr, vcpu: 0)
        let bytes: [UInt8] = [granules, 0, 0, 0, 0, 0, 0, 0]
        #expect(try target.readRegister(85, vcpu: 0) == bytes)
        // As it is it may come back, with `G`.
        try target.writeRegister(85, vcpu: 0, bytes: bytes)
        #expect(throws: TargetError.self) { try target.writeRegister(85, vcpu: 0, bytes: [1, 0, 0, 0, 0, 0, 0, 0]) }
        #expect(accelerator.zcr == zcr)
        #expect(ask("?").contains("55:0\(granules)"))
    }

    /// With the smallest vectors in effect, LLDB writes 16 bytes of a Z register and two of a predicate.
    @Test func aPartialWriteLeavesTheRest() throws {
        for (number, register, count) in [(34, ScalableRegister.z(0), 64), (68, .p(0), 8), (84, .ffr, 8)] {
            try target.writeRegister(number, vcpu: 0, bytes: Array(repeating: 0x11, count: count))
            let packet = "P\(String(number, radix: 16))="
            #expect(ask(packet + "aabb").contains("$OK#"))
            #expect(accelerator.contents[register] == [0xaa, 0xbb] + Array(repeating: 0x11, count: count - 2))
            for wrong in ["", String(repeating: "00", count: count + 1)] {
                #expect(!ask(packet + wrong).contains("$OK#"))
            }
        }
        // Other registers are written whole or not at all.
        #expect(!ask("P55=02").contains("$OK#") && !ask("P0=02").contains("$OK#"))
    }

    @Test func aRefusedWriteOfSeveralChangesNone() throws {
        let vector = [UInt8](repeating: 1, count: 64)
        #expect(throws: TargetError.self) {
            try target.writeRegisters([(34, vector), (85, [UInt8](repeating: 9, count: 8))], vcpu: 0)
        }
        #expect(accelerator.contents.isEmpty)
    }

    @Test func generalPacketsHaveAllOfThem() throws {
        for (index, register) in ([.z(7), .p(7), .ffr] as [ScalableRegister]).enumerated() {
            let count = register.byteCount(quadwords: 4)
            try accelerator.writeBytes(of: register, Array(repeating: UInt8(0xa0 + index), count: count), vcpu: 0)
        }
        let before = accelerator.contents
        let expected = (0...85).flatMap { (try? target.readRegister($0, vcpu: 0)) ?? [] }
        #expect(expected.count == 268 + 32 * 64 + 8 + 17 * 8 + 8)
        let hex = expected.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(ask("G" + hex).contains("$OK#"))
        #expect(before.allSatisfy { accelerator.contents[$0.key] == $0.value })
        #expect(accelerator.contents.count == 32 + 16 + 1)
    }
}
