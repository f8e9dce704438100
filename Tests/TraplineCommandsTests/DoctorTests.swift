import Testing
import TraplineCommands

@Suite("trapline doctor")
struct DoctorTests {
    @Test("guests at the host's speed need no remark; slow ones get how slow, very slow ones why")
    func remark() {
        #expect(Doctor.remark(1.1) == "")
        #expect(Doctor.remark(4.25) == ", 4.2 times slower than the host itself")
        #expect(Doctor.remark(2570) == ", 2570 times slower than the host itself (no hardware support for guests here)")
    }
}
