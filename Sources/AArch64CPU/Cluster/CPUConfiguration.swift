/// What can be chosen about the vCPUs before they exist.
package struct CPUConfiguration: Equatable, Sendable {
    package var model = CPUModel.base
    /// Whether HLT #0xF000 is a semihosting call; otherwise it is UNDEFINED.
    package var semihosting = false
    /// How many executed instructions make one tick of the generic timer's counter.
    ///
    /// CNTFRQ_EL0 is 62.5 MHz, so 4 stands for 250 million instructions a second.
    package var instructionsPerTick: UInt64 = 4
    /// The most bytes of decoded blocks kept; when they are used up, all are dropped and decoding starts again.
    package var blockCacheSize = 64 << 20

    package init() {}
}
