import TestSupport

/// All measurements of the two stubs, taken in turns.
struct Comparison {
    private let bench: Bench
    private let newerGDB: String?
    private let rounds: Int

    init(_ bench: Bench, newerGDB: String?, rounds: Int) {
        (self.bench, self.newerGDB, self.rounds) = (bench, newerGDB, rounds)
    }

    func run(_ parts: Set<String>) throws {
        var rows: [Row] = []
        if parts.contains("memory") { rows += try memory() }
        if parts.contains("stepi") { rows += try workload(.stepInstruction, goal: 2) }
        if parts.contains("condition") { rows += try condition() }
        if parts.contains("stop") { rows += try stops() }
        if parts.contains("attach") { rows += try attach() }
        printTable("on the same guest", "Trapline", bench.qemu == nil ? "" : "QEMU", rows)
        if parts.contains("line") { try lines() }
        if parts.contains("condition") { try sides() }
        if parts.contains("interrupt") { try interrupts() }
        if parts.contains("idle") { try idle() }
    }

    /// Makes a row with a pair of values from each round.
    private func paired(
        _ name: String, goal: Double? = nil, show: @escaping (Double) -> String = Row.time,
        _ measure: (Stub) throws -> Double
    ) throws -> Row {
        var row = Row(name: name, goal: goal, show: show)
        for _ in 0..<rounds {
            row.own.append(try measure(.trapline))
            if bench.qemu != nil { row.other.append(try measure(.qemu)) }
        }
        return row
    }

    /// Measures a workload through GDB and as a replay, and counts its round trips.
    private func workload(
        _ workload: Workload, goal: Double? = nil, replayGoal: Double? = nil, gdb: String? = nil, suffix: String = "",
        show: @escaping (Double) -> String = Row.time
    ) throws -> [Row] {
        let recordings = try Dictionary(
            uniqueKeysWithValues: bench.stubs.map { ($0, try Recording(workload, $0, bench, gdb: gdb)) })
        let name = workload.name + suffix
        var trips = Row(name: "\(name): round trips", show: Row.number)
        for stub in bench.stubs {
            guard let recording = recordings[stub] else { continue }
            if stub == .trapline { trips.own = [recording.roundTrips] } else { trips.other = [recording.roundTrips] }
        }
        var own = Row(name: "\(name): GDB's own processor time in it")
        let through = try paired("\(name): through GDB", goal: goal, show: show) { stub in
            let time = try workload.time(stub, bench, gdb: gdb)
            if stub == .trapline { own.own.append(time.gdb) } else { own.other.append(time.gdb) }
            return time.whole
        }
        return [
            through, own,
            try paired("\(name): the same packets, without GDB", goal: replayGoal, show: show) { stub in
                try recordings[stub]?.replay(stub, bench) ?? .nan
            },
            trips,
        ]
    }

    private func memory() throws -> [Row] {
        var rows = [
            try paired("read memory: neutral client, best packet", goal: 8, show: Row.perMebibyte) {
                try NeutralClient.readMemory($0, bench, binary: true)
            },
            try paired("read memory: neutral client, m", show: Row.perMebibyte) {
                try NeutralClient.readMemory($0, bench, binary: false)
            },
        ]
        rows += try workload(.memory, show: Row.perMebibyte)
        if let newerGDB {
            rows += try workload(.memory, gdb: newerGDB, suffix: ", newer GDB", show: Row.perMebibyte)
        }
        return rows
    }

    /// Measures a false condition, which the target evaluates on Trapline, and GDB under QEMU.
    private func condition() throws -> [Row] {
        let target = Workload.condition(evaluatedBy: "target")
        let host = Workload.condition(evaluatedBy: "host")
        func workload(_ stub: Stub) -> Workload { stub == .trapline ? target : host }
        let ours = try Recording(target, .trapline, bench)
        guard let breakpoint = ours.slices.first?.first(where: { $0.starts(with: "Z0,".utf8) && $0.contains(0x58) })
        else { throw ProcessError("GDB sent no condition to Trapline") }
        let theirs = bench.qemu == nil ? nil : try Recording(host, .qemu, bench)
        return [
            try paired("false condition, a hit: through GDB", goal: 200) { try workload($0).time($0, bench).whole },
            try paired("false condition, a hit: without GDB", goal: 200) { stub in
                stub == .trapline
                    ? try NeutralClient.falseCondition(breakpoint, bench) : try theirs?.replay(stub, bench) ?? .nan
            },
            Row(
                name: "false condition, a hit: round trips", own: [0], other: theirs.map { [$0.roundTrips] } ?? [],
                show: Row.number),
        ]
    }

