public import Execution
import TargetDescription

/// The part of a debugger that runs on the target and acts at breakpoints without the client: conditions, commands and
/// tracepoints.
///
/// Each machine has one agent, which outlives sessions: commands and tracepoints that a client has set up may continue
/// after it disconnects. The session changes the agent only while the machine is stopped. The accelerator calls
/// ``hit(address:vcpu:target:)`` at each breakpoint, on any thread, one call at a time.
public final class Agent {
    /// The effect of a breakpoint that was hit.
    public enum Verdict: Equatable, Sendable {
        /// All vCPUs stop, and the stop is reported as a breakpoint of this kind.
        case stop(StopPoint.Kind)
        /// The vCPU executes the instruction as if there were no breakpoint.
        case pass
    }

    /// The breakpoints at one address.
    private struct Site {
        var software: BreakpointProgram?
        var hardware: BreakpointProgram?

        var isEmpty: Bool { software == nil && hardware == nil }
    }

    /// The most bytes of bytecode in all programs together.
    static let maximumProgramBytes = 1 << 20

    let interpreter = AgentInterpreter()
    let trace = TraceExperiment()
    /// Receives text for the user.
    private let output: ([UInt8]) -> Void
    private var sites: [UInt64: Site] = [:]
    private var programBytes = 0
    /// The layout of the `g` packet; nil until it is first needed.
    private var layout: RegisterLayout?

    /// An agent without breakpoints and tracepoints.
    ///
    /// - Parameter output: receives the text that commands print, and the errors of conditions that fail. It is called
    ///   from `hit` and `stepped`.
    public init(output: @escaping ([UInt8]) -> Void) {
        self.output = output
    }

    /// The addresses where the agent itself needs breakpoints: tracepoints that collect, and commands that keep running
    /// after their client has disconnected.
    public var ownAddresses: Set<UInt64> {
        var addresses = Set(trace.addresses)
        for (address, site) in sites where site.software?.persists == true || site.hardware?.persists == true {
            addresses.insert(address)
        }
        return addresses
    }

    /// Whether a program decides about any breakpoint.
    ///
    /// A program may run until it reaches its limits, so a hit may take long.
    public var hasPrograms: Bool { programBytes > 0 || !trace.addresses.isEmpty }

    // MARK: What the session says

    /// Sets the conditions and commands of a breakpoint, in place of earlier ones.
    ///
    /// Throws if all programs together are too large.
    func set(_ program: BreakpointProgram, at point: StopPoint) throws(TargetError) {
        guard point.kind.isBreakpoint else { return }
        let bytes = programBytes - (self.program(at: point)?.byteCount ?? 0) + program.byteCount
        guard bytes <= Self.maximumProgramBytes else {
            throw .noSpace("conditions and commands have more than \(Self.maximumProgramBytes) bytes together")
        }
        replace(point, with: program)
    }

    func remove(_ point: StopPoint) {
        if point.kind.isBreakpoint { replace(point, with: nil) }
    }

    /// The addresses of breakpoints whose client has disconnected and whose commands still run, lowest first.
    public var leftBreakpoints: [UInt64] {
        sites.filter { $0.value.software?.isLeft == true || $0.value.hardware?.isLeft == true }.keys.sorted()
    }

    /// Removes the ``leftBreakpoints``.
    ///
    /// ``AgentHost/agentChanged()`` then removes them from the machine.
    public func removeLeft() {
        for address in leftBreakpoints {
            for kind in [StopPoint.Kind.softwareBreakpoint, .hardwareBreakpoint] {
                let point = StopPoint(kind: kind, address: address, length: 0)
                if program(at: point)?.isLeft == true { replace(point, with: nil) }
            }
        }
    }

    /// Removes all breakpoints except those that persist after their client disconnects.
    func removeAllThatEnd() {
        for (address, site) in sites {
            if site.software?.persists != true {
                replace(StopPoint(kind: .softwareBreakpoint, address: address, length: 0), with: nil)
            }
            if site.hardware?.persists != true {
                replace(StopPoint(kind: .hardwareBreakpoint, address: address, length: 0), with: nil)
            }
            sites[address]?.software?.isLeft = true
            sites[address]?.hardware?.isLeft = true
        }
    }

    func program(at point: StopPoint) -> BreakpointProgram? {
        point.kind == .softwareBreakpoint ? sites[point.address]?.software : sites[point.address]?.hardware
    }

