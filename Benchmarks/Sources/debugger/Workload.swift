/// Something a person does in GDB, timed as GDB does it.
struct Workload {
    let name: String
    /// GDB's commands that come before, with the guest in its endless part.
    var setup: [String] = []
    /// Python that does it once and returns how often that was; `n` grows with ``grows`` until it takes long enough.
    let operation: [String]
    /// Where the guest has to be each time, if it matters; going there is not timed.
    var place: String?
    /// How many operations GDB is recorded with, to be replayed.
    var recorded = 10
    /// The first value of `n` for a recording and for a stub.
    var firstCount: [Stub?: Int] = [nil: 1]
    /// Operations are made longer instead of more often.
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

    /// `break … if`, which is false until the last of `n` hits.
    ///
    /// What GDB does between two hits is what counts, so it is recorded with many.
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
    /// A packet that GDB sends as a separator; every stub answers that it is not supported.
    static let mark = "qMark"

    /// The script for GDB, attached or not, that does the operation for `seconds`, or the recorded number of times.
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
            // The first operation fills GDB's caches, and shows how long one takes.
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
