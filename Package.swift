// swift-tools-version: 6.2
import PackageDescription

// Arrows point to what a target may import; ARCHITECTURE.md has the picture. `make lint` builds with
// `--explicit-target-dependency-import-check error`, so an import that is not listed here fails.
let package = Package(
    name: "trapline",
    products: [
        .executable(name: "trapline", targets: ["trapline"]),
        .library(name: "GDBStub", targets: ["GDBStub", "GDBRemote", "TargetDescription", "Execution"]),
        .library(name: "AArch64", targets: ["AArch64"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // Bytes to packets to commands to replies.
        .target(name: "GDBRemote"),
        // Register tables and features; target.xml from them.
        .target(name: "TargetDescription"),
        // What a debugger and whatever runs vCPUs say to each other: stop points, resume plans, stops.
        .target(name: "Execution"),
        // The debug session: a sans-IO state machine over a target.
        .target(name: "GDBStub", dependencies: ["GDBRemote", "TargetDescription", "Execution"]),
        // The architecture as tables and pure functions.
        .target(name: "AArch64", dependencies: ["TargetDescription"]),
        .target(name: "X86_64", dependencies: ["TargetDescription"]),
        // The software CPU.
        .target(name: "AArch64CPU", dependencies: ["AArch64"]),
        // Owned file descriptors, one ioctl table, exits. Linux only.
        .target(name: "CLinuxKVM"),
        .target(name: "KVM", dependencies: ["CLinuxKVM"]),
        // Guest-physical memory: regions, checked access, DMA.
        .target(name: "GuestMemory"),
        // Bus, devices, device tree, boot, layouts.
        .target(name: "Machine", dependencies: ["AArch64", "GuestMemory"]),
        // Descriptors, sockets, terminal, disks, network backends, threads, clocks.
        .target(name: "HostIO", dependencies: ["Machine", "CLinuxKVM"]),
        // The contract of what runs vCPUs, and the thread that runs plans over it.
        .target(
            name: "Acceleration", dependencies: ["Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64"]),
        // Runs the software CPU: turns, guest time.
        .target(
            name: "SoftwareAccelerator",
            dependencies: ["Acceleration", "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "AArch64CPU"]),
        // Runs KVM's vCPUs. Linux only.
        .target(
            name: "KVMAccelerator",
            dependencies: [
                "Acceleration", "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64", "KVM",
                "CLinuxKVM",
            ]),
        // The stub's target for a machine: memory views, stop points, monitor commands.
        .target(
            name: "MachineDebugger",
            dependencies: [
                "GDBStub", "TargetDescription", "Acceleration", "Execution", "Machine", "GuestMemory", "HostIO",
                "AArch64", "X86_64",
            ]),
        // Composition: a configuration becomes a machine, an accelerator, a debugger and host I/O.
        .target(
            name: "VirtualMachine",
            dependencies: [
                "MachineDebugger", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "Execution", "Machine",
                "HostIO", "AArch64", "AArch64CPU", "KVM", "GDBStub",
            ]),
        // The command line; testable.
        .target(
            name: "TraplineCommands",
            dependencies: [
                "VirtualMachine", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "HostIO", "Machine",
                "GuestMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "trapline", dependencies: ["TraplineCommands"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        // Recorded debug sessions: written by VirtualMachineTests, replayed by GDBStubTests.
        .target(
            name: "TranscriptSupport", dependencies: ["Execution", "GDBStub", "TargetDescription"],
            path: "Tests/TranscriptSupport"),
        .testTarget(name: "GDBRemoteTests", dependencies: ["GDBRemote", "TestSupport"]),
        .testTarget(
            name: "GDBStubTests",
            dependencies: [
                "GDBStub", "GDBRemote", "TargetDescription", "Execution", "TestSupport", "TranscriptSupport",
            ],
            exclude: ["Transcripts"]),
        .testTarget(name: "AArch64Tests", dependencies: ["AArch64", "TargetDescription", "TestSupport"]),
        .testTarget(name: "X86_64Tests", dependencies: ["X86_64", "TargetDescription", "TestSupport"]),
        .testTarget(name: "AArch64CPUTests", dependencies: ["AArch64CPU", "AArch64", "TestSupport"]),
        .testTarget(name: "KVMTests", dependencies: ["KVM", "X86_64"]),
        .testTarget(
            name: "MachineTests",
            dependencies: ["Machine", "GuestMemory", "AArch64", "TestSupport", "TraplineCommands"]),
        .testTarget(
            name: "VirtualMachineTests",
            dependencies: [
                "VirtualMachine", "MachineDebugger", "SoftwareAccelerator", "KVMAccelerator", "Acceleration",
                "Execution",
                "HostIO", "Machine", "GuestMemory", "AArch64", "X86_64", "GDBStub", "KVM", "TestSupport",
                "TranscriptSupport",
            ]),
        .testTarget(
            name: "TraplineCommandsTests",
            dependencies: [
                "TraplineCommands", "VirtualMachine", "Acceleration", "HostIO", "Machine", "GuestMemory", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

// One set of rules for every target: warnings are errors, and the upcoming features that keep code honest.
for target in package.targets where target.type != .system && target.name != "CLinuxKVM" {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .treatAllWarnings(as: .error),
            .enableUpcomingFeature("ExistentialAny"),  // SE-0335
            .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
            .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        ]
}
