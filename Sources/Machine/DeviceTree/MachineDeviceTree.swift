extension MachineLayout {
    /// The device tree that describes the machine to its guest.
    ///
    /// Bindings: Linux, Documentation/devicetree/bindings, by each node's `compatible`.
    package func deviceTree(
        vcpuCount: Int, memorySize: UInt64, bootArguments: String, initrd: Range<UInt64>?
    ) -> DeviceTreeNode {
        var root = DeviceTreeNode("")
        root.set("interrupt-parent", Phandle.gic)
        root.set("model", "linux,dummy-virt")
        root.set("compatible", "linux,dummy-virt")
        root.set("#address-cells", 2)
        root.set("#size-cells", 2)
        let uart = devices.first { $0.kind == .pl011 }
        root.children = [
            chosen(bootArguments: bootArguments, initrd: initrd, console: uart),
            aliases(console: uart),
            memoryNode(size: memorySize),
            cpusNode(count: vcpuCount),
            psciNode,
            timerNode,
            clockNode,
            interruptControllerNode(vcpuCount: vcpuCount),
        ]
        root.children += flashNodes
        root.children += devices.map(\.node)
        return root
    }

    fileprivate enum Phandle {
        static let gic: UInt32 = 1
        static let clock: UInt32 = 2
    }

    /// The first two cells of an interrupt specifier of the GIC, and the third.
    fileprivate enum InterruptCell {
        static let spi: UInt32 = 0
        static let ppi: UInt32 = 1
        static let levelHigh: UInt32 = 4
    }

    private func chosen(
        bootArguments: String, initrd: Range<UInt64>?, console: DevicePlacement?
    ) -> DeviceTreeNode {
        var node = DeviceTreeNode("chosen")
        if let console { node.set("stdout-path", "/" + console.nodeName) }
        if !bootArguments.isEmpty { node.set("bootargs", bootArguments) }
        if let initrd {
            node.set("linux,initrd-start", pairs: initrd.lowerBound)
            node.set("linux,initrd-end", pairs: initrd.upperBound)
        }
        return node
    }

    private func aliases(console: DevicePlacement?) -> DeviceTreeNode {
        var node = DeviceTreeNode("aliases")
        if let console { node.set("serial0", "/" + console.nodeName) }
        return node
    }

    private func memoryNode(size: UInt64) -> DeviceTreeNode {
        var node = DeviceTreeNode("memory@" + String(ramBase, radix: 16))
        node.set("device_type", "memory")
        node.set("reg", pairs: ramBase, size)
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
            cpu.set("compatible", "arm,armv8")
            cpu.set("reg", UInt32(affinity))
            cpu.set("enable-method", "psci")
            cpus.children.append(cpu)
        }
        return cpus
    }

    private var psciNode: DeviceTreeNode {
        var node = DeviceTreeNode("psci")
        node.set("compatible", "arm,psci-1.0", "arm,psci-0.2", "arm,psci")
        node.set("method", "hvc")
        // What version 0.1's binding needs; later ones know the numbers.
        node.set("cpu_suspend", 0xC400_0001)
        node.set("cpu_off", 0x8400_0002)
        node.set("cpu_on", 0xC400_0003)
        return node
    }

    private var timerNode: DeviceTreeNode {
        var node = DeviceTreeNode("timer")
        node.set("compatible", "arm,armv8-timer", "arm,armv7-timer")
        let interrupts = [timer.securePhysical, timer.physical, timer.virtual, timer.hypervisor]
        node.set(
            "interrupts",
            bytes: interrupts.flatMap { [InterruptCell.ppi, UInt32($0), InterruptCell.levelHigh] }
                .flatMap(DeviceTreeNode.bigEndian))
        node.set("always-on")
        return node
    }

    /// The clock the PrimeCells are said to run at.
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
        var node = DeviceTreeNode("intc@" + String(gic.distributor, radix: 16))
        node.set("compatible", "arm,gic-v3")
        node.set("#interrupt-cells", 3)
        node.set("interrupt-controller")
        node.set("#address-cells", 2)
        node.set("#size-cells", 2)
        node.set("ranges")
        node.set("#redistributor-regions", 1)
        node.set(
            "reg", pairs: gic.distributor, GICDistributor.size, redistributorBase(vcpuCount: vcpuCount),
            UInt64(vcpuCount) * GICRedistributors.sizePerVCPU)
        node.set("phandle", Phandle.gic)
        return node
    }

    /// All banks are one node, as one driver takes them.
    private var flashNodes: [DeviceTreeNode] {
        guard let first = flash.first else { return [] }
        var node = DeviceTreeNode("flash@" + String(first.base, radix: 16))
        node.set("compatible", "cfi-flash")
        node.set("reg", bytes: flash.flatMap { DeviceTreeNode.bigEndian($0.base) + DeviceTreeNode.bigEndian($0.size) })
        node.set("bank-width", 4)
        return [node]
    }
}

extension MachineLayout.DevicePlacement {
    fileprivate var nodeName: String {
        let name =
            switch kind {
            case .pl011: "pl011"
            case .pl031: "pl031"
            }
        return name + "@" + String(base, radix: 16)
    }

    fileprivate var node: DeviceTreeNode {
        var node = DeviceTreeNode(nodeName)
        node.set("reg", pairs: base, size)
        if let spi {
            node.set(
                "interrupts", MachineLayout.InterruptCell.spi, UInt32(spi), MachineLayout.InterruptCell.levelHigh)
        }
        switch kind {
        case .pl011:
            node.set("compatible", "arm,pl011", "arm,primecell")
            node.set("clocks", MachineLayout.Phandle.clock, MachineLayout.Phandle.clock)
            node.set("clock-names", "uartclk", "apb_pclk")
        case .pl031:
            node.set("compatible", "arm,pl031", "arm,primecell")
            node.set("clocks", MachineLayout.Phandle.clock)
            node.set("clock-names", "apb_pclk")
        }
        return node
    }
}
