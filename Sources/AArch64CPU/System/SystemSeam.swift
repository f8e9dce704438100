// Stand-ins for the system half.

package struct SystemRegisters {
    package var sp_el0: UInt64 = 0
    package var sp_el1: UInt64 = 0
    package var ttbr0_el1: UInt64 = 0
    package var ttbr1_el1: UInt64 = 0
    package var sctlr_el1: UInt64 = 0
    package init(index: Int) {}
}

extension VCPU {
    func executeSystemInstruction(_ word: UInt32) -> SystemOutcome { .next }
    func take(_ exception: GuestException) {
        pc = 0x200
    }
    func translate(_ va: UInt64, _ access: MemoryAccess) throws(MemoryFault) -> Translation {
        Translation(physical: va, blockShift: 12, isReadable: true, isWritable: true, isDevice: false)
    }
    func canonicalAddress(_ va: UInt64, isFetch: Bool) -> UInt64 { va }
    func takeInterruptIfPending() -> Bool { false }
    func updateTimers() {}
    func timerDeadline() -> UInt64 { .max }
}
