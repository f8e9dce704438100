package import Acceleration
package import Execution
package import HostIO
import KVMAccelerator
package import Machine
package import MachineDebugger
import SoftwareAccelerator
import SystemPackage

/// A machine, what runs its vCPUs, and what a debugger sees of it: held before its first instruction when made.
package final class VirtualMachine {
    package let machine: Machine
    package let accelerator: any Accelerator
    package let control: RunControl
    package let debugTarget: any DebuggedMachine
    let wakeUp: WakeUp
    let panic: PanicWatch
    /// Text for the debugger from conditions and commands at breakpoints.
    let agentText: AgentText
    /// Takes lines for the user.
    let notice: @Sendable (String) -> Void
    private let consoleInput: ConsoleInput
    private let guestEntropy: GuestEntropy
    /// The state of the generator that the guest's random numbers come from.
    package var entropy: EntropySource { guestEntropy.source }

    /// - Parameters:
    ///   - consoleSink: takes the guest's console output, on the thread that runs the vCPUs.
    ///   - notice: takes lines for the user while the machine runs, on any thread.
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

    /// Gives the guest what was typed.
    package func typeOnConsole(_ bytes: [UInt8]) {
        consoleInput.append(bytes)
        accelerator.kick()
    }

    /// Writes the device tree the guest gets to a file.
    package func writeDeviceTree(to path: String) throws(HostError) {
        guard !machine.deviceTree.isEmpty else {
            throw HostError("give the device tree of machine \(machine.board.name)", errno: Errno.notSupported)
        }
        try HostFile.write(machine.deviceTree, to: path)
    }

    /// Whether there is room for more; what is pasted waits in the terminal meanwhile.
    package var wantsConsoleInput: Bool { consoleInput.hasRoom }
}

/// The owner of the generator that the guest's random numbers come from.
private final class GuestEntropy {
    var source: EntropySource

    init(_ source: EntropySource) { self.source = source }
}

/// Guest time for the real-time clock: the software CPU keeps its own, KVM's guests have the host's.
private final class GuestClock {
    weak var accelerator: (any Accelerator)?
    private let start = HostClock.now()

    /// Since the machine was made.
    var seconds: UInt64 {
        if let software = accelerator as? SoftwareAccelerator { return software.guestSeconds }
        return (HostClock.now() &- start) / 1_000_000_000
    }
}
