import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// A debugger of the machine in the guest's processes.
    @Suite(.serialized, .traplineOnly("a raw client counts on what GDBStub promises"))
    struct ProcessDebugging {
        @Test("a breakpoint in a running process is hit there, each time round, at EL0")
        func userBreakpoint() throws {
            let guest = try LinuxGuest.shared(.virt)
            let tick = try LinuxFiles.made.get().symbol("tick", of: "loop")
            let breakpoint = "0,\(String(tick, radix: 16)),4"
            let loop = try guest.type("loop 100")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("Z\(breakpoint)") == "OK")
            var numbers: [UInt64] = []
            for _ in 0..<10 {
                let stop = try client.resumeToStop()
                _ = try select(client, stop)
                #expect(try client.programCounter() == tick && client.exceptionLevel() == 0, "\(stop)")
                numbers.append(try client.register(0))
            }
            // The argument counts the calls: none was missed, none reported twice.
            let first = try #require(numbers.first)
            #expect(numbers == (0..<10).map { first + $0 }, "\(numbers)")
            #expect(try client.ask("z\(breakpoint)") == "OK")
            try client.leave()
            #expect(try guest.finish(loop).text == "loop: 100 ticks\n")
        }

        @Test("a user program's own BRK is its SIGTRAP with a debugger attached, handled or not")
        func ownBreakpoints() throws {
            let guest = try LinuxGuest.shared(.virt)
            let client = try RSPClient.attached(to: guest)
            // Debugging is on, at an address that no program here has: they are all linked to the same one.
            #expect(try client.ask("Z0,100000,4") == "OK")
            try client.send("vCont;c")
            #expect(try guest.run("brk 100") == "brk: 100 of 100 traps\n")
            #expect(try guest.run("brk", status: 133).contains("Trace/breakpoint trap"))
            _ = try client.interrupt()
            try client.leave()
        }

        @Test("bound to a process a breakpoint lets the others run through its address, unbound it stops them")
        func boundBreakpoint() throws {
            let guest = try LinuxGuest.shared(.virt)
            // Both programs have code there.
            let tick = String(try LinuxFiles.made.get().symbol("tick", of: "loop"), radix: 16)
            try guest.run("loop 1000000 & true")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("Z0,\(tick),4") == "OK")
            var numbers: [UInt64] = []
            for round in 0..<5 {
                let stop = try client.resumeToStop()
                _ = try select(client, stop)
                numbers.append(try client.register(0))
                if round == 0 { print("linux:", try client.monitor("bind 0x\(tick)")) }
            }
            #expect(numbers == numbers.indices.map { numbers[0] + UInt64($0) }, "\(numbers)")

            // The process it is bound to keeps its table, so that no other gets it, but doesn't run.
            #expect(try client.ask("z0,\(tick),4") == "OK")
            try client.send("vCont;c")
            try guest.run("kill -STOP $!")
            _ = try client.interrupt()
            #expect(try client.ask("Z0,\(tick),4") == "OK")
            try client.send("vCont;c")
            #expect(try guest.run("brk 100") == "brk: 100 of 100 traps\n")

            _ = try client.interrupt()
            _ = try client.monitor("unbind 0x\(tick)")
            let brk = try guest.type("brk 100")
            let stop = try client.resumeToStop()
            _ = try select(client, stop)
            #expect(try String(client.programCounter(), radix: 16) == tick && client.exceptionLevel() == 0, "\(stop)")
            #expect(try client.ask("z0,\(tick),4") == "OK")
            try client.leave()
            #expect(try guest.finish(brk).text == "brk: 100 of 100 traps\n")
            try guest.run("kill -KILL $!; wait $! || true")
        }

        private func select(_ client: RSPClient, _ stop: String) throws -> String {
            let thread = try #require(stop.firstMatch(of: /thread:([0-9a-f.p]+);/), "\(stop)")
            return try client.ask("Hg\(thread.1)")
        }
    }
}
