/// Breakpoints that were passed at instructions whose fetch then faulted.
///
/// A guest that handles the fault, such as a kernel that maps the page, returns to the same instruction. Its breakpoint
/// has been reported for this execution already and is passed again, as x86 does with RFLAGS.RF in the saved flags
/// (Intel SDM, volume 3, 17.3.1.1 "Instruction-Breakpoint Exception Condition").
struct PassedBreakpoints {
    /// The state by which a return to the faulting execution is recognized.
    ///
    /// All general registers count, because another execution of the same instruction has its own breakpoint hit.
    struct Execution: Equatable {
        var pc: UInt64
        var stackPointer: UInt64
        /// TTBR0_EL1 without ASID and CnP.
        var table: UInt64
        /// x0 to x30.
        var registers: [UInt64]
    }

    /// The maximum number of executions kept, so that those the guest never returns to cannot accumulate.
    private static let capacity = 16
    private var executions: [Execution] = []

    var isEmpty: Bool { executions.isEmpty }

    mutating func insert(_ execution: Execution) {
        guard !executions.contains(execution) else { return }
        if executions.count == Self.capacity { executions.removeFirst() }
        executions.append(execution)
    }

    /// Removes the execution; false if it is not one of them.
    mutating func remove(_ execution: Execution) -> Bool {
        guard let index = executions.firstIndex(of: execution) else { return false }
        executions.remove(at: index)
        return true
    }

    mutating func removeAll() {
        executions.removeAll()
    }
}
