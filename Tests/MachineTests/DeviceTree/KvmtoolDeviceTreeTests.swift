import GuestAddresses
import Machine
import Testing

/// Every node and property of kvmtool's device tree, as its source has them.
@Suite struct KvmtoolDeviceTreeTests {
    private static let gic: UInt32 = 1

    private static func tree(vcpus: Int, virtio: Int = 2, arguments: String = "console=ttyS0") throws -> DeviceTreeNode
    {
        let built = AArch64Board.kvmtool.deviceTree(
            vcpuCount: vcpus, memorySize: 512 << 20, bootArguments: arguments, initrd: 0x8F00_0000..<0x8F00_1001,
            virtioCount: virtio)
        let root = try DeviceTreeReader.root(of: FlattenedDeviceTree.bytes(root: built))
        #expect(root == built)
        return root
    }

    /// A value as a test writes it.
    private enum Value {
        case nothing
        case cells([UInt32])
        case texts([String])

        var bytes: [UInt8] {
            switch self {
            case .nothing: []
            case .cells(let cells): cells.flatMap { cell in (0..<4).map { UInt8(cell >> (24 - 8 * $0) & 0xFF) } }
            case .texts(let texts): texts.flatMap { Array($0.utf8) + [0] }
            }
        }
    }

    private static func uart(_ number: UInt32) -> [String: Value] {
        [
            "compatible": .texts(["ns16550a"]), "reg": .cells([0, 0x0100_0000 + number * 0x1000, 0, 8]),
            "interrupts": .cells([0, number, 4]), "clock-frequency": .cells([1_843_200]),
        ]
    }

    private static func virtio(_ number: UInt32) -> [String: Value] {
        [
            "compatible": .texts(["virtio,mmio"]), "reg": .cells([0, 0x0300_0000 + number * 0x200, 0, 0x200]),
            "interrupts": .cells([0, 4 + number, 1]), "dma-coherent": .nothing,
        ]
    }

    private static func cpu(_ number: UInt32) -> [String: Value] {
        [
            "device_type": .texts(["cpu"]), "compatible": .texts(["arm,arm-v8"]), "reg": .cells([number]),
            "enable-method": .texts(["psci"]),
        ]
    }

    /// With four vCPUs and two virtio devices.
    private static let nodes: [(path: String, properties: [String: Value])] = [
        (
            "",
            [
                "interrupt-parent": .cells([gic]), "compatible": .texts(["linux,dummy-virt"]),
                "#address-cells": .cells([2]), "#size-cells": .cells([2]),
            ]
        ),
        (
            "chosen",
            [
                "bootargs": .texts(["console=ttyS0"]), "kaslr-seed": .cells([0, 0]), "stdout-path": .texts(["serial0"]),
                "linux,initrd-start": .cells([0, 0x8F00_0000]), "linux,initrd-end": .cells([0, 0x8F00_1001]),
            ]
        ),
        ("aliases", ["serial0": .texts(["/U6_16550A@1000000"])]),
        ("memory", ["device_type": .texts(["memory"]), "reg": .cells([0, 0x8000_0000, 0, 0x2000_0000])]),
        ("cpus", ["#address-cells": .cells([1]), "#size-cells": .cells([0])]),
        ("cpus/cpu@0", cpu(0)), ("cpus/cpu@1", cpu(1)), ("cpus/cpu@2", cpu(2)), ("cpus/cpu@3", cpu(3)),
        (
            "intc",
            [
                "compatible": .texts(["arm,gic-v3"]), "#interrupt-cells": .cells([3]), "interrupt-controller": .nothing,
                "reg": .cells([0, 0x3FFF_0000, 0, 0x1_0000, 0, 0x3FF7_0000, 0, 0x8_0000]), "phandle": .cells([gic]),
                "#address-cells": .cells([2]), "#size-cells": .cells([2]),
            ]
        ),
        (
            "timer",
            [
                "compatible": .texts(["arm,armv8-timer", "arm,armv7-timer"]), "always-on": .nothing,
                "interrupts": .cells([1, 13, 8, 1, 14, 8, 1, 11, 8, 1, 10, 8]),
            ]
        ),
        ("U6_16550A@1000000", uart(0)), ("U6_16550A@1001000", uart(1)), ("U6_16550A@1002000", uart(2)),
        ("U6_16550A@1003000", uart(3)),
        ("rtc@1010000", ["compatible": .texts(["motorola,mc146818"]), "reg": .cells([0, 0x0101_0000, 0, 2])]),
        ("virtio@3000000", virtio(0)), ("virtio@3000200", virtio(1)),
        (
            "psci",
            [
                "compatible": .texts(["arm,psci-0.2", "arm,psci"]), "method": .texts(["hvc"]),
                "cpu_suspend": .cells([0xC400_0001]), "cpu_off": .cells([0x8400_0002]), "cpu_on": .cells([0xC400_0003]),
                "migrate": .cells([0xC400_0005]),
            ]
        ),
    ]

    @Test(arguments: nodes.indices) func eachNodeHasKvmtoolsPropertiesAndNoOthers(_ row: Int) throws {
        let (path, properties) = Self.nodes[row]
        let node = try #require(try Self.tree(vcpus: 4).node(path), "\(path)")
        #expect(node.properties.map(\.name).sorted() == properties.keys.sorted(), "\(path)")
        for (name, value) in properties { #expect(node.value(name) == value.bytes, "\(path): \(name)") }
    }

    @Test func thereIsNoOtherNode() throws {
        func paths(_ node: DeviceTreeNode, _ path: String) -> [String] {
            [path] + node.children.flatMap { paths($0, path.isEmpty ? $0.name : path + "/" + $0.name) }
        }
        #expect(try paths(Self.tree(vcpus: 4), "").sorted() == Self.nodes.map(\.path).sorted())
    }

    @Test func aSingleCPUHasNoEnableMethodAndTheRedistributorBelowTheDistributor() throws {
        let root = try Self.tree(vcpus: 1, virtio: 0, arguments: "")
        #expect(root.node("cpus/cpu@0")?.value("enable-method") == nil)
        #expect(root.node("intc")?.cells("reg") == [0, 0x3FFF_0000, 0, 0x1_0000, 0, 0x3FFD_0000, 0, 0x2_0000])
        #expect(root.node("chosen")?.value("bootargs") == nil)
        #expect(root.node("virtio@3000000") == nil)
    }

    @Test func virtHasQEMUsVirtioSlots() throws {
        let root = AArch64Board.virt.deviceTree(
            vcpuCount: 1, memorySize: 1 << 30, bootArguments: "", initrd: nil, virtioCount: 32)
        for slot in 0..<32 as Range<UInt32> {
            let node = root.node("virtio_mmio@" + String(0x0A00_0000 + slot * 0x200, radix: 16))
            #expect(node?.cells("interrupts") == [0, 16 + slot, 1])
            #expect(node?.cells("reg") == [0, 0x0A00_0000 + slot * 0x200, 0, 0x200])
            #expect(node?.strings("compatible") == ["virtio,mmio"] && node?.value("dma-coherent") == [])
        }
    }
}
