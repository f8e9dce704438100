import AArch64
import Testing

@Suite("Debug exceptions that were routed to EL2, as EL1 sees them")
struct DebugExceptionTests {
    /// The class as from a lower level, that for the same level, and whether FAR_EL1 is set.
    static let rows: [(ExceptionClass, ExceptionClass, Bool)] = [
        (.breakpointLowerEL, .breakpointSameEL, false), (.softwareStepLowerEL, .softwareStepSameEL, false),
        (.watchpointLowerEL, .watchpointSameEL, true), (.brk64, .brk64, false), (.bkpt32, .bkpt32, false),
    ]

    @Test("The class says which level it came from, and the rest stays", arguments: rows.indices)
    func taken(index: Int) {
        let (lower, same, setsFAR) = Self.rows[index]
        let told = ExceptionSyndrome(lower, iss: 0x62)
        let fromEL0 = told.debugExceptionTakenToEL1(from: .el0)
        #expect(fromEL0.syndrome == told && fromEL0.setsFAR == setsFAR)
        let fromEL1 = told.debugExceptionTakenToEL1(from: .el1)
        #expect(fromEL1.syndrome == ExceptionSyndrome(same, iss: 0x62) && fromEL1.setsFAR == setsFAR)
    }

    @Test("WnR distinguishes writes from reads")
    func direction() {
        #expect(ExceptionSyndrome(.watchpointLowerEL, iss: 0x62).isWrite)
        #expect(!ExceptionSyndrome(.watchpointLowerEL, iss: 0x22).isWrite)
        #expect(ExceptionSyndrome.dataAbort(.externalAbort, from: .el1, write: true).isWrite)
    }

    @Test("A store-exclusive's status goes to Rs")
    func status() {
        // stxr w9, x8, [x10]; stlxp wzr, x0, x1, [x2]
        #expect(ExclusiveSequence.statusRegister(0xC809_7D48) == 9)
        #expect(ExclusiveSequence.statusRegister(0xC83F_8440) == 31)
        #expect(ExclusiveSequence.isStoreExclusive(0xC809_7D48) && ExclusiveSequence.isStoreExclusive(0xC83F_8440))
    }

    @Test("A kernel's table has an even ASID, and gets that of the pair")
    func kernelTables() {
        #expect(KernelTableSearch.isKernels(0x0002_0000_4123_4000))
        #expect(!KernelTableSearch.isKernels(0x0003_0000_4123_3000))
        #expect(
            KernelTableSearch.kernels(0x0002_0000_4123_4000, pairedWith: 0x0085_0000_4123_3000)
                == 0x0084_0000_4123_4000)
    }

    @Test("A class is caught from both levels at once, or from one")
    func catches() {
        var catches = ExceptionCatches()
        catches.insert(.brk)
        #expect(catches.contains(.brk, from: .el0) && catches.contains(.brk, from: .el1))
        #expect(!catches.contains(.svc, from: .el0) && !catches.contains(.serror, from: .el1))
        catches.remove(.brk)
        #expect(catches.isEmpty)
    }
}
