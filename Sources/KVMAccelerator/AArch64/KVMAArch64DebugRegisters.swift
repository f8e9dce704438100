package import AArch64
package import Execution
package import GuestAddresses
package import KVM

/// The stop points in the debug registers of an AArch64 host, which has separate ones for breakpoints and watchpoints.
package struct KVMAArch64DebugRegisters: KVMDebugRegisters {
    /// The watchpoints, in the order of ``GuestDebug/watchpoints``.
    package let watched: [WatchedRange]
    /// The registers' values; nil without a stop point.
    fileprivate let file: DebugRegisterFile?

    package init() {
        (watched, file) = ([], nil)
    }

    /// - Parameter placed: the addresses of breakpoints.
    fileprivate init(
        placed: [UInt64], watchpoints: [StopPoint], counts: DebugRegisterCounts
    ) throws(TargetError) {
        watched = watchpoints.map { WatchedRange($0) }
        do throws(DebugRegisterError) {
            file = try DebugRegisterFile(breakpoints: placed, watchpoints: watched, counts: counts)
        } catch {
            throw .invalid(error.text)
        }
    }

    package static var breakpointInstruction: String { "BRK" }

    package static func canHoldInstruction(_ address: UInt64) -> Bool { address & 3 == 0 }

    package static func tooManyBreakpoints(needed: Int, available: Int) -> String {
        DebugRegisterError.tooManyBreakpoints(needed: needed, available: available).text
    }
}

extension KVMDebugPlan<KVMAArch64DebugRegisters> {
    /// - Parameters:
    ///   - counts: the host's debug registers.
    ///   - prefersPatches: reserves registers for addresses that can't be patched and for hardware breakpoints.
    ///   - isPatchable: whether there is RAM at a virtual address now.
    package init(
        _ debug: GuestDebug, counts: DebugRegisterCounts, prefersPatches: Bool, isPatchable: (VirtualAddress) -> Bool
    ) throws(TargetError) {
        try self.init(
            debug, available: counts.breakpoints, prefersPatches: prefersPatches, isPatchable: isPatchable
        ) { (placed) throws(TargetError) in
            try KVMAArch64DebugRegisters(placed: placed, watchpoints: debug.watchpoints, counts: counts)
        }
    }

    /// The argument of KVM_SET_GUEST_DEBUG for a vCPU that runs freely.
    package var freeRun: ArmGuestDebug {
        var result = ArmGuestDebug()
        result.breakpoints = registers.file?.breakpoints.map { ($0.value, $0.control) } ?? []
        result.watchpoints = watchpoints
        if !result.breakpoints.isEmpty || !result.watchpoints.isEmpty { result.control = [.enable, .hardware] }
        if reportsBreakpointInstructions { result.control.formUnion([.enable, .softwareBreakpoints]) }
        return result
    }

    /// The argument of KVM_SET_GUEST_DEBUG for a vCPU that executes one instruction, without breakpoints.
    package func step(ignoringWatchpoints: Bool) -> ArmGuestDebug {
        var result = ArmGuestDebug()
        result.control = [.enable, .singleStep, .softwareBreakpoints]
        if !ignoringWatchpoints, !registers.watched.isEmpty {
            result.watchpoints = watchpoints
            result.control.insert(.hardware)
        }
        return result
    }

    /// The argument of KVM_SET_GUEST_DEBUG for a vCPU that runs to one of a few addresses.
    func run(to addresses: [UInt64], ignoringWatchpoints: Bool) -> ArmGuestDebug {
        var result = ArmGuestDebug()
        result.control = [.enable, .hardware, .softwareBreakpoints]
        result.breakpoints = addresses.compactMap { address in
            (try? DebugRegisterEncoding.breakpoint(at: address)).map { ($0.value, $0.control) }
        }
        if !ignoringWatchpoints { result.watchpoints = watchpoints }
        return result
    }

    private var watchpoints: [(value: UInt64, control: UInt64)] {
        registers.file?.watchpoints.map { ($0.value, $0.control) } ?? []
    }
}

extension WatchedRange {
    init(_ point: StopPoint) {
        let access: WatchedAccess =
            switch point.kind {
            case .readWatchpoint: .read
            case .accessWatchpoint: .readWrite
            default: .write
            }
        self.init(address: point.address, length: point.length, access: access)
    }
}
