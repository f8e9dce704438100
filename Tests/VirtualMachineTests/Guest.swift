import Acceleration
import Execution
import Foundation
import GDBStub
import SoftwareAccelerator
import TestSupport
import Testing
import VirtualMachine

/// A machine whose firmware is a few instructions, held before the first of them.
struct Guest {
    let machine: VirtualMachine
    let accelerator: any AArch64Accelerator

    init(
        _ program: String, vcpuCount: Int = 1, hasSemihosting: Bool = false,
        consoleSink: @escaping @Sendable (UInt8) -> Void = { _ in }
    ) throws {
        let folder = try TemporaryFolder()
        var configuration = VirtualMachineConfiguration()
        configuration.firmware = try folder.writeFirmware(program)
        configuration.memorySize = 16 << 20
        configuration.vcpuCount = vcpuCount
        configuration.idleTime = .isSkipped
        configuration.hasSemihosting = hasSemihosting
        machine = try VirtualMachine(configuration, consoleSink: consoleSink)
        accelerator = try #require(machine.accelerator as? any AArch64Accelerator)
    }

    /// Moves the vCPUs and gives what that came to; nil after ten seconds without an outcome.
    func resume(_ actions: ResumeAction...) -> RunOutcome? {
        machine.control.resume(ResumePlan(actions: actions))
        return outcome()
    }

    /// The outcome of the last plan; nil when a generous limit passes first.
    func outcome() -> RunOutcome? {
        var outcome: RunOutcome?
        _ = Patience.eventually(every: .microseconds(100)) {
            outcome = machine.control.takeReport()?.outcome
            return outcome != nil
        }
        return outcome
    }
}
