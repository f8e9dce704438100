/// The Power State Coordination Interface, version 1.1, as implemented by firmware for the guest.
///
/// A pure function from a call and the vCPUs' power states to a result and an action. Arm, DEN 0022, "Arm Power State
/// Coordination Interface"; the calling convention is DEN 0028, "SMC Calling Convention". HVC and SMC are equivalent.
package enum PSCI {
    /// The power state of a vCPU.
    ///
    /// Raw values are the return values of AFFINITY_INFO.
    package enum PowerState: Int64, Sendable {
        /// The vCPU is powered on.
        case on = 0
        /// The vCPU is powered off, and waits for CPU_ON.
        case off = 1
        /// CPU_ON has been accepted, but the vCPU has not run yet.
        case onPending = 2
    }

    /// A call, from the calling vCPU's general-purpose registers.
    package struct Call: Equatable, Sendable {
        /// The function ID in W0; the upper half of X0 is not part of the call.
        package var function: UInt32
        /// The arguments in X1 to X3.
        package var arguments: (UInt64, UInt64, UInt64)

        /// A call with up to three arguments.
        package init(function: UInt32, _ first: UInt64 = 0, _ second: UInt64 = 0, _ third: UInt64 = 0) {
            self.function = function
            arguments = (first, second, third)
        }

        package static func == (left: Call, right: Call) -> Bool {
            left.function == right.function && left.arguments == right.arguments
        }
    }

    /// The action that a call asks of the machine.
    package enum Action: Equatable, Sendable {
        /// None: the caller continues with the result.
        case proceed
        /// The caller waits as for WFI, and then continues with the result.
        case standby
        /// Starts another vCPU at EL1 with all exceptions masked and the MMU off; the caller continues with the result.
        case start(vcpu: Int, entry: UInt64, context: UInt64)
        /// The caller is powered off and gets no result.
        case powerOff
        /// The machine is powered off.
        case systemOff
        /// The machine is reset.
        case systemReset
    }

    /// The outcome of a call: its result and the action to perform.
    package struct Outcome: Equatable, Sendable {
        /// The new value of X0; nil if the caller does not return.
        package var result: UInt64?
        /// The action to perform.
        package var action: Action
    }

    /// Returns the outcome of a call.
    ///
    /// - Parameters:
    ///   - affinities: The affinity fields of each vCPU's MPIDR_EL1.
    ///   - states: The power state of each vCPU.
    package static func answer(
        _ call: Call, affinities: [UInt64], states: [PowerState]
    ) -> Outcome {
        guard let function = Function(rawValue: call.function & ~Self.smc64), function.exists(call.function) else {
            return .returning(.notSupported)
        }
        // An SMC32 call passes 32 bits of each argument.
        let mask: UInt64 = call.function & Self.smc64 != 0 ? ~0 : 0xFFFF_FFFF
        let arguments = (call.arguments.0 & mask, call.arguments.1 & mask, call.arguments.2 & mask)
        switch function {
        case .version, .smcccVersion:
            return .returning(value: 0x0001_0001)
        case .cpuSuspend:
            return Outcome(result: 0, action: .standby)
        case .cpuOff:
            return Outcome(result: nil, action: .powerOff)
        case .cpuOn:
            return start(target: arguments.0, entry: arguments.1, context: arguments.2, affinities, states)
        case .affinityInfo:
            return affinityInfo(target: arguments.0, level: arguments.1, affinities, states)
        case .migrateInfoType:
            // 2: no Trusted OS is present, or it does not require migration.
            return .returning(value: 2)
        case .systemOff:
            return Outcome(result: nil, action: .systemOff)
        case .systemReset:
            return Outcome(result: nil, action: .systemReset)
        case .systemReset2:
            // Type 0 is SYSTEM_WARM_RESET, the only architectural one.
            guard arguments.0 == 0 else { return .returning(.invalidParameters) }
            return Outcome(result: nil, action: .systemReset)
        case .features, .smcccArchFeatures:
            let asked = UInt32(truncatingIfNeeded: arguments.0)
            guard let feature = Function(rawValue: asked & ~Self.smc64), feature.exists(asked) else {
                return .returning(.notSupported)
            }
            return .returning(value: 0)
        }
    }

    /// Bit 30 of a function ID: the SMC64 form, with 64-bit arguments.
    private static let smc64: UInt32 = 1 << 30

    /// Function IDs in their SMC32 form.
    private enum Function: UInt32 {
        case smcccVersion = 0x8000_0000
        case smcccArchFeatures = 0x8000_0001
        case version = 0x8400_0000
        case cpuSuspend = 0x8400_0001
        case cpuOff = 0x8400_0002
        case cpuOn = 0x8400_0003
        case affinityInfo = 0x8400_0004
        case migrateInfoType = 0x8400_0006
        case systemOff = 0x8400_0008
        case systemReset = 0x8400_0009
        case features = 0x8400_000A
        case systemReset2 = 0x8400_0012

        /// Whether the function has this form: only functions with 64-bit arguments have an SMC64 form.
        func exists(_ identifier: UInt32) -> Bool {
            switch self {
            case .cpuSuspend, .cpuOn, .affinityInfo, .systemReset2: true
            default: identifier & PSCI.smc64 == 0
            }
        }
    }

    fileprivate enum Status: Int64 {
        case success = 0
        case notSupported = -1
        case invalidParameters = -2
        case alreadyOn = -4
        case onPending = -5
        case invalidAddress = -9
    }

    /// The affinity fields of an MPIDR: Aff3, and Aff2 to Aff0.
    private static let affinityBits: UInt64 = 0xFF_00FF_FFFF

    private static func start(
        target: UInt64, entry: UInt64, context: UInt64, _ affinities: [UInt64], _ states: [PowerState]
    ) -> Outcome {
        guard let vcpu = affinities.firstIndex(of: target), vcpu < states.count else {
            return .returning(.invalidParameters)
        }
        switch states[vcpu] {
        case .on: return .returning(.alreadyOn)
        case .onPending: return .returning(.onPending)
        case .off: break
        }
        guard entry & 3 == 0 else { return .returning(.invalidAddress) }
        return Outcome(result: 0, action: .start(vcpu: vcpu, entry: entry, context: context))
    }

    /// The state of a vCPU (level 0), or of all vCPUs with equal higher affinity fields (levels 1 to 3).
    ///
    /// The state of several is on if any is on, otherwise pending if any is pending.
    private static func affinityInfo(
        target: UInt64, level: UInt64, _ affinities: [UInt64], _ states: [PowerState]
    ) -> Outcome {
        let ignored: [UInt64] = [0, 0xFF, 0xFFFF, 0xFF_FFFF]
        guard level < 4, target & ~affinityBits == 0 else { return .returning(.invalidParameters) }
        let mask = affinityBits & ~ignored[Int(level)]
        let members = zip(affinities, states).filter { $0.0 & mask == target & mask }.map(\.1)
        guard !members.isEmpty else { return .returning(.invalidParameters) }
        let state = members.contains(.on) ? .on : members.contains(.onPending) ? .onPending : PowerState.off
        return .returning(value: state.rawValue)
    }
}

extension PSCI.Outcome {
    fileprivate static func returning(_ status: PSCI.Status) -> PSCI.Outcome {
        returning(value: status.rawValue)
    }

    fileprivate static func returning(value: Int64) -> PSCI.Outcome {
        PSCI.Outcome(result: UInt64(bitPattern: value), action: .proceed)
    }
}
