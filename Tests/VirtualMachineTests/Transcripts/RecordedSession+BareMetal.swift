import Foundation
import TestSupport

// Clients of small guests without an operating system.
extension RecordedSession {
    static let bareMetal = [
        RecordedSession(
            name: "gdb-calls",
            about: "GDB on the guest `calls`: breakpoints, a condition, steps, registers, memory, detach.",
            boot: .program("calls")
        ) { place in
            try gdb(
                place,
                """
                info registers pc cpsr
                break add if a == 36
                hbreak fib
                continue
                backtrace
                delete 1
                finish
                step
                next
                continue
                print n
                delete
                stepi
                stepi 3
                finish
                tbreak straight
                continue
                info registers
                info registers v0 fpcr
                set $x5 = 0x1234
                print $x5
                x/8i $pc
                set var calls = 77
                print calls
                set var buffer[3] = 9
                x/16xb buffer
                find /w 0x40100000, +0x8000, *(int *)((char *)&add + 4)
                print $SCTLR_EL1
                set $TPIDR_EL0 = 0x55
                print/x $TPIDR_EL0
                call add(3, 4)
                python print(gdb.selected_inferior().threads()[0].name)
                detach
                """)
        },
        RecordedSession(
            name: "gdb-watch",
            about: "GDB on the guest `watch`: watchpoints of all kinds, and the guest's end.",
            boot: .program("watch"), script: { place in try gdb(place, watchScript) }),
        RecordedSession(
            name: "gdb-monitor",
            about: "GDB on the guest `mmu`: monitor commands and the tables of `info os`; then it kills the machine.",
            boot: .program("mmu"), script: { place in try gdb(place, monitorScript) }),
        RecordedSession(
            name: "gdb-tracepoint",
            about: "GDB on the guest `agent`: tracepoints, their frames, and dprintf in agent style.",
            boot: .program("agent"), script: { place in try gdb(place, tracepointScript) }),
        RecordedSession(
            name: "gdb-extended",
            about: "GDB on the guest `forever` with extended-remote: run, detach, attach, Ctrl-C, kill and run again.",
            boot: .program("forever"), script: extendedScript),
    ]

    private static let watchScript = """
        break ready
        continue
        watch one.value
        continue
        delete
        watch big.value
        continue
        info watchpoints
        delete
        rwatch two.value
        continue
        delete
        awatch four.value
        continue
        delete
        monitor mask-irq off
        stepi
        monitor mask-irq step
        continue
        """

    private static let monitorScript = """
        monitor help
        monitor version
        monitor nonsense
        tbreak main
        continue
        monitor info cpus
        monitor info mtree
        monitor info mappings
        monitor translate 0x40200000
        monitor catch svc
        continue
        monitor xp /2xw 0x40200000
        monitor catch none
        monitor regime physical
        x/2xw 0x40200000
        monitor regime auto
        info os
        info os memory
        monitor reset
        maintenance flush register-cache
        print/x $pc
        kill
        """

    private static let tracepointScript = """
        set var rounds = 20
        set var spins = 30
        tvariable $seen = 5
        trace visit if round < 2 || round == 19
        actions
        collect $regs, $args, *item, total
        teval $seen = $seen + 1
        collect $seen
        end
        set dprintf-style agent
        dprintf spin,"spin %d\\n", count
        break finished
        tstart
        continue
        tstop
        tstatus
        info tracepoints
        tfind start
        print *item
        print/x $pc
        print $seen
        tfind
        print round
        tfind 5
        backtrace 1
        tfind none
        print total
        delete
        detach
        """

    /// Runs a GDB script, with the guest's symbols if it has any.
    static func gdb(_ place: Place, _ script: String) throws -> GDBLog {
        try GDB.batch(elf: place.program?.path, remote: place.endpoint, limit: .seconds(200), script)
    }

    @Sendable private static func extendedScript(_ place: Place) throws -> GDBLog {
        let gdb = try GDBSession(elf: place.program?.path)
        try gdb.command("target extended-remote \(place.endpoint)")
        try gdb.command("break hot")
        try gdb.command("continue")
        try gdb.command("delete")
        try gdb.resume("continue")
        usleep(100_000)
        gdb.interrupt()
        _ = try gdb.waitForStop()
        try gdb.command("detach")
        try gdb.command("attach 1")
        try gdb.command("x/i $pc")
        try gdb.command("kill")
        try gdb.resume("run")
        usleep(100_000)
        gdb.interrupt()
        _ = try gdb.waitForStop()
        try gdb.command("kill")
        try gdb.command("disconnect")
        return GDBLog(text: gdb.transcript, succeeded: true)
    }
}
