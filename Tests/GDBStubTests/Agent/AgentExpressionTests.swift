import Execution
import GDBStub
import TestSupport
import Testing

/// Agent expressions that are refused, and errors of those that are accepted.
@Suite struct AgentExpressionTests {
    struct Malformed: Sendable {
        var code: String
        var reason: AgentError.Code
        /// The offset the error names.
        var offset: Int
    }

    static let malformed = [
        Malformed(code: "", reason: .missingEnd, offset: 0),
        Malformed(code: "22 01", reason: .missingEnd, offset: 2),
        Malformed(code: "22 01 20 0005", reason: .jumpOutside, offset: 2),
        Malformed(code: "22 01 20 0006 27", reason: .jumpOutside, offset: 2),
        Malformed(code: "21 ffff 27", reason: .jumpOutside, offset: 0),
        // Into the middle of an instruction.
        Malformed(code: "21 0004 23 2727 27", reason: .jumpOutside, offset: 0),
        Malformed(code: "22", reason: .truncated, offset: 0),
        Malformed(code: "25 01020304050607", reason: .truncated, offset: 0),
        Malformed(code: "26 00", reason: .truncated, offset: 0),
        Malformed(code: "21 00", reason: .truncated, offset: 0),
        Malformed(code: "00 27", reason: .unknownOpcode, offset: 0),
        Malformed(code: "01 27", reason: .unknownOpcode, offset: 0),
        Malformed(code: "22 00 1b 27", reason: .unknownOpcode, offset: 2),
        Malformed(code: "22 00 31 27", reason: .unknownOpcode, offset: 2),
        Malformed(code: "35 27", reason: .unknownOpcode, offset: 0),
        Malformed(code: "ff 27", reason: .unknownOpcode, offset: 0),
        Malformed(code: "02 27", reason: .stackUnderflow, offset: 0),
        Malformed(code: "22 01 02 27", reason: .stackUnderflow, offset: 2),
        Malformed(code: "22 01 22 01 33 27", reason: .stackUnderflow, offset: 4),
        Malformed(code: "22 01 32 01 27", reason: .stackUnderflow, offset: 2),
        Malformed(code: "22 01 32 ff 27", reason: .stackUnderflow, offset: 2),
        Malformed(code: "22 01 0c 27", reason: .stackUnderflow, offset: 2),
        Malformed(code: "28 27", reason: .stackUnderflow, offset: 0),
        Malformed(code: "20 0000 27", reason: .stackUnderflow, offset: 0),
        // One way with an element, one without; a loop that grows the stack.
        Malformed(code: "22 01 20 0007 22 01 27", reason: .unequalStacks, offset: 7),
        Malformed(code: "22 01 21 0000", reason: .unequalStacks, offset: 0),
        Malformed(code: String(repeating: "22 01", count: 257) + "27", reason: .stackOverflow, offset: 512),
        Malformed(code: "22 01 16 00 27", reason: .badOperand, offset: 2),
        Malformed(code: "22 01 2a 00 27", reason: .badOperand, offset: 2),
        // printf: no zero at the end, no string at all, too few arguments, arguments that were not pushed.
        Malformed(code: "22 00 22 00 34 00 0002 6161 27", reason: .badFormat, offset: 4),
        Malformed(code: "22 00 22 00 34 00 0000 27", reason: .badFormat, offset: 4),
        Malformed(code: "22 00 22 00 34 00 0003 256400 27", reason: .badFormat, offset: 4),
        Malformed(code: "22 00 22 00 34 01 0003 256400 27", reason: .stackUnderflow, offset: 4),
        Malformed(code: "22 00 22 00 34 00 0004 6100", reason: .truncated, offset: 4),
        Malformed(code: "22 00 34 00 0001 00 27", reason: .stackUnderflow, offset: 2),
    ]

