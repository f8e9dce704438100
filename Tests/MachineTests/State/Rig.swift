import GuestMemory
import Machine

/// A part of a machine with everything that it is connected to, as a test drives it.
final class Rig {
    /// An event for the part, from the guest, the user or the host.
    enum Step {
        case read(UInt64, Int)
        case write(UInt64, UInt64, Int)
        /// A CPU interface register of a vCPU, read and written.
        case system(ICCRegister, Int)
        case setSystem(ICCRegister, UInt64, Int)
        /// The level of an SPI and of a PPI of vCPU 0.
        case spi(Int, Bool)
        case ppi(Int, Bool)
        case input([UInt8])
        /// Seconds since 1970.
        case time(UInt64)
        /// Lets a virtio device continue what it put off, until it is done.
        case finish
        case memory(UInt64, Int)
    }

    /// The parts whose states are one snapshot.
    var parts: [any Stateful] = []
    var reset: () -> Void = {}
    var read: (UInt64, Int) -> UInt64 = { _, _ in 0 }
    var write: (UInt64, UInt64, Int) -> Void = { _, _, _ in }
    var input: ([UInt8]) -> Int = { _ in 0 }
    var gic: GICv3?
    var driver: VirtioDriver?
    var seconds: UInt64 = 0
    /// The outputs of the part: levels of its line, and bytes.
    var outputs: [UInt64] = []
    /// The level of the interrupt line that the part drives.
    var line: Bool { driver?.line ?? level }
    private var level = false

    /// Performs steps; returns what they and the outputs said.
    func perform(_ steps: [Step]) -> [UInt64] {
        outputs = []
        return steps.flatMap { perform($0) } + outputs
    }

    private func perform(_ step: Step) -> [UInt64] {
        switch step {
        case .read(let offset, let size): return [read(offset, size)]
        case .write(let offset, let value, let size): write(offset, value, size)
        case .system(let register, let vcpu):
            return [gic?.readSystemRegister(register.rawValue, vcpu: vcpu) ?? .max]
        case .setSystem(let register, let value, let vcpu):
            _ = gic?.writeSystemRegister(register.rawValue, value: value, vcpu: vcpu)
        case .spi(let number, let level): gic?.setSPI(number, level: level)
        case .ppi(let number, let level): gic?.setPPI(number, vcpu: 0, level: level)
        case .input(let bytes): return [UInt64(input(bytes))]
        case .time(let time): seconds = time
        case .finish:
            guard let transport = driver?.transport else { return [] }
            var count: UInt64 = 0
            repeat {
                transport.poll()
                count += 1
            } while transport.hasWorkLeft && count < 1000
            return [count]
        case .memory(let address, let count): return driver?.bytes(address, count: count).map(UInt64.init) ?? []
        }
        return []
    }

    // MARK: Snapshots

    struct Snapshot {
        var restore: () -> Void
        /// Whether the part's state is this one now.
        var isCurrent: () -> Bool
    }

    func snapshot() -> [Snapshot] { parts.map { Self.snapshot($0) } }

    private static func snapshot<Part: Stateful>(_ part: Part) -> Snapshot {
        let state = part.state
        return Snapshot(restore: { part.restore(state) }, isCurrent: { part.state == state })
    }

    /// Whether both have equal states.
    static func areEqual(_ left: Rig, _ right: Rig) -> Bool {
        for (index, part) in left.parts.enumerated() where !isState(of: part, equalToStateOf: right.parts[index]) {
            return false
        }
        return left.parts.count == right.parts.count
    }

    private static func isState<Part: Stateful>(of part: Part, equalToStateOf other: any Stateful) -> Bool {
        (other as? Part)?.state == part.state
    }

    // MARK: Rigs

    /// A device with registers on a bus, and an interrupt line.
    static func device<Kind: Device & Stateful>(_ make: (Rig) throws -> Kind) rethrows -> Rig {
        let rig = Rig()
        let device = try make(rig)
        rig.parts = [device]
        rig.reset = { device.reset() }
        rig.read = { device.read(offset: $0, size: $1, vcpu: 0) }
        rig.write = { device.write(offset: $0, size: $2, value: $1, vcpu: 0) }
        return rig
    }

    func note(_ level: Bool) {
        self.level = level
        outputs.append(level ? 1001 : 1000)
    }

    func note(_ byte: UInt8) { outputs.append(UInt64(byte)) }

    /// A virtio device whose driver is ready and has made requests.
    static func virtio<Kind: VirtioDevice>(
        _ make: (Rig) -> Kind, size: UInt16 = 8, requests: (VirtioDriver) -> Void
    ) throws -> Rig {
        let rig = Rig()
        let device = make(rig)
        let driver = try VirtioDriver.ready(device, size: size)
        requests(driver)
        rig.driver = driver
        rig.parts = [driver.transport, device]
        rig.reset = { driver.transport.reset() }
        rig.read = { driver.transport.read(offset: $0, size: $1, vcpu: 0) }
        rig.write = { driver.transport.write(offset: $0, size: $2, value: $1, vcpu: 0) }
        return rig
    }
}
