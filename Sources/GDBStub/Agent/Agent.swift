public import Execution
import TargetDescription

/// The part of a machine's debugger that acts at breakpoints without the client: conditions, commands and tracepoints.
///
/// Each machine has one, which outlives sessions: what a client has set up continues to run after it disconnects. The
/// session fills it while the machine is stopped. The accelerator calls ``hit(address:vcpu:target:)`` at each
/// breakpoint, on any thread, one call at a time.
public final class Agent {
    /// The effect of a breakpoint that was hit.
    public enum Verdict: Equatable, Sendable {
        /// Everything stops, for a breakpoint of that kind.
        case stop(StopPoint.Kind)
        /// The vCPU executes the instruction as if the breakpoint weren't there.
        case pass
    }

    /// The breakpoints at one address.
    private struct Site {
        var software: BreakpointProgram?
        var hardware: BreakpointProgram?

        var isEmpty: Bool { software == nil && hardware == nil }
    }

    /// All programs together may have that many bytes of bytecode.
    static let maximumProgramBytes = 1 << 20

    let interpreter = AgentInterpreter()
    let trace = TraceExperiment()
    /// Takes text for the user.
    private let output: ([UInt8]) -> Void
    private var sites: [UInt64: Site] = [:]
    private var programBytes = 0
    /// The layout of `g`, once it has been needed.
    private var layout: RegisterLayout?

    /// - Parameter output: takes the text that commands print, and the errors of conditions that fail; called from
    ///   `hit`.
    public init(output: @escaping ([UInt8]) -> Void) {
        self.output = output
    }

    /// Where breakpoints have to be for the agent's own sake: tracepoints that collect, and commands that stay when
    /// their client has left.
    public var ownAddresses: Set<UInt64> {
        var addresses = Set(trace.addresses)
        for (address, site) in sites where site.software?.persists == true || site.hardware?.persists == true {
            addresses.insert(address)
        }
        return addresses
    }

    /// Whether breakpoints are decided about by programs, which may take as long as they like, within their limits.
    public var hasPrograms: Bool { programBytes > 0 || !trace.addresses.isEmpty }

    // MARK: What the session says

    /// Sets what is evaluated at a breakpoint, in place of what was.
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

    /// The addresses of breakpoints whose client has left and whose commands still run, lowest first.
    public var leftBreakpoints: [UInt64] {
        sites.filter { $0.value.software?.isLeft == true || $0.value.hardware?.isLeft == true }.keys.sorted()
    }

    /// Removes the ``leftBreakpoints``; ``AgentHost/agentChanged()`` then takes them out of the machine.
    public func removeLeft() {
        for address in leftBreakpoints {
            for kind in [StopPoint.Kind.softwareBreakpoint, .hardwareBreakpoint] {
                let point = StopPoint(kind: kind, address: address, length: 0)
                if program(at: point)?.isLeft == true { replace(point, with: nil) }
            }
        }
    }

    /// Removes all breakpoints but those that stay when their client leaves.
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

    /// Decides about a breakpoint that the vCPU, which does not run, has at its PC.
    ///
    /// Nil if the agent has no breakpoint there.
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

    /// Whether a tracepoint wants to collect after the vCPU's next instruction, too.
    ///
    /// The accelerator then has the vCPU execute one instruction, with nothing in between, and calls
    /// ``stepped(vcpu:target:)``; or ``endSteps(vcpu:)``, when the vCPU has something else to do.
    public func isStepping(vcpu: Int) -> Bool { trace.isRunning && trace.isStepping(vcpu) }

    /// Collects after an instruction.
    public func stepped(vcpu: Int, target: any DebugTarget) {
        var context = AgentInterpreter.Context(target, vcpu: vcpu)
        trace.stepped(layout: layout(of: target), interpreter, &context)
        if !context.text.isEmpty { output(context.text) }
    }

    /// Gives up the rest of the steps.
    public func endSteps(vcpu: Int) { trace.endSteps(vcpu) }

    private func layout(of target: any DebugTarget) -> RegisterLayout {
        if let layout { return layout }
        let layout = target.registerLayout
        self.layout = layout
        return layout
    }

    /// Runs an expression on a vCPU that does not run: its value, and what it printed.
    package func evaluate(
        _ expression: AgentExpression, vcpu: Int, target: any DebugTarget
    ) throws(AgentError) -> (value: UInt64, text: [UInt8]) {
        var context = AgentInterpreter.Context(target, vcpu: vcpu)
        let value = try interpreter.run(expression, in: &context)
        return (value, context.text)
    }

    /// Runs a breakpoint's program; false if it is none to stop for, or has done instead what it was to do.
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

    /// A condition that can't be evaluated counts as true: the client looks at it again, and can say what is wrong.
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
    /// Says that a part of a breakpoint's program failed, on a line of its own.
    mutating func note(_ part: String, _ address: UInt64, _ error: AgentError) {
        if let last = text.last, last != UInt8(ascii: "\n") { text.append(UInt8(ascii: "\n")) }
        text += "\(part) at 0x\(String(address, radix: 16)) on CPU \(vcpu): \(error.text)\n".utf8
    }
}

extension StopPoint.Kind {
    var isBreakpoint: Bool { self == .softwareBreakpoint || self == .hardwareBreakpoint }
}
