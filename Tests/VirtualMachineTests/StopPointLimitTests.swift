import Execution
import GDBStub
import Testing
import VirtualMachine

@Suite("A client can't set breakpoints and watchpoints without end")
struct StopPointLimitTests {
    private func point(_ kind: StopPoint.Kind, _ index: Int) -> StopPoint {
        StopPoint(kind: kind, address: 0x4000_0000 + 4 * UInt64(index), length: 4)
    }

    @Test(
        "one too many is refused in words, and what there is stays",
        arguments: [
            (StopPoint.Kind.softwareBreakpoint, 4096, "breakpoints"), (.hardwareBreakpoint, 4096, "breakpoints"),
            (.writeWatchpoint, 1024, "watchpoints"),
        ])
    func oneTooMany(kind: StopPoint.Kind, most: Int, word: String) throws {
        let guest = try Guest(DeterminismTests.program)
        let target = guest.machine.debugTarget
        for index in 0..<most { try target.insert(point(kind, index), vcpu: 0) }
        #expect(throws: TargetError.noSpace("\(most) \(word) are set: delete some")) {
            try target.insert(point(kind, most), vcpu: 0)
        }
        // One that is there can be set again, and another one in the place of one that is gone.
        try target.insert(point(kind, 0), vcpu: 0)
        try target.remove(point(kind, 1), vcpu: 0)
        try target.insert(point(kind, most), vcpu: 0)
    }
}
