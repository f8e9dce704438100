import AArch64CPU
package import Machine

/// What virtual machine to build and what to boot on it; files are named by path.
package struct VirtualMachineConfiguration: Sendable {
    package var layout = MachineLayout.virt
    package var vcpuCount = 1
    /// In bytes.
    package var memorySize: UInt64 = 256 << 20
    package var kernel: String?
    package var firmware: String?
    package var initrd: String?
    package var bootArguments = ""
    package var processor = Processor.base
    package var idleTime = SoftwareAccelerator.IdleTime.sleeps
    package var hasSemihosting = false

    package init() {}

    /// The software CPU to choose from; `--cpu` names them.
    package enum Processor: String, CaseIterable, Sendable {
        /// Armv8.0-A with LSE atomics, CRC32, RDM and the cryptographic instructions.
        case base
        /// That with PAN, UAO, DIT and pointer authentication.
        case max

        var model: CPUModel { self == .max ? .max : .base }
    }

    var machine: MachineConfiguration {
        MachineConfiguration(
            layout: layout, vcpuCount: vcpuCount, memorySize: memorySize, kernel: kernel.map { InputFile(path: $0) },
            firmware: firmware.map { InputFile(path: $0) }, initrd: initrd.map { InputFile(path: $0) },
            bootArguments: bootArguments)
    }
}

/// Why a virtual machine could not be made: one line for people.
package struct StartError: Error, CustomStringConvertible {
    package var description: String
}

/// A machine, what runs its vCPUs, and what a debugger sees of it: held before its first instruction when made.
package final class VirtualMachine {
    /// Trapline's own.
    package static let version = "0.1.0"

    package let machine: Machine
    package let accelerator: any Accelerator
    package let control: RunControl
    package let debugTarget: MachineTarget
    let wakeUp: WakeUp
    private let consoleInput: ConsoleInput

    /// - Parameter consoleSink: takes the guest's console output, on the vCPU thread.
    package convenience init(
        _ configuration: VirtualMachineConfiguration, consoleSink: @escaping @Sendable (UInt8) -> Void
    ) throws(StartError) {
        do {
            try self.init(unchecked: configuration, consoleSink: consoleSink)
        } catch let error as MachineError {
            throw StartError(description: error.description)
        } catch let error as HostError {
            throw StartError(description: error.description)
        } catch {
            throw StartError(description: "\(error)")
        }
    }

    private init(
        unchecked configuration: VirtualMachineConfiguration, consoleSink: @escaping @Sendable (UInt8) -> Void
    ) throws {
        let startSeconds = HostClock.wallClockSeconds()
        let clock = VirtualClock()
        let machine = try Machine(
            configuration.machine, realTime: { startSeconds &+ clock.seconds }, consoleOutput: consoleSink)
        let input = ConsoleInput()
        let semihosting =
            configuration.hasSemihosting
            ? Semihosting(put: consoleSink, get: { input.takeByte() }, hasInput: { !input.isEmpty }) : nil
        let accelerator = SoftwareAccelerator(
            machine: machine, vcpuCount: configuration.vcpuCount, model: configuration.processor.model,
            idleTime: configuration.idleTime,
            semihosting: semihosting,
            takeInput: {
                machine.rtc?.advance()
                if semihosting == nil { input.deliver { machine.consoleInput($0) } }
            })
        clock.accelerator = accelerator
        accelerator.reset(machine.bootState)
        let restart = Restart(machine: machine, accelerator: accelerator)
        wakeUp = try WakeUp()
        control = try RunControl(accelerator, wakeUp: wakeUp, restart: restart)
        debugTarget = MachineTarget(machine: machine, accelerator: accelerator, restart: restart)
        self.machine = machine
        self.accelerator = accelerator
        consoleInput = input
    }

    /// Gives the guest what was typed.
    package func typeOnConsole(_ bytes: [UInt8]) {
        consoleInput.append(bytes)
        accelerator.kick()
    }

    /// Writes the device tree the guest gets to a file.
    package func writeDeviceTree(to path: String) throws(HostError) {
        try HostFile.write(machine.deviceTree, to: path)
    }

    /// Whether there is room for more; what is pasted waits in the terminal meanwhile.
    package var wantsConsoleInput: Bool { consoleInput.hasRoom }
}

/// Console input on its way from the serving thread to the vCPU thread.
final class ConsoleInput: Sendable {
    private let waiting = Monitor<[UInt8]>([])
    private static let limit = 1 << 16

    func append(_ bytes: [UInt8]) {
        waiting.withLock { $0 += bytes }
    }

    var hasRoom: Bool { waiting.withLock { $0.count < ConsoleInput.limit } }
    var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    /// Offers what there is; `receive` says how many bytes it took.
    func deliver(_ receive: ([UInt8]) -> Int) {
        waiting.withLock { waiting in
            guard !waiting.isEmpty else { return }
            waiting.removeFirst(receive(waiting))
        }
    }

    func takeByte() -> UInt8? {
        waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }
}

/// Guest time for the real-time clock, which the accelerator keeps.
private final class VirtualClock {
    weak var accelerator: SoftwareAccelerator?

    /// Since the machine was made.
    var seconds: UInt64 { accelerator?.guestSeconds ?? 0 }
}

/// The machine's reset: memory, devices and vCPUs, in that order.
final class Restart: @unchecked Sendable {
    // SAFETY: called on the vCPU thread, or while it is held.
    private let machine: Machine
    private let accelerator: any Accelerator

    init(machine: Machine, accelerator: any Accelerator) {
        self.machine = machine
        self.accelerator = accelerator
    }

    /// Breakpoints and what waits to be read from the console stay.
    func perform() throws(MachineError) {
        try machine.reset()
        accelerator.reset(machine.bootState)
    }
}
