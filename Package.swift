// swift-tools-version: 6.2
import PackageDescription

/// Descriptors, errno and paths.
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// Arrows point to what a target may import; ARCHITECTURE.md has the picture. `make lint` builds with
// `--explicit-target-dependency-import-check error`, so an import that is not listed here fails.
let package = Package(
    name: "trapline",
    products: [
        .executable(name: "trapline", targets: ["trapline"]),
        .library(name: "GDBStub", targets: ["GDBStub", "GDBRemote", "TargetDescription", "Execution"]),
        .library(name: "AArch64", targets: ["AArch64", "GuestAddresses"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.5.0"),
    ],
    targets: [
        // Numbers and sizes as people read them.
        .target(name: "NumberText"),
        // Numbers as bytes.
        .target(name: "ByteOrder"),
        // Guest addresses as types.
        .target(name: "GuestAddresses"),
        // Bytes to packets to commands to replies.
        .target(name: "GDBRemote"),
        // Register tables and features; target.xml from them.
        .target(name: "TargetDescription"),
        // The contract between a debugger and whatever runs vCPUs: stop points, plans, reports, accelerator.
        .target(name: "Execution"),
        // The debug session: a sans-IO state machine over a target.
        .target(name: "GDBStub", dependencies: ["ByteOrder", "GDBRemote", "TargetDescription", "Execution"]),
        // The architecture as tables and pure functions.
        .target(name: "AArch64", dependencies: ["NumberText", "GuestAddresses", "TargetDescription"]),
        .target(name: "X86_64", dependencies: ["NumberText", "ByteOrder", "GuestAddresses", "TargetDescription"]),
        // The software CPU.
        .target(name: "AArch64CPU", dependencies: ["GuestAddresses", "AArch64"]),
        // The C library of the host, for HostIO and the KVM targets alone.
        .target(name: "Platform"),
        // One ioctl table, exits. Linux only.
        .target(name: "CLinuxKVM"),
        .target(name: "KVM", dependencies: ["ByteOrder", "CLinuxKVM", "HostIO", "Platform", systemPackage]),
        // Descriptors, sockets, terminal, disks, network backends, programs, memory, threads, clocks.
        .target(name: "HostIO", dependencies: ["NumberText", "Platform", "CLinuxKVM", systemPackage]),
        // Memory regions, checked access, the write path and its observers.
        .target(name: "GuestMemory", dependencies: ["GuestAddresses", "HostIO", systemPackage]),
        // Bus, devices, boards, boot, device trees.
        .target(
            name: "Machine",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "AArch64", "GuestMemory", "HostIO", systemPackage,
            ]),
        // vCPUs by architecture, memory by their addresses, and the thread that runs plans over an accelerator.
        .target(
            name: "Acceleration",
            dependencies: [
                "NumberText", "GuestAddresses", "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64",
            ]),
        // Runs the software CPU: turns, guest time.
        .target(
            name: "SoftwareAccelerator",
            dependencies: [
                "ByteOrder", "GuestAddresses", "Acceleration", "Execution", "Machine", "GuestMemory", "HostIO",
                "AArch64", "AArch64CPU",
            ]),
        // Runs KVM's vCPUs. Linux only.
        .target(
            name: "KVMAccelerator",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "Acceleration", "Execution", "Machine", "GuestMemory",
                "HostIO", "AArch64", "X86_64", "KVM", "CLinuxKVM", "Platform",
            ]),
        // The stub's target for a machine: memory views, stop points, monitor commands.
        .target(
            name: "MachineDebugger",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "GDBStub", "TargetDescription", "Acceleration",
                "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64",
            ]),
        // Composition: a configuration becomes a machine, an accelerator, a debugger and host I/O.
        .target(
            name: "VirtualMachine",
            dependencies: [
                "MachineDebugger", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "Execution", "Machine",
                "HostIO", "AArch64", "AArch64CPU", "KVM", "GDBStub", systemPackage,
            ]),
        // The command line; testable.
        .target(
            name: "TraplineCommands",
            dependencies: [
                "VirtualMachine", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "HostIO", "Machine",
                "GuestAddresses", "GuestMemory", "NumberText", systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "trapline", dependencies: ["TraplineCommands"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        // Recorded debug sessions: written by VirtualMachineTests, replayed by GDBStubTests.
        .target(
            name: "TranscriptSupport", dependencies: ["Execution", "GDBStub", "TargetDescription"],
            path: "Tests/TranscriptSupport"),
        .testTarget(name: "GDBRemoteTests", dependencies: ["ByteOrder", "GDBRemote", "TestSupport"]),
        .testTarget(
            name: "GDBStubTests",
            dependencies: [
                "GDBStub", "GDBRemote", "TargetDescription", "Execution", "TestSupport", "TranscriptSupport",
            ],
            exclude: ["Transcripts"]),
        .testTarget(
            name: "AArch64Tests",
            dependencies: ["AArch64", "GuestAddresses", "NumberText", "TargetDescription", "TestSupport"]),
        .testTarget(
            name: "X86_64Tests", dependencies: ["X86_64", "GuestAddresses", "TargetDescription", "TestSupport"]),
        .testTarget(name: "AArch64CPUTests", dependencies: ["AArch64CPU", "AArch64", "TestSupport"]),
        .testTarget(name: "KVMTests", dependencies: ["KVM", "GuestAddresses", "X86_64", systemPackage]),
        .testTarget(
            name: "MachineTests",
            dependencies: ["Machine", "GuestAddresses", "GuestMemory", "AArch64", "TestSupport", "TraplineCommands"]),
        .testTarget(
            name: "VirtualMachineTests",
            dependencies: [
                "VirtualMachine", "MachineDebugger", "SoftwareAccelerator", "KVMAccelerator", "Acceleration",
                "Execution",
                "HostIO", "Machine", "GuestAddresses", "GuestMemory", "AArch64", "X86_64", "GDBStub", "KVM",
                "TestSupport",
                "TranscriptSupport", systemPackage,
            ]),
        .testTarget(
            name: "TraplineCommandsTests",
            dependencies: [
                "TraplineCommands", "VirtualMachine", "Acceleration", "HostIO", "Machine", "GuestAddresses",
                "GuestMemory",
                "TestSupport",
                systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .testTarget(name: "EndToEndTests", dependencies: ["TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)

// Every unsafe expression is marked with `unsafe`, and a SAFETY comment says why it is sound (SE-0458), in every target
// with one exception. The software CPU's run loop, block table and TLBs are raw pointers throughout, and so are the
// arguments of the functions whose addresses decoded blocks hold. CLinuxKVM is C, and the support targets belong to the
// tests.
let targetsWithoutMemorySafety: Set = ["AArch64CPU", "CLinuxKVM", "TestSupport", "TranscriptSupport"]
for target in package.targets where target.type != .test && !targetsWithoutMemorySafety.contains(target.name) {
    target.swiftSettings = [.strictMemorySafety()]
}

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
