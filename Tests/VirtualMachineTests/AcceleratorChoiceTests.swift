import KVMAccelerator
import SoftwareAccelerator
import Testing
import VirtualMachine

@Suite("The accelerator that --accel auto takes")
struct AcceleratorChoiceTests {
    @Test("KVM where it is faster than the software CPU, else the software CPU, with the reason")
    func choice() {
        func choice(_ kvm: KVMProbe.Report, _ software: Double?) -> (usesKVM: Bool, reason: String) {
            AcceleratorSupport.automaticChoice(kvm: kvm, software: software)
        }
        #expect(choice(.refusal("no /dev/kvm"), 10) == (false, "no /dev/kvm"))
        #expect(choice(.works(nanosecondsPerIteration: 1.5), 10) == (true, "KVM runs AArch64 guests here"))
        #expect(choice(.works(nanosecondsPerIteration: 1.5), nil).usesKVM)
        let slow = choice(.works(nanosecondsPerIteration: 4000), 10)
        #expect(!slow.usesKVM && slow.reason.contains("400 times slower"))
        #expect(choice(.works(nanosecondsPerIteration: 25), 10).reason.contains("2.5 times slower"))
    }

    @Test("the loop that measures the software CPU comes to the same result as on the host")
    func softwareCPU() throws {
        let report = try SoftwareCPUProbe.run()
        #expect(report.instructionCount > 1_000_000 && report.nanosecondsPerIteration > 0)
    }
}
