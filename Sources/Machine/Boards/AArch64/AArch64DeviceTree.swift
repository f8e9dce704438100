package import GuestAddresses

extension AArch64Board {
    /// Returns the device tree that describes the machine to its guest.
    ///
    /// Bindings: Linux, Documentation/devicetree/bindings, by each node's `compatible`.
    package func deviceTree(
        vcpuCount: Int, memorySize: UInt64, bootArguments: String, initrd: Range<PhysicalAddress>?,
        virtioCount: Int = 0,
        kaslrSeed: UInt64? = nil
    ) -> DeviceTreeNode {
        var root = DeviceTreeNode("")
        root.set("interrupt-parent", Phandle.gic)
        if let model = style.model { root.set("model", model) }
        root.set("compatible", "linux,dummy-virt")
        root.set("#address-cells", 2)
        root.set("#size-cells", 2)
        let uart = devices.first { $0.model.binding?.isConsole ?? false }
        root.children = [
            chosen(
                bootArguments: bootArguments, initrd: initrd, console: uart, kaslrSeed: kaslrSeed ?? style.kaslrSeed),
            aliases(console: uart),
            memoryNode(size: memorySize),
            cpusNode(count: vcpuCount),
            psciNode,
            timerNode,
            interruptControllerNode(vcpuCount: vcpuCount),
        ]
        if devices.contains(where: { $0.model.binding?.clockNames.isEmpty == false }) {
            root.children.append(clockNode)
        }
        root.children += flashNodes
        root.children += devices.compactMap(\.node)
        root.children += (0..<virtioCount).map(virtioNode)
        return root
    }

    fileprivate enum Phandle {
        static let gic: UInt32 = 1
        static let clock: UInt32 = 2
    }

    /// The first cell of an interrupt specifier of the GIC.
    fileprivate enum InterruptCell {
        static let spi: UInt32 = 0
        static let ppi: UInt32 = 1
    }

    private func node(_ name: String, at address: PhysicalAddress) -> DeviceTreeNode {
        style.hasUnitAddresses ? DeviceTreeNode(name, at: address) : DeviceTreeNode(name)
    }

    private func chosen(
        bootArguments: String, initrd: Range<PhysicalAddress>?, console: DevicePlacement?, kaslrSeed: UInt64?
    ) -> DeviceTreeNode {
        var node = DeviceTreeNode("chosen")
        if let name = console?.nodeName { node.set("stdout-path", style.namesConsoleByAlias ? "serial0" : "/" + name) }
        if let kaslrSeed { node.set("kaslr-seed", pairs: kaslrSeed) }
        if !bootArguments.isEmpty { node.set("bootargs", bootArguments) }
        if let initrd {
            node.set("linux,initrd-start", pairs: initrd.lowerBound.rawValue)
            node.set("linux,initrd-end", pairs: initrd.upperBound.rawValue)
        }
        return node
    }

    private func aliases(console: DevicePlacement?) -> DeviceTreeNode {
        var node = DeviceTreeNode("aliases")
        if let name = console?.nodeName { node.set("serial0", "/" + name) }
        return node
    }

    private func memoryNode(size: UInt64) -> DeviceTreeNode {
        var node = node("memory", at: ramBase)
        node.set("device_type", "memory")
        node.setReg((ramBase, size))
        return node
    }

    private func cpusNode(count: Int) -> DeviceTreeNode {
        var cpus = DeviceTreeNode("cpus")
        cpus.set("#address-cells", 1)
        cpus.set("#size-cells", 0)
        for vcpu in 0..<count {
            let affinity = Self.affinity(vcpu: vcpu)
            var cpu = DeviceTreeNode("cpu@" + String(affinity, radix: 16))
            cpu.set("device_type", "cpu")
            cpu.set("compatible", style.cpuCompatible)
            cpu.set("reg", UInt32(affinity))
            if count > 1 || !style.omitsEnableMethodForOne { cpu.set("enable-method", "psci") }
            cpus.children.append(cpu)
        }
        return cpus
    }

