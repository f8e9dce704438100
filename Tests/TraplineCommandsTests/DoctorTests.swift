import Testing
import TraplineCommands

@Suite("trapline doctor")
struct DoctorTests {
    @Test("guests at the host's speed get no remark; slow ones get a factor, and very slow ones a reason")
    func remark() {
        #expect(Doctor.remark(1.1) == "")
        #expect(Doctor.remark(4.25) == ", 4.2 times slower than the host itself")
        #expect(Doctor.remark(2570) == ", 2570 times slower than the host itself (no hardware support for guests here)")
    }
}
