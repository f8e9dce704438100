/// The details in which the device trees of boards differ without a difference in meaning to the guest.
package struct DeviceTreeStyle: Sendable {
    /// The root node's `model`; nil if it has none.
    package var model: String?
    /// Whether node names have a unit address even where they are unique without it: `memory@40000000`, not `memory`.
    package var hasUnitAddresses: Bool
    /// Whether `stdout-path` is the alias `serial0`, not the path that the alias stands for.
    package var namesConsoleByAlias: Bool
    /// The value of `kaslr-seed`, from which the kernel derives its random base address; with 0, the kernel is not
    /// moved.
    package var kaslrSeed: UInt64?
    /// The `compatible` of each CPU node.
    package var cpuCompatible: String
    /// Whether `enable-method` is left out on a machine with one vCPU.
    package var omitsEnableMethodForOne: Bool
    /// The `compatible` strings of the PSCI node.
    package var psciCompatible: [String]
    /// The functions whose IDs the PSCI node lists, as the binding of PSCI 0.1 requires; later versions of PSCI fix the
    /// IDs.
    package var psciFunctions: [PSCIFunction]
    /// The third cell of each timer interrupt's specifier.
    package var timerTrigger: Trigger
    /// Whether the interrupt controller's node has `ranges` and `#redistributor-regions`.
    package var detailsInterruptController: Bool
    /// The name of a virtio-mmio node, without the unit address.
    package var virtioName: String

    /// A PSCI function in the PSCI node.
    package struct PSCIFunction: Sendable {
        /// The name of the property.
        package var name: String
        /// The function ID.
        package var number: UInt32
    }

    /// The third cell of an interrupt specifier of the GIC.
    package enum Trigger: UInt32, Sendable {
        /// Triggered by a rising edge.
        case edgeRising = 1
        /// Active while the line is high.
        case levelHigh = 4
        /// Active while the line is low.
        case levelLow = 8
    }

    /// The functions of PSCI 0.1, which leaves their IDs to the device tree; the IDs are those that PSCI 0.2 fixed.
    package static let psciFunctions = [
        PSCIFunction(name: "cpu_suspend", number: 0xC400_0001),
        PSCIFunction(name: "cpu_off", number: 0x8400_0002),
        PSCIFunction(name: "cpu_on", number: 0xC400_0003),
    ]
}
