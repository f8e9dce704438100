import AArch64
import Testing

@Suite struct ExceptionCatchTests {
    @Test(arguments: ExceptionCatches.Class.allCases) func classesAreCaughtByLevel(exception: ExceptionCatches.Class) {
        var catches = ExceptionCatches()
        #expect(catches.isEmpty && catches.text == "none")
        catches.insert(exception, from: .el0)
        for other in ExceptionCatches.Class.allCases {
            #expect(catches.contains(other, from: .el0) == (other == exception))
            #expect(!catches.contains(other, from: .el1))
        }
        #expect(catches.text == exception.rawValue + " el0")
        catches.insert(exception, from: .el1)
        #expect(catches.text == exception.rawValue)
        #expect(ExceptionCatches.Class(named: exception.rawValue) == exception)
        catches.remove(exception)
        #expect(catches.isEmpty)
    }

    @Test(
        arguments: [
            (.synchronous, .undefined, .undefined), (.synchronous, .svc(1), .svc), (.synchronous, .hvc(1), .hvc),
            (.synchronous, .smc(1), .smc), (.synchronous, .brk(1), .brk),
            (.synchronous, .dataAbort(.alignment, from: .el0, write: true), .dataAbort),
            (.synchronous, .dataAbort(.alignment, from: .el1, write: true), .dataAbort),
            (.synchronous, .instructionAbort(.externalAbort, from: .el0), .instructionAbort),
            (.synchronous, .pcAlignment, nil), (.synchronous, .floatingPointAccess, nil), (.irq, nil, .irq),
            (.fiq, nil, .fiq),
            (.sError, .sError(), .serror),
        ] as [(ExceptionEntry.Kind, ExceptionSyndrome?, ExceptionCatches.Class?)])
    func theClassFollowsFromTheSyndrome(
        kind: ExceptionEntry.Kind, syndrome: ExceptionSyndrome?, expected: ExceptionCatches.Class?
    ) {
        #expect(ExceptionCatches.Class(kind, syndrome) == expected)
    }

    @Test func whatWasCaughtIsSaidInWords() {
        let abort = ExceptionSyndrome.dataAbort(FaultStatus(code: 7), from: .el0, write: true)
        #expect(
            CaughtException(.dataAbort, from: .el0, syndrome: abort, faultAddress: 0x1000).text
                == "data abort from a lower EL: write, translation fault, level 3 at EL0, FAR 0x1000 (ESR 0x92000047)")
        #expect(CaughtException(.irq, from: .el1, syndrome: nil).text == "IRQ at EL1")
    }
}
