/// An operation that a user performs in GDB, and its script.
struct Workload {
    let name: String
    /// GDB's commands before the first operation, with the guest in its endless loop.
    var setup: [String] = []
    /// Python that performs the operation and returns the number of times it did.
    ///
    /// The script doubles `n` until the operation takes long enough, if ``grows`` is true.
    let operation: [String]
    /// The symbol that the guest must be at before each operation; nil if it does not matter.
    ///
    /// Running to it is not timed.
    var place: String?
    /// The number of operations in a recording.
    var recorded = 10
    /// The first value of `n`, for a recording (nil) and for each stub.
    var firstCount: [Stub?: Int] = [nil: 1]
    /// Whether `n` grows until one operation takes the whole time, instead of repeating the operation.
    var grows = false

    static let stepInstruction = Workload(
        name: "stepi", setup: ["tbreak visit", "continue"],
        operation: ["gdb.execute('stepi', to_string=True)", "return 1"], recorded: 40)

    static let stop = Workload(
        name: "stop, inspect, resume", setup: ["break visit", "continue"],
        operation: [
            "gdb.execute('continue', to_string=True)",
            "frame = gdb.selected_frame()",
            "for name in ['x%d' % i for i in range(31)] + ['sp', 'pc', 'cpsr']: frame.read_register(name)",
            "gdb.selected_inferior().read_memory(int(frame.read_register('sp')), 64)",
            "return 1",
        ], recorded: 20)

    /// A breakpoint with a condition that is false until the last of `n` hits.
    ///
    /// The time between two hits is measured, so a recording has many of them.
    static func condition(evaluatedBy side: String) -> Workload {
        Workload(
            name: "break … if false, \(side == "host" ? "GDB" : "the target") evaluating",
            setup: [
                "tbreak visit", "continue", "set breakpoint condition-evaluation \(side)", "break visit",
                "python condition = 'condition %d number == ' % gdb.breakpoints()[-1].number",
            ],
            operation: [
                "last = int(gdb.parse_and_eval('number')) + n",
                "gdb.execute(condition + str(last), to_string=True)",
                "gdb.execute('continue', to_string=True)",
                "if int(gdb.parse_and_eval('number')) != last: raise gdb.GdbError('stopped elsewhere')",
                "return n",
            ], recorded: 1, firstCount: [nil: 40, .trapline: 500, .qemu: 500], grows: true)
    }

    static func line(rangeStepping: Bool) -> Workload {
        Workload(
            name: "next over 3,000 iterations, range stepping \(rangeStepping ? "on" : "off")",
            setup: ["set range-stepping \(rangeStepping ? "on" : "off")"],
            operation: [
                "before = int(gdb.parse_and_eval('$pc'))",
                "gdb.execute('next', to_string=True)",
                "if not before < int(gdb.parse_and_eval('$pc')) < before + 64: raise gdb.GdbError('not on the next line')",
                "return 1",
            ], place: "spin_line", recorded: 1)
    }

    static let mebibytes = 4

    static let memory = Workload(
        name: "read memory, 1 MiB",
        operation: [
            "address = int(gdb.parse_and_eval('(unsigned long)&noise'))",
            "gdb.selected_inferior().read_memory(address, \(mebibytes) << 20)",
            "return \(mebibytes)",
        ], recorded: 1)
}

extension Workload {
    /// The packet that GDB sends as a separator, to which every stub replies that it is not supported.
    static let mark = "qMark"

    /// Returns GDB's script that performs the operation for `seconds`, or the recorded number of times if that is nil.
    func script(_ stub: Stub, seconds: Double?) -> String {
        var lines = ["tbreak ready", "continue"] + setup
        let first = seconds == nil ? firstCount[nil] : firstCount[stub]
        lines += ["python", "import time", "n = \(first ?? firstCount[nil] ?? 1)", "def operation():"]
        lines += operation.map { "    " + $0 }
        lines += ["def mark(): gdb.execute('maintenance packet \(Self.mark)', to_string=True)"]
        lines += ["def prepare():"]
        if let place {
            lines += [
                "    gdb.execute('tbreak *&\(place)', to_string=True)", "    gdb.execute('continue', to_string=True)",
            ]
        } else {
            lines += ["    pass"]
        }
        if let seconds {
            // The first operation is not counted: it fills GDB's caches.
            lines += ["prepare()", "operation()", "spent = own = 0", "count = 0", "while spent < \(seconds):"]
            lines += ["    prepare()", "    start, mine = time.time(), time.process_time()", "    done = operation()"]
            lines += ["    took, busy = time.time() - start, time.process_time() - mine"]
            if grows {
                lines += ["    if took < \(seconds):", "        n *= 2", "        continue"]
            }
            lines += ["    spent += took", "    own += busy", "    count += done", "print('@count=%d' % count)"]
            lines += ["print('@nanoseconds=%d' % (1e9 * spent))", "print('@own=%d' % (1e9 * own))"]
        } else {
            lines += ["prepare()", "operation()", "for i in range(\(recorded)):", "    prepare()", "    mark()"]
            lines += ["    print('@count=%d' % operation())", "    mark()"]
        }
        return (lines + ["end", "disconnect"]).joined(separator: "\n")
    }
}
