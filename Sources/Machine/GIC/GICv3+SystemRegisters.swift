// Accesses to the CPU interface by system registers.
extension GICv3 {
    /// Reads an ICC_* register of the vCPU; nil if it does not exist or is write-only, which makes it UNDEFINED.
    package func readSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? {
        guard state.interfaces.indices.contains(vcpu), let register = ICCRegister(rawValue: encoding) else {
            return nil
        }
        switch register {
        case .iar0: return UInt64(acknowledge(isGroup1: false, vcpu: vcpu))
        case .iar1: return UInt64(acknowledge(isGroup1: true, vcpu: vcpu))
        default: return peekSystemRegister(encoding, vcpu: vcpu)
        }
    }

    /// Returns the value of an ICC_* register without the side effects of a read, for a debugger.
    package func peekSystemRegister(_ encoding: UInt16, vcpu: Int) -> UInt64? {
        guard state.interfaces.indices.contains(vcpu), let register = ICCRegister(rawValue: encoding) else {
            return nil
        }
        let interface = state.interfaces[vcpu]
        switch register {
        case .pmr: return UInt64(interface.priorityMask)
        case .iar0: return UInt64(acknowledgeable(isGroup1: false, vcpu: vcpu)?.intid ?? Self.spurious)
        case .iar1: return UInt64(acknowledgeable(isGroup1: true, vcpu: vcpu)?.intid ?? Self.spurious)
        case .hppir0: return UInt64(pendingIdentifier(isGroup1: false, vcpu: vcpu))
        case .hppir1: return UInt64(pendingIdentifier(isGroup1: true, vcpu: vcpu))
        case .bpr0: return UInt64(interface.binaryPoint.group0)
        case .bpr1: return UInt64(interface.visibleBinaryPoint1)
        case .ap0r0: return UInt64(interface.activePriorities.group0)
        case .ap1r0: return UInt64(interface.activePriorities.group1)
        case .rpr: return UInt64(interface.runningPriority)
        case .ctlr: return interface.control
        case .sre: return 7  // SRE, DFB and DIB are RAO/WI: there is no memory-mapped CPU interface.
        case .igrpen0: return interface.enabled.group0 ? 1 : 0
        case .igrpen1: return interface.enabled.group1 ? 1 : 0
        case .eoir0, .eoir1, .dir, .sgi0r, .sgi1r, .asgi1r: return nil
        }
    }

    /// Writes an ICC_* register of the vCPU; false if it does not exist or is read-only, which makes it UNDEFINED.
    package func writeSystemRegister(_ encoding: UInt16, value: UInt64, vcpu: Int) -> Bool {
        guard state.interfaces.indices.contains(vcpu), let register = ICCRegister(rawValue: encoding) else {
            return false
        }
        let intid = UInt32(value & 0xFF_FFFF)
        switch register {
        case .pmr: state.interfaces[vcpu].priorityMask = UInt8(value & 0xFF) & InterruptBank.priorityMask
        case .bpr0: state.interfaces[vcpu].writeBinaryPoint0(value)
        case .bpr1: state.interfaces[vcpu].writeBinaryPoint1(value)
        case .ap0r0: state.interfaces[vcpu].activePriorities.group0 = UInt32(truncatingIfNeeded: value)
        case .ap1r0: state.interfaces[vcpu].activePriorities.group1 = UInt32(truncatingIfNeeded: value)
        case .ctlr: state.interfaces[vcpu].control = value
        case .sre: break
        case .igrpen0, .igrpen1:
            if register == .igrpen0 {
                state.interfaces[vcpu].enabled.group0 = value & 1 != 0
            } else {
                state.interfaces[vcpu].enabled.group1 = value & 1 != 0
            }
            // The target of "1 of N" interrupts may change.
            updateAll()
        case .eoir0: endInterrupt(intid, isGroup1: false, vcpu: vcpu)
        case .eoir1: endInterrupt(intid, isGroup1: true, vcpu: vcpu)
        case .dir: if state.interfaces[vcpu].splitEndOfInterrupt { deactivate(intid, vcpu: vcpu) }
        case .sgi0r: generateSGI(value, toGroup1: false, vcpu: vcpu)
        case .asgi1r: generateSGI(value, toGroup1: false, vcpu: vcpu)
        case .sgi1r: generateSGI(value, toGroup1: true, vcpu: vcpu)
        case .iar0, .iar1, .hppir0, .hppir1, .rpr: return false
        }
        update(vcpu: vcpu)
        return true
    }
}
