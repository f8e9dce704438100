import AArch64

// The registers of optional features.
extension ImplementedRegisters {
    /// The registers of FEAT_PMUv3 with no event counters: the cycle counter alone.
    static var performanceMonitors: [Own] {
        [
            Own(SystemRegisterEncoding(3, 3, 9, 12, 0), .special(.monitorControl)),  // PMCR_EL0
            Own(SystemRegisterEncoding(3, 3, 9, 12, 1), .special(.monitorEnableSet)),
            Own(SystemRegisterEncoding(3, 3, 9, 12, 2), .special(.monitorEnableClear)),
            Own(SystemRegisterEncoding(3, 3, 9, 12, 3), .special(.monitorOverflowClear)),
            Own(SystemRegisterEncoding(3, 3, 9, 12, 4), .constant(0)),  // PMSWINC_EL0
            Own(SystemRegisterEncoding(3, 3, 9, 12, 5), \.pmselr_el0, writable: 0x1F),
            // PMCEID0_EL0: event 0x11, CPU_CYCLES.
            Own(SystemRegisterEncoding(3, 3, 9, 12, 6), .constant(1 << 0x11)),
            Own(SystemRegisterEncoding(3, 3, 9, 12, 7), .constant(0)),
            Own(SystemRegisterEncoding(3, 3, 9, 13, 0), .special(.cycleCount)),  // PMCCNTR_EL0
            Own(SystemRegisterEncoding(3, 3, 9, 13, 1), .special(.selectedEventType)),
            Own(SystemRegisterEncoding(3, 3, 9, 13, 2), .constant(0)),  // PMXEVCNTR_EL0
            Own(SystemRegisterEncoding(3, 3, 9, 14, 0), \.pmuserenr_el0, writable: 0xF),
            Own(SystemRegisterEncoding(3, 0, 9, 14, 1), .special(.monitorInterruptSet)),
            Own(SystemRegisterEncoding(3, 0, 9, 14, 2), .special(.monitorInterruptClear)),
            Own(SystemRegisterEncoding(3, 3, 9, 14, 3), .special(.monitorOverflowSet)),
            // PMCCFILTR_EL0: P and U are stored, but cycles count at both levels.
            Own(SystemRegisterEncoding(3, 3, 14, 15, 7), \.pmccfiltr_el0, writable: 3 << 30),
        ]
    }

    /// The key registers of FEAT_PAuth.
    static var pointerAuthentication: [Own] {
        [
            Own(SystemRegisterEncoding(3, 0, 2, 1, 0), \.apiakeylo_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 1, 1), \.apiakeyhi_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 1, 2), \.apibkeylo_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 1, 3), \.apibkeyhi_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 2, 0), \.apdakeylo_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 2, 1), \.apdakeyhi_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 2, 2), \.apdbkeylo_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 2, 3), \.apdbkeyhi_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 3, 0), \.apgakeylo_el1),
            Own(SystemRegisterEncoding(3, 0, 2, 3, 1), \.apgakeyhi_el1),
        ]
    }
}
