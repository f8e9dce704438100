import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// Operations repeated very often, for rare failures.
    @Suite struct Stress {
        /// Two vCPUs run through one function without a pause, and each time one of them is stopped there.
        @Test(
            "2.13, 2.41: of 2,000 hits of two vCPUs in one function none is lost and none is reported twice",
            .traplineOnly("QEMU steps over breakpoints only with the client's help"), arguments: ["auto", "memory"])
        func hitsOfTwo(place: String) throws {
            let vm = try VMUnderTest("smp", cpus: 2)
            let guest = try GuestProgram.named("smp")
            let client = try RSPClient(vm.endpoint)
            try client.introduce()
            try client.monitor("breakpoints \(place)")
            func address(_ symbol: String) throws -> String { String(try guest.symbol(symbol), radix: 16) }
            func set(_ symbol: String) throws { #expect(try client.ask("Z0,\(try address(symbol)),4") == "OK") }
            func remove(_ symbol: String) throws { #expect(try client.ask("z0,\(try address(symbol)),4") == "OK") }
            func goOn() throws -> String { try client.ask("vCont;c", limit: .seconds(20)) }
            try set("before_cpu_on")
            #expect(try goOn().hasPrefix("T05"))
            try remove("before_cpu_on")
            let rounds = 1000
            #expect(try client.ask("M\(try address("how_many")),2:e803") == "OK")
            try set("both")
            try set("all_finished")
            let end = try guest.symbol("all_finished")
            var hits = [0, 0]
            while true {
                let stop = try goOn()
                let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f]+);/), "\(stop)")
                let pc = try #require(RSPClient.programCounter(in: stop), "\(stop)")
                if pc == end { break }
                hits[Int(thread.1) == 1 ? 0 : 1] += 1
                try #require(hits[0] + hits[1] <= 2 * rounds, "more hits than calls")
            }
            #expect(hits == [rounds, rounds])
            for cpu in 0..<2 {
                let calls = try client.ask("m\(String(try guest.symbol("calls") + UInt64(8 * cpu), radix: 16)),8")
                #expect(RSPClient.number(hex: calls) == UInt64(rounds))
            }
            #expect(try client.ask("D") == "OK")
        }

        @Test(
            "GDB killed at any of 50 moments leaves the guest alive and its text as it was",
            .traplineOnly("QEMU keeps a lost client's breakpoints"), arguments: ["auto", "memory"])
        func killedDebuggers(place: String) throws {
            let vm = try VMUnderTest("forever", hold: false)
            let guest = try GuestProgram.named("forever")
            try vm.waitForSerial("tick 1\n")
            let script = try TemporaryFolder()
            let lines =
                GDB.settings + [
                    "target remote \(vm.endpoint)", "monitor breakpoints \(place)", "break hot", "hbreak print",
                    "watch beats", "while 1", "continue", "stepi", "stepi", "end",
                ]
            let file = try script.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: "endless.gdb")
            var random = SeededRandom(seed: SeededRandom.chosenSeed)
            for round in 0..<25 {
                let gdb = try ChildProcess(try GDB.program(), ["-nx", "-q", "-batch", "-x", file, guest.path])
                gdb.closeInput()
                // From before the connection is made to the middle of the loop.
                usleep(UInt32(random.below(1_200_000)))
                #expect(gdb.isRunning, "round \(round): \(gdb.text)")
                gdb.end()
            }
            let log = try vm.gdb("forever", "compare-sections -r\ndetach")
            #expect(log.succeeded && log.contains("matched.") && !log.contains("MIS-MATCHED"), "\(log)")
            let ticks = vm.serial.components(separatedBy: "tick").count
            try vm.waitForSerial("more ticks") { $0.components(separatedBy: "tick").count > ticks + 1 }
            #expect(vm.process.isRunning, random.comment)
        }
    }
}
