import HostIO
import Testing
import TraplineCommands

@Suite("Why a machine can't start, in the command line's words")
struct StartErrorTests {
    static let rows: [(StartError, String)] = [
        (StartError(.machine("pc"), "needs KVM"), "--machine pc needs KVM"),
        (
            StartError(.accelerator("kvm"), "no such file", advice: .softwareCPU),
            "--accel kvm: no such file; use --accel software"
        ),
        (
            StartError(.accelerator("software"), "there is none", advice: .kvm(host: "x86-64")),
            "--accel software: there is none; use --accel kvm on an x86-64 host"
        ),
        (StartError(.processor("max"), "not here", advice: .softwareCPU), "--cpu max: not here; use --accel software"),
        (StartError(.network(.passt), "has ended"), "--net passt: has ended"),
        (StartError(.network(.tap(name: "tap0")), "is busy"), "--net tap:tap0: is busy"),
        (StartError(.network(.unix(path: "/x")), "is too long"), "--net unix:/x: is too long"),
        (StartError(.disk(path: "/y"), "is empty"), "disk /y: is empty"),
        (
            StartError(.semihosting, "not served", advice: .leaveOut(machine: "pc")),
            "--semihosting: not served; leave it out for pc"
        ),
        (StartError(.virtualClock, "not here"), "--clock virtual: not here"),
        (StartError(.other, "9 TiB of RAM", advice: .lessMemory), "9 TiB of RAM; give the guest less (--mem)"),
    ]

    @Test(arguments: 0..<rows.count)
    func sentence(index: Int) {
        let (error, sentence) = Self.rows[index]
        #expect(error.sentence == sentence)
    }
}
