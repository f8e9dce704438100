/// The differences between device trees of boards that mean the same to a guest.
package struct DeviceTreeStyle: Sendable {
    /// The root's `model`.
    package var model: String?
    /// Names have the unit address even where they would be unique without: `memory@40000000`, not `memory`.
    package var hasUnitAddresses: Bool
    /// `stdout-path` is the alias `serial0`, not the path it stands for.
    package var namesConsoleByAlias: Bool
    /// `kaslr-seed`: what the kernel places itself by; with 0 it stays where it is linked.
    package var kaslrSeed: UInt64?
    package var cpuCompatible: String
    /// Only machines with several vCPUs have `enable-method`.
    package var omitsEnableMethodForOne: Bool
    package var psciCompatible: [String]
    /// The functions that the binding of PSCI 0.1 must list; later versions fix the numbers.
    package var psciFunctions: [PSCIFunction]
    /// The third cell of the timers' interrupts.
    package var timerTrigger: Trigger
    /// The interrupt controller has `ranges` and `#redistributor-regions`.
    package var detailsInterruptController: Bool
    /// The name of a virtio-mmio slot's node.
    package var virtioName: String

    package struct PSCIFunction: Sendable {
        package var name: String
        package var number: UInt32
    }

    /// The third cell of an interrupt specifier of the GIC.
    package enum Trigger: UInt32, Sendable {
        case edgeRising = 1
        case levelHigh = 4
        case levelLow = 8
    }

    /// The functions that version 0.1 of PSCI has no fixed numbers for.
    package static let psciFunctions = [
        PSCIFunction(name: "cpu_suspend", number: 0xC400_0001),
        PSCIFunction(name: "cpu_off", number: 0x8400_0002),
        PSCIFunction(name: "cpu_on", number: 0xC400_0003),
    ]
}