    @Test(arguments: malformed.indices) func isRefusedBeforeItRuns(index: Int) {
        let row = Self.malformed[index]
        #expect {
            _ = try AgentExpression(Agent.bytes(row.code))
        } throws: { error in
            guard let error = error as? AgentError else { return false }
            return error.code == row.reason && error.offset == row.offset && !error.text.isEmpty
        }
    }

    @Test func hasNoMoreBytesThanAJumpReaches() throws {
        let most = [UInt8](repeating: 0x27, count: AgentExpression.maximumBytes)
        #expect(try AgentExpression(most).bytes.count == 65536)
        #expect(throws: AgentError.self) { try AgentExpression(most + [0x27]) }
    }

    static let faults: [(code: String, reason: AgentError.Code)] = [
        ("22 01 22 00 05 27", .divisionByZero), ("22 01 22 00 06 27", .divisionByZero),
        ("22 01 22 00 07 27", .divisionByZero), ("22 01 22 00 08 27", .divisionByZero),
        ("22 00 17 27", .memory), ("24 40000fff 18 27", .memory), ("25 ffffffffffffffff 1a 27", .memory),
        // A register that can't be read, one of 128 bits, one there isn't.
        ("26 0022 27", .register), ("26 0023 27", .register), ("26 ffff 27", .register),
        ("2c 0001 27", .variable), ("22 01 2d 0001 27", .variable), ("2e 0001 22 01 27", .variable),
        ("21 0000 27", .tooManySteps), ("22 01 28 20 0002 27", .tooManySteps),
        // %s of an address where nothing is.
        ("22 00 22 00 22 00 34 01 0003 257300 22 01 27", .memory),
    ]

    @Test(arguments: faults.indices) func aFaultIsAnErrorOfItsOwn(index: Int) throws {
        let target = FakeTarget(hasAgent: true)
        let expression = try AgentExpression(Agent.bytes(Self.faults[index].code))
        #expect {
            _ = try target.agent?.evaluate(expression, vcpu: 0, target: target)
        } throws: { ($0 as? AgentError)?.code == Self.faults[index].reason }
    }

    @Test func oneHitHasALimitForAllItsExpressions() throws {
        // Prints 60,000 bytes again and again.
        let text = [UInt8](repeating: 0x61, count: 60_000) + [0]
        let code = Agent.bytes("22 00 22 00 34 00 ea61") + text + Agent.bytes("21 0000")
        let target = FakeTarget(hasAgent: true)
        let expression = try AgentExpression(code)
        #expect {
            _ = try target.agent?.evaluate(expression, vcpu: 0, target: target)
        } throws: { ($0 as? AgentError)?.code == .tooMuchText }
        // Many conditions, each of which takes long to be false: 30000 instructions each.
        let client = Client(target).connect()
        let long = "231b58" + "220103" + "28200003" + "27"
        #expect(client.ask("Z0,40000000,4;" + String(repeating: "Xb,\(long)", count: 3)) == "OK")
        #expect(target.agent?.hit(address: 0x4000_0000, vcpu: 0, target: target) == .stop(.softwareBreakpoint))
        #expect(target.printed.contains("no end after 65536 instructions"))
    }

    @Test func memoryIsSeenByTheVCPUThatHit() throws {
        let target = FakeTarget(vcpus: 3, hasAgent: true)
        let expression = try AgentExpression(Agent.bytes("24 40000010 17 27"))
        _ = try target.agent?.evaluate(expression, vcpu: 2, target: target)
        #expect(target.memoryVCPUs == [2])
    }

    @Test("random bytes never lead out of the expression") func fuzzExpressions() {
        fuzz("agent expression") { random in
            let target = FakeTarget(vcpus: 1, ramSize: 64, hasAgent: true)
            var ran = 0
            for _ in 0..<200 {
                var code: [UInt8] = []
                for _ in 0..<(1 + random.below(30)) {
                    // Mostly instructions that push, so that many expressions are well-formed.
                    let opcode = random.chance(40) ? AgentOpcode.constant8 : random.pick(AgentOpcode.allCases)
                    code.append(random.chance(2) ? UInt8(random.below(256)) : opcode.rawValue)
                    switch opcode {
                    case .constant8, .signExtend, .zeroExtend, .pick, .traceQuick: code.append(UInt8(random.below(70)))
                    case .goto, .ifGoto: code += [0, UInt8(random.below(40))]
                    case .constant32: code += [0x40, 0, 0, UInt8(random.below(64))]
                    case .constant64: code += (0..<8).map { _ in UInt8(random.below(256)) }
                    case .print: code += [UInt8(random.below(3)), 0, 3, 0x25, random.pick(Array("dxs%5".utf8)), 0]
                    case .constant16, .register, .getVariable, .setVariable, .traceVariable, .traceQuick16:
                        code += [0, UInt8(random.below(40))]
                    default: break
                    }
                }
                code.append(AgentOpcode.end.rawValue)
                guard let expression = try? AgentExpression(code) else { continue }
                ran += 1
                _ = try? target.agent?.evaluate(expression, vcpu: 0, target: target)
            }
            if ran == 0 { Issue.record("no expression was well-formed: \(random.comment)") }
        }
    }
}
