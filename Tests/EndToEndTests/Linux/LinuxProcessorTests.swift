import Foundation
import TestSupport
import Testing

extension EndToEnd.Linux {
    /// Four vCPUs under a debugger: named, stopped together, resumed as asked.
    @Suite(.serialized, .traplineOnly("a raw client counts on what GDBStub promises"))
    struct Processors {
        private func names(_ client: RSPClient) throws -> [String] {
            try (1...4).map {
                String(decoding: RSPClient.bytes(hex: try client.ask("qThreadExtraInfo,\($0)")), as: UTF8.self)
            }
        }

        private func programCounters(_ client: RSPClient) throws -> [UInt64] {
            try (1...4).map {
                _ = try client.ask("Hg\($0)")
                return try client.programCounter()
            }
        }

        private func state(_ client: RSPClient, ofVCPU vcpu: Int) throws -> String {
            _ = try client.ask("Hg\(vcpu + 1)")
            return try client.ask("g")
        }

        @Test("every vCPU is listed with what it does: in a process, waiting, off")
        func threadNames() throws {
            let guest = try LinuxGuest.shared(.virt)
            try guest.run("echo 0 >/sys/devices/system/cpu/cpu3/online")
            try guest.run("taskset -c 2 sh -c 'while :; do :; done' & sleep 1")
            let client = try RSPClient.attached(to: guest)
            #expect(try client.ask("qfThreadInfo") == "m1,2,3,4" && client.ask("qsThreadInfo") == "l")
            var seen: [Set<String>] = [[], [], [], []]
            for _ in 0..<400 where !(seen[1].contains("CPU 1 (EL1, WFI)") && seen[2].contains("CPU 2 (EL0)")) {
                for (cpu, name) in try names(client).enumerated() { seen[cpu].insert(name) }
                try client.send("vCont;c")
                usleep(20_000)
                _ = try client.interrupt()
            }
            #expect(seen[1].contains("CPU 1 (EL1, WFI)"), "\(seen)")
            #expect(seen[2].contains("CPU 2 (EL0)"), "\(seen)")
            #expect(seen[3] == ["CPU 3 (off)"], "\(seen)")
            try client.leave()
            try guest.run("kill $!; echo 1 >/sys/devices/system/cpu/cpu3/online")
            #expect(try guest.run("nproc") == "4\n")
        }

        @Test("all vCPUs stop together, and only those that are resumed continue")
        func stoppedTogether() throws {
            let guest = try LinuxGuest.shared(.virt)
            try guest.run(
                "for n in 0 2 3; do taskset -c $n sh -c 'while :; do :; done' & done; "
                    + "taskset -c 1 clock 1000000000 & sleep 1")
            let client = try RSPClient.attached(to: guest)
            var stopped = try programCounters(client)
            usleep(100_000)
            #expect(try programCounters(client) == stopped, "a vCPU ran while the machine was stopped")
            // Only vCPU 1 continues, in its process and out of it. The process counts its rounds, so that the registers
            // differ at the same instruction too; in the kernel it might wait for one of the others.
            var moved = false
            for _ in 0..<100 where !moved {
                let before = try state(client, ofVCPU: 1)
                try client.send("vCont;c:2")
                usleep(50_000)
                _ = try client.interrupt()
                let now = try programCounters(client)
                for cpu in [0, 2, 3] { #expect(now[cpu] == stopped[cpu], "vCPU \(cpu) was to stand still") }
                moved = try state(client, ofVCPU: 1) != before
                if moved { break }
                try client.send("vCont;c")
                usleep(10_000)
                _ = try client.interrupt()
                stopped = try programCounters(client)
            }
            #expect(moved, "vCPU 1 did not go on from \(String(stopped[1], radix: 16))")
            try client.leave()
            try guest.run("kill $(jobs -p); wait; true")
            try guest.expectNoComplaints()
        }
    }
}
