/// The system registers of the GIC's CPU interface, ICC_*_EL1, by op0:op1:CRn:CRm:op2.
///
/// The raw value has op0 in bits 15:14, op1 in 13:11, CRn in 10:7, CRm in 6:3 and op2 in 2:0.
package enum ICCRegister: UInt16, CaseIterable, Sendable {
    case pmr = 0xC230
    case iar0 = 0xC640
    case eoir0 = 0xC641
    case hppir0 = 0xC642
    case bpr0 = 0xC643
    case ap0r0 = 0xC644
    case ap1r0 = 0xC648
    case dir = 0xC659
    case rpr = 0xC65B
    case sgi1r = 0xC65D
    case asgi1r = 0xC65E
    case sgi0r = 0xC65F
    case iar1 = 0xC660
    case eoir1 = 0xC661
    case hppir1 = 0xC662
    case bpr1 = 0xC663
    case ctlr = 0xC664
    case sre = 0xC665
    case igrpen0 = 0xC666
    case igrpen1 = 0xC667

    /// Returns op0:op1:CRn:CRm:op2 in 16 bits.
    package static func encoding(_ op0: UInt16, _ op1: UInt16, _ crn: UInt16, _ crm: UInt16, _ op2: UInt16) -> UInt16 {
        op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2
    }
}
