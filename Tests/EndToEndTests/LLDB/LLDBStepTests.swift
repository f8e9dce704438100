import TestSupport
import Testing

extension EndToEnd {
    /// LLDB's steps: by the instruction, by the line, out, until, and all of them while a timer's interrupts fire.
    @Suite(.traplineOnly(VMUnderTest.noLLDB))
    struct LLDBSteps {
        private func lines(_ line: String, _ count: Int) -> String {
            Array(repeating: line, count: count).joined(separator: "\n")
        }

        @Test(
            "thread step-inst executes one instruction, step-inst-over goes over a call, both with the registers right")
        func instructions() throws {
            let vm = try VMUnderTest("calls")
            let start = try GuestProgram.named("calls").symbol("straight")
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --address \(start) --one-shot true
                continue
                register read x0
                \(lines("thread step-inst\nregister read x0", 10))
                thread step-out
                thread step-inst --count 3
                thread step-inst-over
                detach
                """)
            #expect(
                log.succeeded && log.frames.dropFirst().prefix(11) == (0...10).map { start + 4 * $0 }[...], "\(log)")
            #expect(log.registers("x0") == [1, 2, 32, 223, 223, 669, 664, 664, 664, 664, 664], "\(log)")
            // The value is stored, and after the argument's two instructions comes the next call.
            let last = log.frames.suffix(3)
            #expect(last.count == 3 && zip(last, last.dropFirst()).map { $1 &- $0 } == [12, 4], "\(log)")
            #expect(log.contains("stop reason = instruction step over"), "\(log)")
            try vm.waitForSerial("straight 664 calls 100\n")
        }

        @Test("thread step-over goes over a call, step-in enters it, step-out leaves it, until runs to the loop's end")
        func lines() throws {
            let vm = try VMUnderTest("calls")
            let guest = try GuestProgram.named("calls")
            let start = try guest.line("loop-start").split(separator: ":")
            let end = try guest.line("loop-end").split(separator: ":")[1]
            let log = try vm.lldb(
                "calls",
                """
                breakpoint set --file \(start[0]) --line \(start[1]) --one-shot true
                continue
                thread step-over
                thread step-over
                thread step-in
                thread step-out
                thread step-over
                frame variable i
                thread until \(end)
                frame variable sum
                thread step-out
                thread step-over
                thread step-over
                frame variable number
                detach
                """)
            #expect(log.succeeded && log.contains("stop reason = step in") && log.contains("`add(a=0, b=0)"), "\(log)")
            #expect(log.contains("stop reason = step out") && log.contains("stop reason = step until"), "\(log)")
            #expect(log.contains("(int) sum = 4950\n") && log.contains("(int) number = 55\n"), "\(log)")
            try vm.waitForSerial("sum 4950 fib 55 straight 664 calls 100\n")
        }

        @Test("steps through msr daif, svc and eret with interrupts open never enter the IRQ vector, nor does it show")
        func delicateInstructions() throws {
            let vm = try VMUnderTest("steps")
            let guest = try GuestProgram.named("steps")
            let (begin, svc) = (try guest.symbol("steps_begin"), try guest.symbol("steps_svc"))
            let eret = try guest.symbol("steps_eret")
            let (first, second) = (Int(svc - begin) / 4, 8)
            let log = try vm.lldb(
                "steps",
                """
                breakpoint set --address \(begin) --one-shot true
                continue
                expression interrupts
                \(lines("thread step-inst", first))
                breakpoint set --address \(svc + 4)
                thread step-inst
                continue
                breakpoint delete
                \(lines("thread step-inst", second))
                breakpoint set --address \(eret)
                continue
                thread step-inst
                breakpoint delete
                expression interrupts
                continue
                """)
            let frames = log.frames.dropFirst()
            let vector = try guest.symbol("vector_sync")
            #expect(
                log.succeeded && frames.prefix(first + 1) == (0...first).map { begin + 4 * UInt64($0) }[...], "\(log)")
            #expect(frames.dropFirst(first + 1).prefix(2) == [vector, svc + 4], "\(log)")
            #expect(frames.last == (try guest.symbol("steps_returned")), "\(log)")
            let irq = try guest.symbol("vector_irq")
            #expect(!frames.contains { irq..<irq + 0x80 ~= $0 } && frames.count > first + 10, "\(log)")
            #expect(log.contains("exited with status = 0"), "\(log)")
            #expect(vm.serial.contains("failures 0\n") && !vm.serial.contains("wrong"), "\(vm.serial)")
        }

        @Test("an ldxr/stxr loop that is stepped instruction by instruction ends, without a retry")
        func exclusives() throws {
            let vm = try VMUnderTest("steps")
            let guest = try GuestProgram.named("steps")
            let (start, end) = (try guest.symbol("steps_exclusive"), try guest.symbol("steps_exclusive_end"))
            // Eight rounds of six instructions, on KVM with the exclusive ones as one.
            let steps = VMUnderTest.isKVM ? 32 : 48
            let log = try vm.lldb(
                "steps",
                """
                breakpoint set --address \(start) --one-shot true
                continue
                \(lines("thread step-inst", steps))
                register read x8
                expression shared
                detach
                """)
            #expect(log.succeeded && log.frames.last == end && !log.frames.dropLast().contains(end), "\(log)")
            #expect(log.registers("x8") == [0] && log.results == ["8"], "\(log)")
            try vm.waitForSerial("failures 0\n")
        }

        @Test("step-over, step-in and step-out stay in the program while interrupts fire")
        func sourceSteps() throws {
            let vm = try VMUnderTest("steps")
            let log = try vm.lldb(
                "steps",
                """
                breakpoint set --name work --one-shot true
                continue
                \(lines("thread step-over", 10))
                thread step-out
                \(lines("thread step-in", 8))
                thread step-out
                detach
                """)
            #expect(log.succeeded && log.frames.count > 18, "\(log)")
            #expect(!log.contains("handle_irq") && !log.contains("vector"), "\(log)")
            try vm.waitForSerial("steps: sum 397 failures 0\n")
        }
    }
}