    private var psciNode: DeviceTreeNode {
        var node = DeviceTreeNode("psci")
        node.set("compatible", strings: style.psciCompatible)
        node.set("method", "hvc")
        for function in style.psciFunctions { node.set(function.name, function.number) }
        return node
    }

    private var timerNode: DeviceTreeNode {
        var node = DeviceTreeNode("timer")
        node.set("compatible", "arm,armv8-timer", "arm,armv7-timer")
        let interrupts = [timer.securePhysical, timer.physical, timer.virtual, timer.hypervisor]
        node.set(
            "interrupts", cells: interrupts.flatMap { [InterruptCell.ppi, UInt32($0), style.timerTrigger.rawValue] })
        node.set("always-on")
        return node
    }

    /// The fixed clock that the nodes of Arm's PrimeCell devices refer to.
    private var clockNode: DeviceTreeNode {
        var node = DeviceTreeNode("apb-pclk")
        node.set("compatible", "fixed-clock")
        node.set("#clock-cells", 0)
        node.set("clock-frequency", 24_000_000)
        node.set("clock-output-names", "clk24mhz")
        node.set("phandle", Phandle.clock)
        return node
    }

    private func interruptControllerNode(vcpuCount: Int) -> DeviceTreeNode {
        var node = node("intc", at: gic.distributor)
        node.set("compatible", gic.version == .v3 ? "arm,gic-v3" : "arm,cortex-a15-gic")
        node.set("#interrupt-cells", 3)
        node.set("interrupt-controller")
        node.set("#address-cells", 2)
        node.set("#size-cells", 2)
        if style.detailsInterruptController { node.set("ranges") }
        switch gic.version {
        case .v3:
            if style.detailsInterruptController { node.set("#redistributor-regions", 1) }
            node.setReg(
                (gic.distributor, GICDistributor.size),
                (redistributorBase(vcpuCount: vcpuCount), UInt64(vcpuCount) * GICRedistributors.sizePerVCPU))
        case .v2:
            // GICC has two 4 KiB pages; the second has GICC_DIR (Arm, IHI 0048, "CPU interface register map").
            node.setReg((gic.distributor, 0x1000), (gic.cpuInterface, 0x2000))
        }
        node.set("phandle", Phandle.gic)
        return node
    }

    /// The flash node: one node for all banks, because one driver serves them as one device.
    private var flashNodes: [DeviceTreeNode] {
        guard let first = flash.first else { return [] }
        var node = DeviceTreeNode("flash", at: first.base)
        node.set("compatible", "cfi-flash")
        node.set(
            "reg",
            bytes: flash.flatMap { DeviceTreeNode.bigEndian($0.base.rawValue) + DeviceTreeNode.bigEndian($0.size) })
        node.set("bank-width", 4)
        return [node]
    }

    private func virtioNode(slot: Int) -> DeviceTreeNode {
        let base = virtio.base(of: slot)
        var node = DeviceTreeNode(style.virtioName, at: base)
        node.set("compatible", "virtio,mmio")
        node.setReg((base, VirtioSlots.size))
        node.set(
            "interrupts", InterruptCell.spi, UInt32(virtio.firstLine + slot),
            DeviceTreeStyle.Trigger.edgeRising.rawValue
        )
        node.set("dma-coherent")
        return node
    }
}

extension DevicePlacement {
    fileprivate var nodeName: String? { node?.name }

    /// The device's node; nil for a device without a device tree binding, or at I/O ports.
    fileprivate var node: DeviceTreeNode? {
        guard let binding = model.binding, case .memory(let base) = place else { return nil }
        var node = DeviceTreeNode(binding.name, at: base)
        node.set("compatible", strings: binding.compatible)
        node.setReg((base, size))
        if let line {
            node.set(
                "interrupts", AArch64Board.InterruptCell.spi, UInt32(line), DeviceTreeStyle.Trigger.levelHigh.rawValue)
        }
        if !binding.clockNames.isEmpty {
            node.set("clocks", cells: binding.clockNames.map { _ in AArch64Board.Phandle.clock })
            node.set("clock-names", strings: binding.clockNames)
        }
        if let frequency = binding.clockFrequency { node.set("clock-frequency", frequency) }
        return node
    }
}
