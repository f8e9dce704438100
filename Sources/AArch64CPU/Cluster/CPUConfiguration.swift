/// The properties of the vCPUs that are chosen before they are made.
package struct CPUConfiguration: Equatable, Sendable {
    /// The processor model.
    package var model = CPUModel.base
    /// Whether HLT #0xF000 is a semihosting call; if not, it is UNDEFINED.
    package var semihosting = false
    /// The number of executed instructions in one tick of the generic timer's counter.
    ///
    /// CNTFRQ_EL0 is 62.5 MHz, so 4 corresponds to 250 million instructions per second.
    package var instructionsPerTick: UInt64 = 4
    /// The capacity for decoded blocks, in bytes.
    ///
    /// When it is used up, all blocks are dropped and decoded again.
    package var blockCacheSize = 64 << 20

    /// The defaults: the base model without semihosting.
    package init() {}
}
