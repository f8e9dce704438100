package import ArgumentParser
package import HostIO
import Machine
import SoftwareAccelerator
package import VirtualMachine

/// The command `trapline run`, which boots a machine and serves a debugger if the user asks for it.
///
/// The properties are the command's options. Their help texts are in the declarations.
package struct RunCommand: ParsableCommand {
    /// The command's name and help.
    package static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Boot a virtual machine, with a debugger stub if asked."
    )

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A Linux kernel (an arm64 Image; a bzImage for pc) or a bare-metal ELF.", valueName: "file"))
    package var kernel: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("An initial RAM disk for the kernel.", valueName: "file"))
    package var initrd: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("The kernel's command line.", valueName: "text"))
    package var params: String?

    @Flag(help: "Leave the command line as it is: add no words that the machine has by default.")
    package var nodefaults = false

    @Option(name: .shortAndLong, help: ArgumentHelp("A firmware image, put into flash at 0.", valueName: "file"))
    package var firmware: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("A raw disk image, read-only with ,ro; may be repeated.", valueName: "file[,ro]"),
        transform: DiskOption.parse)
    package var disk: [DiskOption] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("The number of vCPUs.", valueName: "n"))
    package var cpus = 1

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Guest memory, such as 512M or 2G; M if no unit.", valueName: "size"))
    package var mem = MemorySize(bytes: 256 << 20)

    @Option(
        help: ArgumentHelp(
            "The machine: virt (QEMU's layout), kvmtool, or pc (x86-64, on KVM only).", valueName: "name"))
    package var machine = MachineChoice(AArch64Board.virt)

    @Option(help: ArgumentHelp("What runs the vCPUs: auto, kvm or software.", valueName: "name"))
    package var accel = AcceleratorChoice.auto

    @Option(
        help: ArgumentHelp(
            "The software CPU: base (Armv8.0-A with LSE, CRC32, RDM, AES and SHA) or max.", valueName: "name"))
    package var cpu = VirtualMachineConfiguration.Processor.base

    @Option(
        help: ArgumentHelp("The network: passt, tap:NAME or unix:PATH (QEMU's stream framing).", valueName: "where"),
        transform: NetworkEndpoint.parse)
    package var net: NetworkEndpoint?

    @Option(help: ArgumentHelp("The guest's console: serial (its UART) or virtio (hvc0).", valueName: "kind"))
    package var console = ConsoleChoice.serial

    @Option(
        help: ArgumentHelp("Where the console is: stdio, file:PATH, unix:PATH or none.", valueName: "where"),
        transform: ConsoleEndpoint.parse)
    package var serial: ConsoleEndpoint?

    @Option(
        help: ArgumentHelp("What the kernel's random base address is made from.", valueName: "number"),
        transform: KASLRSeed.parse)
    package var kaslrSeed: UInt64?

    @Option(help: ArgumentHelp("Write the device tree to a file.", valueName: "file"))
    package var dumpDtb: String?

    @Option(help: ArgumentHelp("How a sleeping guest waits: real sleeps, virtual skips idle time.", valueName: "kind"))
    package var clock = ClockChoice.real

    @Flag(help: "Serve Arm semihosting calls (HLT 0xF000): console and exit.")
    package var semihosting = false

    @Option(
        help: ArgumentHelp(
            "Listen for a debugger: [HOST:]PORT (127.0.0.1 unless named; port 0 picks one), unix:PATH, or - for a pipe.",
            valueName: "where"), transform: DebugEndpoint.parse)
    package var gdb: DebugEndpoint?

    @Flag(help: "Hold the guest before its first instruction until a debugger resumes it.")
    package var gdbWait = false

    @Flag(help: "Let other users of this host debug the guest, too; without it only your own and root's debuggers may.")
    package var gdbAnyUser = false

    package init() {}

    /// Throws if options contradict each other.
    package func validate() throws {
        if kernel == nil && firmware == nil {
            throw ValidationError("nothing to boot: name a kernel (-k FILE) or a firmware image (-f FILE)")
        }
        if gdbWait && gdb == nil {
            throw ValidationError("--gdb-wait needs --gdb: without a debug port no debugger can resume the guest")
        }
        if gdbAnyUser && gdb == nil { throw ValidationError("--gdb-any-user needs --gdb: there is no debug port") }
        if gdb == .pipe && serial == .stdio {
            throw ValidationError("--gdb - and --serial stdio both need standard input: use --serial file:PATH")
        }
    }

    /// Runs the machine to its end.
    ///
    /// Throws ``CommandFailure`` with the exit status if the machine does not start, fails, or ends with another status
    /// than 0. A signal that ended the run ends the process too.
    package func run() throws {
        let end: EventLoop.End
        do {
            end = try serve()
        } catch let error as VirtualMachineError {
            throw CommandFailure(error.sentence)
        } catch let error as HostError {
            throw CommandFailure(error.description)
        }
        switch end {
        case .finished(0): break
        case .finished(let status): throw CommandFailure("the guest ended with status \(status)", status: 2)
        case .failed(let text): throw CommandFailure(text, status: 2)
        case .signalled(let number): TerminationSignals.die(of: number)
        }
    }

    /// Builds the machine and runs it to its end.
    ///
    /// The terminal's settings are restored when it returns.
    private func serve() throws -> EventLoop.End {
        let virtualMachine: VirtualMachine
        // The console's sink must exist before the machine that writes to it.
        let console = try Console(serial ?? (gdb == .pipe ? .none : .stdio))
        virtualMachine = try VirtualMachine(configuration, consoleSink: console.sink, notice: { report($0) })
        if let dumpDtb { try virtualMachine.writeDeviceTree(to: dumpDtb) }
        var loop = try EventLoop(
            virtualMachine, console: console, endpoint: gdb, allowsOtherUsers: gdbAnyUser,
            onRefusal: { report("gdb: \($0.sentence)") })
        if let gdb { report("gdb: \(gdb.command(boundPort: loop.boundPort))") }
        if gdb?.isOpenToOtherHosts ?? false {
            report("gdb: this address is open to every client that can reach it, and a client controls the guest")
        }
        return loop.run(waitsForDebugger: gdbWait)
    }

    private var configuration: VirtualMachineConfiguration {
        var configuration = VirtualMachineConfiguration()
        configuration.board = machine.board
        configuration.vcpuCount = cpus
        configuration.memorySize = mem.bytes
        configuration.kernel = kernel
        configuration.firmware = firmware
        configuration.initrd = initrd
        configuration.bootArguments = params ?? ""
        configuration.amendsBootArguments = !nodefaults
        configuration.accelerator = accel
        configuration.processor = cpu
        configuration.kaslrSeed = kaslrSeed
        configuration.disks = disk
        configuration.network = net
        configuration.hasVirtioConsole = console == .virtio
        configuration.idleTime = clock == .real ? .sleeps : .isSkipped
        configuration.hasSemihosting = semihosting
        return configuration
    }
}