    private func stops() throws -> [Row] {
        [try paired("stop, inspect, resume: neutral client", goal: 2) { try NeutralClient.stopCycle($0, bench) }]
            + (try workload(.stop, goal: 2, replayGoal: 2))
    }

    private func attach() throws -> [Row] {
        var rows: [Row] = []
        var trips = Row(name: "attach: round trips of a neutral client", goal: 2, show: Row.number)
        let time = try paired("attach: the neutral client's time") { stub in
            let attach = try NeutralAttach(stub, bench)
            if stub == .trapline { trips.own = [attach.roundTrips] } else { trips.other = [attach.roundTrips] }
            return attach.seconds
        }
        rows += [trips, time]
        for (name, gdb) in [("GDB", bench.gdb)] + (newerGDB.map { [("newer GDB", $0)] } ?? []) {
            var trips = Row(name: "attach: round trips of \(name)", show: Row.number)
            for stub in bench.stubs {
                let count = try Attach(stub, bench, gdb: gdb).roundTrips
                if stub == .trapline { trips.own = [count] } else { trips.other = [count] }
            }
            rows.append(trips)
        }
        return rows + [try paired("attach: GDB's time") { try Attach.time($0, bench) }]
    }

    /// Measures `next` over a line with and without range stepping on Trapline.
    ///
    /// QEMU's stub has no range stepping, so it is measured without.
    private func lines() throws {
        let (with, without) = (Workload.line(rangeStepping: true), Workload.line(rangeStepping: false))
        let on = try Recording(with, .trapline, bench)
        let off = try Recording(without, .trapline, bench)
        var gdb = Row(name: "through GDB", goal: 20)
        var replayed = Row(name: "the same packets, without GDB")
        var qemu = Row(name: "QEMU, through GDB")
        for _ in 0..<rounds {
            gdb.own.append(try with.time(.trapline, bench).whole)
            gdb.other.append(try without.time(.trapline, bench).whole)
            replayed.own.append(try on.replay(.trapline, bench))
            replayed.other.append(try off.replay(.trapline, bench))
            if bench.qemu != nil {
                qemu.own.append(gdb.own.last ?? .nan)
                qemu.other.append(try without.time(.qemu, bench).whole)
            }
        }
        let trips = Row(name: "round trips", own: [on.roundTrips], other: [off.roundTrips], show: Row.number)
        printTable("next over a line of 3,000 iterations on Trapline", "range", "no range", [gdb, replayed, trips])
        printTable("the same", "Trapline", "QEMU", qemu.own.isEmpty ? [] : [qemu])
    }

    /// Measures one stub with the condition evaluated by the stub and by GDB.
    private func sides() throws {
        var row = Row(name: "a hit, through GDB")
        for _ in 0..<rounds {
            row.own.append(try Workload.condition(evaluatedBy: "target").time(.trapline, bench).whole)
            row.other.append(try Workload.condition(evaluatedBy: "host").time(.trapline, bench).whole)
        }
        printTable("false condition on Trapline", "target", "GDB", [row])
    }

    private func interrupts() throws {
        var middle = Row(name: "median")
        var tenth = Row(name: "slowest tenth begins at")
        var known = Row(name: "median until the PC is known")
        for _ in 0..<rounds {
            for stub in bench.stubs {
                let pairs = try NeutralClient.interrupts(stub, bench)
                let times = pairs.map(\.stop).sorted()
                let values = (median(times), times[times.count * 9 / 10])
                let timeOfPC = median(pairs.map(\.pc))
                if stub == .trapline { known.own.append(timeOfPC) } else { known.other.append(timeOfPC) }
                if stub == .trapline {
                    middle.own.append(values.0)
                    tenth.own.append(values.1)
                } else {
                    middle.other.append(values.0)
                    tenth.other.append(values.1)
                }
            }
        }
        printTable(
            "Ctrl-C to the stop, 200 times a round", "Trapline", bench.qemu == nil ? "" : "QEMU", [middle, tenth, known])
        print("goal 5 ms:", median(middle.own) <= 0.005 ? "reached" : "MISSED")
    }

    private func idle() throws {
        print("\nguest running, client attached and silent, 10 s: processor time and waits of each thread")
        for stub in bench.stubs {
            guard let threads = try Idle.threads(stub, bench) else {
                print("\(stub.rawValue): not measured, its threads are another host's")
                continue
            }
            for thread in threads {
                print(column("\(stub.rawValue): \(thread.name)", 58), column(Row.time(thread.time), 12), thread.waits)
            }
        }
    }
}
