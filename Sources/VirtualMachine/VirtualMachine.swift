package import Acceleration
package import Execution
package import HostIO
import KVMAccelerator
package import Machine
package import MachineDebugger
import SoftwareAccelerator
import SystemPackage

/// A machine with its accelerator and its debugger target.
///
/// A new machine is held before its first instruction.
package final class VirtualMachine {
    /// The machine: memory, devices and boot state.
    package let machine: Machine
    /// The accelerator that runs the vCPUs.
    package let accelerator: any Accelerator
    /// The control of the vCPUs, for the serving thread.
    package let control: RunControl
    /// The target of debug sessions.
    package let debugTarget: any DebuggedMachine
    let wakeUp: WakeUp
    let panic: PanicWatch
    /// Text for the debugger from conditions and commands of breakpoints.
    let agentText: AgentText
    /// Receives lines for the user.
    let notice: @Sendable (String) -> Void
    private let consoleInput: ConsoleInput
    private let guestEntropy: GuestEntropy
    /// The current state of the generator of the guest's random numbers.
    package var entropy: EntropySource { guestEntropy.source }

    /// Builds the machine and its accelerator.
    ///
    /// Throws if the host or an option does not allow it, or if an image cannot be loaded.
    ///
    /// - Parameters:
    ///   - consoleSink: receives the guest's console output, on the thread that runs the vCPUs.
    ///   - notice: receives lines for the user while the machine runs, on any thread.
    package convenience init(
        _ configuration: VirtualMachineConfiguration, consoleSink: @escaping @Sendable (UInt8) -> Void,
        notice: @escaping @Sendable (String) -> Void = { _ in }
    ) throws(VirtualMachineError) {
        if let refusal = HostMemory.refusal(ofGuest: configuration.memorySize) {
            throw .start(StartError(.other, refusal, advice: .lessMemory))
        }
        do {
            try self.init(unchecked: configuration, consoleSink: consoleSink, notice: notice)
        } catch let error as StartError {
            throw .start(error)
        } catch let error as MachineError {
            throw .machine(error)
        } catch let error as HostError {
            throw .start(StartError(.other, error.description))
        } catch {
            throw .start(StartError(.other, "\(error)"))
        }
    }

    private init(
        unchecked configuration: VirtualMachineConfiguration, consoleSink: @escaping @Sendable (UInt8) -> Void,
        notice: @escaping @Sendable (String) -> Void
    ) throws {
        let startSeconds = configuration.startSeconds ?? HostClock.wallClockSeconds()
        let clock = GuestClock()
        let panic = PanicWatch()
        let output = { (byte: UInt8) in
            consoleSink(byte)
            if panic.put(byte) { clock.accelerator?.requestStop() }
        }
        var support = try GuestSupports.support(of: configuration.board)
        let (usesKVM, reason) = try support.usesKVM(configuration.accelerator)
        var machineConfiguration = configuration.machine
        if usesKVM {
            if let refusal = configuration.refusalOfKVM(advice: support.adviceOnKVM) { throw refusal }
            support.adaptBoardToKVM()
            machineConfiguration.board = support.board
        }
        let interrupts = usesKVM ? KVMInterrupts() : nil
        let entropy = GuestEntropy(configuration.entropy)
        let disks = try configuration.disks.map { try RawDisk($0) }
        let link = try configuration.network.map { try HostLink($0, notice: notice) }
        let machine = try Machine(
            machineConfiguration, disks: disks, network: link,
            interrupts: interrupts.map { lines in .external(setLine: { lines.setSPI($0, level: $1) }) } ?? .emulated,
            entropy: { entropy.source.next() }, realTime: { startSeconds &+ clock.seconds }, consoleOutput: output)
        let wakeUp = try WakeUp()
        let input = ConsoleInput(hasRoomAgain: { wakeUp.signal() })
        let semihosting =
            configuration.hasSemihosting
            ? Semihosting(put: output, get: { input.takeByte() }, hasInput: { !input.isEmpty }) : nil
        let deliver = { if semihosting == nil { input.deliver { machine.consoleInput($0) } } }
        let poll = {
            machine.rtc?.advance()
            machine.poll()
            deliver()
        }
        let text = AgentText(wakeUp: wakeUp)
        let guest = try support.makeGuest(
            GuestParts(
                machine: machine, configuration: configuration, interrupts: interrupts, semihosting: semihosting,
                poll: poll,
                takeInput: {
                    machine.takeArrivals()
                    deliver()
                },
                notice: notice, agentText: text))
        let accelerator = guest.accelerator
        if configuration.accelerator == .auto, !reason.isEmpty {
            notice("accelerator: \(accelerator.name) (\(reason))")
        }
        clock.accelerator = accelerator
        let kick = Kick(accelerator)
        link?.onArrival { kick.perform() }
        accelerator.reset()
        let machineReset = MachineReset(machine: machine, accelerator: accelerator, panic: panic)
        self.wakeUp = wakeUp
        self.panic = panic
        self.notice = notice
        agentText = text
        debugTarget = guest.makeTarget(machineReset)
        control = try RunControl(
            accelerator, filter: debugTarget, wakeUp: wakeUp, machineReset: machineReset, panic: panic)
        self.machine = machine
        self.accelerator = accelerator
        consoleInput = input
        guestEntropy = entropy
    }

    /// Passes typed bytes to the guest's console.
    package func typeOnConsole(_ bytes: [UInt8]) {
        consoleInput.append(bytes)
        accelerator.kick()
    }

    /// Writes the guest's device tree to a file.
    ///
    /// Throws if the machine has none.
    package func writeDeviceTree(to path: String) throws(HostError) {
        guard !machine.deviceTree.isEmpty else {
            throw HostError("give the device tree of machine \(machine.board.name)", errno: Errno.notSupported)
        }
        try HostFile.write(machine.deviceTree, to: path)
    }

    /// Whether there is room for more console input.
    ///
    /// Pasted text waits in the terminal meanwhile.
    package var wantsConsoleInput: Bool { consoleInput.hasRoom }
}

/// The owner of the generator of the guest's random numbers.
private final class GuestEntropy {
    var source: EntropySource

    init(_ source: EntropySource) { self.source = source }
}

/// Guest time for the real-time clock: the software CPU's own time, and host time for KVM's guests.
private final class GuestClock {
    weak var accelerator: (any Accelerator)?
    private let start = HostClock.now()

    /// The time in seconds: the software CPU's guest time, or host time since this object was created.
    var seconds: UInt64 {
        if let software = accelerator as? SoftwareAccelerator { return software.guestSeconds }
        return (HostClock.now() &- start) / 1_000_000_000
    }
}
