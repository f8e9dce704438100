import GuestAddresses
import Machine
import Testing

@Suite struct DeviceTreeTests {
    @Test func whatIsWrittenReadsBackTheSame() throws {
        var root = DeviceTreeNode("")
        root.set("empty")
        root.set("cells", 1, 0xFFFF_FFFF)
        root.set("pairs", pairs: 0x1234_5678_9ABC_DEF0)
        root.set("texts", "a", "bc", "")
        root.set("odd", bytes: [1, 2, 3, 4, 5])
        var child = DeviceTreeNode("child@1000")
        child.set("cells", 7)
        child.children = [DeviceTreeNode("x"), DeviceTreeNode("abcd")]
        root.children = [child, DeviceTreeNode("z")]
        #expect(try DeviceTreeReader.root(of: FlattenedDeviceTree.bytes(root: root)) == root)
    }

    @Test func theFormatIsThatOfVersion17() {
        var root = DeviceTreeNode("")
        root.set("a", 5)
        let bytes = FlattenedDeviceTree.bytes(root: root, bootCPU: 2)
        let words = stride(from: 0, to: bytes.count - 2, by: 4).map { start in
            bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        #expect(
            words == [
                0xD00D_FEED, 90, 56, 88, 40, 17, 16, 2, 2, 32,  // header
                0, 0, 0, 0,  // no reservation
                1, 0, 3, 4, 0, 5, 2, 9,  // the root with one property
            ])
        #expect(bytes.suffix(2) == [UInt8(ascii: "a"), 0])
    }

    @Test func settingAPropertyAgainReplacesIt() {
        var node = DeviceTreeNode("n")
        node.set("a", 1)
        node.set("a", 2)
        #expect(node.properties.count == 1 && node.cells("a") == [2])
    }

    @Test func theTreeOfVirtDescribesTheMachine() throws {
        let board = AArch64Board.virt
        let built = board.deviceTree(
            vcpuCount: 18, memorySize: 5 << 30, bootArguments: "console=ttyAMA0", initrd: 0x4800_0000..<0x4800_1234)
        let root = try DeviceTreeReader.root(of: FlattenedDeviceTree.bytes(root: built))
        #expect(root == built)
        #expect(root.strings("compatible") == ["linux,dummy-virt"])
        #expect(root.node("memory@40000000")?.cells("reg") == [0, 0x4000_0000, 1, 0x4000_0000])
        #expect(root.node("cpus")?.children.count == 18)
        #expect(root.node("cpus/cpu@101")?.cells("reg") == [0x101])
        #expect(root.node("cpus/cpu@101")?.strings("enable-method") == ["psci"])
        #expect(root.node("psci")?.strings("method") == ["hvc"])
        #expect(root.node("psci")?.strings("compatible") == ["arm,psci-1.0", "arm,psci-0.2", "arm,psci"])
        #expect(root.node("timer")?.cells("interrupts") == [1, 13, 4, 1, 14, 4, 1, 11, 4, 1, 10, 4])
        #expect(
            root.node("intc@8000000")?.cells("reg") == [0, 0x0800_0000, 0, 0x10000, 0, 0x080A_0000, 0, 0x24_0000])
        #expect(root.node("pl011@9000000")?.cells("interrupts") == [0, 1, 4])
        #expect(root.node("pl031@9010000")?.cells("reg") == [0, 0x0901_0000, 0, 0x1000])
        #expect(root.node("flash@0")?.cells("reg") == [0, 0, 0, 0x400_0000, 0, 0x400_0000, 0, 0x400_0000])
        #expect(root.node("flash@0")?.cells("bank-width") == [4])
        #expect(root.node("chosen")?.strings("stdout-path") == ["/pl011@9000000"])
        #expect(root.node("chosen")?.strings("bootargs") == ["console=ttyAMA0"])
        #expect(root.node("chosen")?.cells("linux,initrd-start") == [0, 0x4800_0000])
        #expect(root.node("chosen")?.cells("linux,initrd-end") == [0, 0x4800_1234])
        #expect(root.node("aliases")?.strings("serial0") == ["/pl011@9000000"])
    }

    @Test func everyReferenceHasItsTarget() throws {
        let root = AArch64Board.virt.deviceTree(
            vcpuCount: 1, memorySize: 1 << 30, bootArguments: "", initrd: nil)
        var phandles: [UInt32: String] = [:]
        for node in root.children {
            if let phandle = node.cells("phandle")?.first {
                #expect(phandles.updateValue(node.name, forKey: phandle) == nil)
            }
        }
        #expect(root.cells("interrupt-parent").flatMap { phandles[$0[0]] } == "intc@8000000")
        for node in root.children {
            for clock in node.cells("clocks") ?? [] { #expect(phandles[clock] == "apb-pclk") }
        }
        #expect(root.node("chosen")?.value("bootargs") == nil)
        #expect(root.node("chosen")?.value("linux,initrd-start") == nil)
    }
}
