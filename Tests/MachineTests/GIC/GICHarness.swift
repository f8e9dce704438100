import Machine

/// A GIC with its frames, and short names for what a guest does to it.
final class GICHarness {
    let gic: GICv3
    let distributor: GICDistributor
    let redistributors: GICRedistributors
    /// The vCPUs the callback named, in order.
    var changed: [Int] = []

    static let sgiBase: UInt64 = 0x10000

    init(vcpus: Int = 2, interruptCount: Int = 288) {
        gic = GICv3(affinities: (0..<vcpus).map(AArch64Board.affinity(vcpu:)), interruptCount: interruptCount)
        distributor = GICDistributor(gic)
        redistributors = GICRedistributors(gic)
        gic.onOutputChange = { [unowned self] in changed.append($0) }
    }

    /// A GIC as a driver sets it up: all interrupts Group 1, priority 0xA0, groups enabled, PMR open.
    static func ready(vcpus: Int = 2) -> GICHarness {
        let harness = GICHarness(vcpus: vcpus)
        harness.d(0, 3)
        for bank in 1..<9 {
            harness.d(0x80 + UInt64(bank) * 4, ~0)
        }
        for intid in stride(from: 32, to: 288, by: 4) { harness.d(0x400 + UInt64(intid), 0xA0A0_A0A0) }
        for vcpu in 0..<vcpus {
            harness.r(vcpu, 0x14, 0)
            harness.r(vcpu, sgiBase + 0x80, ~0)
            for intid in stride(from: 0, to: 32, by: 4) {
                harness.r(vcpu, sgiBase + 0x400 + UInt64(intid), 0xA0A0_A0A0)
            }
            harness.set(.pmr, 0xF0, vcpu)
            harness.set(.igrpen0, 1, vcpu)
            harness.set(.igrpen1, 1, vcpu)
        }
        return harness
    }

    /// Writes a word of the distributor.
    func d(_ offset: UInt64, _ value: UInt32) {
        distributor.write(offset: offset, size: 4, value: UInt64(value), vcpu: 0)
    }

    func d(_ offset: UInt64) -> UInt32 {
        UInt32(distributor.read(offset: offset, size: 4, vcpu: 0))
    }

    /// Writes a word of a redistributor.
    func r(_ vcpu: Int, _ offset: UInt64, _ value: UInt32) {
        redistributors.write(offset: UInt64(vcpu) * 0x20000 + offset, size: 4, value: UInt64(value), vcpu: 0)
    }

    func r(_ vcpu: Int, _ offset: UInt64) -> UInt32 {
        UInt32(redistributors.read(offset: UInt64(vcpu) * 0x20000 + offset, size: 4, vcpu: 0))
    }

    func set(_ register: ICCRegister, _ value: UInt64, _ vcpu: Int = 0) {
        _ = gic.writeSystemRegister(register.rawValue, value: value, vcpu: vcpu)
    }

    func get(_ register: ICCRegister, _ vcpu: Int = 0) -> UInt64? {
        gic.readSystemRegister(register.rawValue, vcpu: vcpu)
    }

    /// Enables an interrupt; SGIs and PPIs on vCPU 0.
    func enable(_ intid: Int) {
        let (bank, bit) = (UInt64(intid / 32), UInt32(1) << UInt32(intid % 32))
        if intid < 32 { r(0, Self.sgiBase + 0x100, bit) } else { d(0x100 + bank * 4, bit) }
    }

    func setPriority(_ intid: Int, _ priority: UInt8) {
        if intid < 32 {
            redistributors.write(
                offset: Self.sgiBase + 0x400 + UInt64(intid), size: 1, value: UInt64(priority), vcpu: 0)
        } else {
            distributor.write(offset: 0x400 + UInt64(intid), size: 1, value: UInt64(priority), vcpu: 0)
        }
    }

    func setEdge(_ intid: Int) {
        let offset = 0xC00 + UInt64(intid / 16) * 4
        let bit = UInt32(2) << UInt32(intid % 16 * 2)
        if intid < 32 {
            r(0, Self.sgiBase + offset, r(0, Self.sgiBase + offset) | bit)
        } else {
            d(offset, d(offset) | bit)
        }
    }
}