    private func replace(_ point: StopPoint, with program: BreakpointProgram?) {
        programBytes += (program?.byteCount ?? 0) - (self.program(at: point)?.byteCount ?? 0)
        var site = sites[point.address] ?? Site()
        if point.kind == .softwareBreakpoint { site.software = program } else { site.hardware = program }
        sites[point.address] = site.isEmpty ? nil : site
    }

    // MARK: What happens

    /// Decides about a breakpoint at the PC of a vCPU, which must not run.
    ///
    /// Returns nil if the agent has no breakpoint at the address.
    public func hit(address: UInt64, vcpu: Int, target: any DebugTarget) -> Verdict? {
        let site = sites[address]
        let hasTracepoints = trace.isRunning && !trace.places(at: address).isEmpty
        guard site != nil || hasTracepoints else { return nil }
        var context = AgentInterpreter.Context(target, vcpu: vcpu)
        if hasTracepoints { trace.hit(address, layout: layout(of: target), interpreter, &context) }
        let software = site?.software.map { stops($0, address, &context) } ?? false
        let hardware = site?.hardware.map { stops($0, address, &context) } ?? false
        if !context.text.isEmpty { output(context.text) }
        return software ? .stop(.softwareBreakpoint) : hardware ? .stop(.hardwareBreakpoint) : .pass
    }

    /// Whether a tracepoint collects after the vCPU's next instruction.
    ///
    /// If so, the accelerator lets the vCPU execute exactly one instruction and then calls ``stepped(vcpu:target:)``.
    /// It calls ``endSteps(vcpu:)`` instead if something else happens to the vCPU first.
    public func isStepping(vcpu: Int) -> Bool { trace.isRunning && trace.isStepping(vcpu) }

    /// Collects data after an instruction.
    public func stepped(vcpu: Int, target: any DebugTarget) {
        var context = AgentInterpreter.Context(target, vcpu: vcpu)
        trace.stepped(layout: layout(of: target), interpreter, &context)
        if !context.text.isEmpty { output(context.text) }
    }

    /// Ends the remaining steps of the vCPU.
    public func endSteps(vcpu: Int) { trace.endSteps(vcpu) }

    private func layout(of target: any DebugTarget) -> RegisterLayout {
        if let layout { return layout }
        let layout = target.registerLayout
        self.layout = layout
        return layout
    }

    /// Runs an expression on a stopped vCPU, and returns its value and the text that it printed.
    package func evaluate(
        _ expression: AgentExpression, vcpu: Int, target: any DebugTarget
    ) throws(AgentError) -> (value: UInt64, text: [UInt8]) {
        var context = AgentInterpreter.Context(target, vcpu: vcpu)
        let value = try interpreter.run(expression, in: &context)
        return (value, context.text)
    }

    /// Runs a breakpoint's program, and returns whether to stop.
    ///
    /// A breakpoint does not stop if no condition is true, or if its commands have run in place of the stop.
    private func stops(
        _ program: BreakpointProgram, _ address: UInt64, _ context: inout AgentInterpreter.Context
    ) -> Bool {
        guard program.conditions.isEmpty || program.conditions.contains(where: { isTrue($0, address, &context) }) else {
            return false
        }
        guard !program.commands.isEmpty else { return true }
        for command in program.commands {
            do throws(AgentError) {
                _ = try interpreter.run(command, in: &context)
            } catch {
                context.note("command", address, error)
            }
        }
        return false
    }

    /// Evaluates a condition.
    ///
    /// A condition that fails counts as true, so that the client evaluates it again and shows the error.
    private func isTrue(
        _ condition: AgentExpression, _ address: UInt64, _ context: inout AgentInterpreter.Context
    ) -> Bool {
        do throws(AgentError) {
            return try interpreter.run(condition, in: &context) != 0
        } catch {
            context.note("condition", address, error)
            return true
        }
    }
}

extension AgentInterpreter.Context {
    /// Appends the error of a part of a breakpoint's program to the text, on a line of its own.
    mutating func note(_ part: String, _ address: UInt64, _ error: AgentError) {
        if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
        text += "\(part) at 0x\(String(address, radix: 16)) on CPU \(vcpu): \(error.text)\n".utf8
    }
}

extension StopPoint.Kind {
    var isBreakpoint: Bool { self == .softwareBreakpoint || self == .hardwareBreakpoint }
}
