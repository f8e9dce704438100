import Foundation
import TestSupport
import Testing

/// The guest `smp` with a client in non-stop mode: vCPU 1 held at `all_finished`, vCPU 2 running through `beat`.
final class NonStopGuest {
    let vm: VMUnderTest
    let guest: GuestProgram
    let client: RSPClient
    /// Where both run through for ever.
    let beat: UInt64

    init() throws {
        vm = try VMUnderTest("smp", cpus: 2)
        guest = try GuestProgram.named("smp")
        beat = try guest.symbol("beat")
        client = try RSPClient(vm.endpoint)
        try client.introduce()
        #expect(try client.ask("QNonStop:1") == "OK")
        #expect(try client.ask("?").hasPrefix("T00thread:1;"))
        #expect(try client.ask("vStopped") == "OK")
        let finished = try guest.symbol("all_finished")
        try insert(finished)
        #expect(try client.ask("vCont;c") == "OK")
        let stop = try nextStop()
        #expect(stop.contains("thread:1;"), "\(stop)")
        #expect(try programCounter(1) == finished)
        try remove(finished)
    }

    /// Waits for a stop that is notified, and hears of no other.
    func nextStop() throws -> String {
        let stop = try client.notification()
        #expect(try client.ask("vStopped") == "OK")
        return stop
    }

    /// All stops up to a number, in the order in which they come.
    func nextStops(_ count: Int) throws -> [String] {
        var stops: [String] = []
        while stops.count < count {
            stops.append(try client.notification())
            while true {
                let next = try client.ask("vStopped")
                if next == "OK" { break }
                stops.append(next)
            }
        }
        return stops
    }

    func insert(_ address: UInt64, kind: Int = 0) throws {
        #expect(try client.ask("Z\(kind),\(String(address, radix: 16)),4") == "OK")
    }

    func remove(_ address: UInt64, kind: Int = 0) throws {
        #expect(try client.ask("z\(kind),\(String(address, radix: 16)),4") == "OK")
    }

    /// The number of beats of vCPU 1 or 2, read from memory.
    func beats(_ thread: Int) throws -> UInt64 {
        let address = try guest.symbol("beats") + 8 * UInt64(thread - 1)
        return RSPClient.number(hex: try client.ask("m\(String(address, radix: 16)),8"))
    }

    func programCounter(_ thread: Int) throws -> UInt64 {
        #expect(try client.ask("Hg\(thread)") == "OK")
        return try client.programCounter()
    }

    /// Passes when the vCPU runs.
    func expectRunning(_ thread: Int) throws {
        let before = try beats(thread)
        let isRunning = try Patience.eventually { try beats(thread) > before }
        #expect(isRunning, "vCPU \(thread) stands still at \(before) beats")
    }

    /// Passes when the vCPU stays where it is.
    func expectHeld(_ thread: Int) throws {
        let before = (try beats(thread), try programCounter(thread))
        usleep(50_000)
        #expect(try (beats(thread), programCounter(thread)) == before)
    }
}
