/// The system registers of the GIC's CPU interface, ICC_*_EL1, by op0:op1:CRn:CRm:op2.
///
/// The raw value has op0 in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3 and op2 in 2:0.
package enum ICCRegister: UInt16, CaseIterable, Sendable {
    /// ICC_PMR_EL1, Interrupt Priority Mask Register.
    case pmr = 0xC230
    /// ICC_IAR0_EL1, Interrupt Acknowledge Register 0.
    case iar0 = 0xC640
    /// ICC_EOIR0_EL1, End Of Interrupt Register 0.
    case eoir0 = 0xC641
    /// ICC_HPPIR0_EL1, Highest Priority Pending Interrupt Register 0.
    case hppir0 = 0xC642
    /// ICC_BPR0_EL1, Binary Point Register 0.
    case bpr0 = 0xC643
    /// ICC_AP0R0_EL1, Active Priorities Group 0 Register 0.
    case ap0r0 = 0xC644
    /// ICC_AP1R0_EL1, Active Priorities Group 1 Register 0.
    case ap1r0 = 0xC648
    /// ICC_DIR_EL1, Deactivate Interrupt Register.
    case dir = 0xC659
    /// ICC_RPR_EL1, Running Priority Register.
    case rpr = 0xC65B
    /// ICC_SGI1R_EL1, Software Generated Interrupt Group 1 Register.
    case sgi1r = 0xC65D
    /// ICC_ASGI1R_EL1, Alias Software Generated Interrupt Group 1 Register.
    case asgi1r = 0xC65E
    /// ICC_SGI0R_EL1, Software Generated Interrupt Group 0 Register.
    case sgi0r = 0xC65F
    /// ICC_IAR1_EL1, Interrupt Acknowledge Register 1.
    case iar1 = 0xC660
    /// ICC_EOIR1_EL1, End Of Interrupt Register 1.
    case eoir1 = 0xC661
    /// ICC_HPPIR1_EL1, Highest Priority Pending Interrupt Register 1.
    case hppir1 = 0xC662
    /// ICC_BPR1_EL1, Binary Point Register 1.
    case bpr1 = 0xC663
    /// ICC_CTLR_EL1, Control Register.
    case ctlr = 0xC664
    /// ICC_SRE_EL1, System Register Enable.
    case sre = 0xC665
    /// ICC_IGRPEN0_EL1, Interrupt Group 0 Enable Register.
    case igrpen0 = 0xC666
    /// ICC_IGRPEN1_EL1, Interrupt Group 1 Enable Register.
    case igrpen1 = 0xC667

    /// Returns op0:op1:CRn:CRm:op2 in 16 bits.
    package static func encoding(_ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16) -> UInt16 {
        op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2
    }
}
