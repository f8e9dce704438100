import NumberText

extension ExceptionSyndrome {
    /// The syndrome described for the user, such as `data abort from a lower EL: write, translation fault, level 3`.
    public var text: String {
        guard let exceptionClass else {
            return "reserved exception class \(hexadecimal(UInt8(rawValue[bits: 26...31])))"
        }
        let details = self.details(of: exceptionClass)
        return details.isEmpty ? exceptionClass.text : "\(exceptionClass.text): \(details)"
    }

    private func details(of exceptionClass: ExceptionClass) -> String {
        switch exceptionClass {
        case .svc64, .hvc64, .smc64, .svc32, .hvc32, .brk64, .bkpt32: return "#\(hexadecimal(iss & 0xffff))"
        case .waitInstruction:
            switch iss & 3 {
            case 0: return "WFI"
            case 1: return "WFE"
            case 2: return "WFIT"
            default: return "WFET"
            }
        case .systemInstruction: return systemInstructionText
        case .branchTarget: return "BTYPE \(iss & 3)"
        case .instructionAbortLowerEL, .instructionAbortSameEL: return abortText(access: "fetch")
        case .dataAbortLowerEL, .dataAbortSameEL:
            let access = iss[bit: 8] ? "cache maintenance" : iss[bit: 6] ? "write" : "read"
            return abortText(access: access)
        case .watchpointLowerEL, .watchpointSameEL:
            return iss[bit: 8] ? "cache maintenance" : iss[bit: 6] ? "write" : "read"
        case .softwareStepLowerEL, .softwareStepSameEL:
            return iss[bit: 24] && iss[bit: 6] ? "after a load-exclusive" : ""
        case .sError: return iss[bit: 24] ? "implementation defined syndrome \(hexadecimal(iss & 0xff_ffff))" : ""
        default: return ""
        }
    }

    private func abortText(access: String) -> String {
        var words = "\(access), \(FaultStatus(code: UInt8(iss & 0x3f)).text)"
        if iss[bit: 7] { words += ", on a stage 1 walk" }
        if iss[bit: 9] { words += ", external" }
        if iss[bit: 10] { words += ", FAR not valid" }
        return words
    }

    /// The register or system instruction in a syndrome of class 0x18, or nil for any other class.
    public var systemInstruction:
        (encoding: SystemRegisterEncoding, register: UInt8, direction: SystemRegisterDirection)?
    {
        guard exceptionClass == .systemInstruction else { return nil }
        let encoding = SystemRegisterEncoding(
            UInt16(iss[bits: 20...21]), UInt16(iss[bits: 14...16]), UInt16(iss[bits: 10...13]),
            UInt16(iss[bits: 1...4]), UInt16(iss[bits: 17...19]))
        return (encoding, UInt8(iss[bits: 5...9]), iss[bit: 0] ? .read : .write)
    }

    private var systemInstructionText: String {
        guard let (encoding, register, direction) = systemInstruction else { return "" }
        let name = SystemRegisterTable.name(of: encoding)
        let xt = register == 31 ? "XZR" : "X\(register)"
        return direction == .read ? "MRS \(xt), \(name)" : "MSR \(name), \(xt)"
    }
}
