// swift-tools-version: 6.2
import PackageDescription

/// The package swift-system: file descriptors, errno and paths.
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

// The dependencies of a target are the only targets it may import; ARCHITECTURE.md has the picture. `make lint` builds
// with `--explicit-target-dependency-import-check error`, so an import that is not listed here fails.
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
        // Addresses and sizes as text.
        .target(name: "NumberText"),
        // Numbers as little-endian bytes.
        .target(name: "ByteOrder"),
        // Guest addresses as types.
        .target(name: "GuestAddresses"),
        // The remote protocol: bytes, packets, commands and replies.
        .target(name: "GDBRemote"),
        // Register tables and features; target.xml from them.
        .target(name: "TargetDescription"),
        // The contract between a debugger and an accelerator: stop points, resume plans and reports.
        .target(name: "Execution"),
        // The debug session, a sans-I/O state machine over a target.
        .target(name: "GDBStub", dependencies: ["ByteOrder", "GDBRemote", "TargetDescription", "Execution"]),
        // The architectures, as tables and pure functions.
        .target(name: "AArch64", dependencies: ["NumberText", "GuestAddresses", "TargetDescription"]),
        .target(name: "X86_64", dependencies: ["NumberText", "ByteOrder", "GuestAddresses", "TargetDescription"]),
        // The software CPU.
        .target(name: "AArch64CPU", dependencies: ["GuestAddresses", "AArch64"]),
        // The host's C library, which only HostIO, KVM and KVMAccelerator import.
        .target(name: "Platform"),
        // KVM: Linux's headers, one table of ioctls, and exits. Linux only.
        .target(name: "CLinuxKVM"),
        .target(name: "KVM", dependencies: ["ByteOrder", "CLinuxKVM", "HostIO", "Platform", systemPackage]),
        // Descriptors, sockets, terminal, disks, network backends, programs, memory, threads, clocks.
        .target(name: "HostIO", dependencies: ["NumberText", "Platform", "CLinuxKVM", systemPackage]),
        // Memory regions, checked access, and write observers.
        .target(name: "GuestMemory", dependencies: ["GuestAddresses", "HostIO", systemPackage]),
        // Bus, devices, boards, boot, device trees.
        .target(
            name: "Machine",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "AArch64", "GuestMemory", "HostIO", systemPackage,
            ]),
        // Accelerators by architecture, address spaces, and the thread that runs resume plans.
        .target(
            name: "Acceleration",
            dependencies: [
                "NumberText", "GuestAddresses", "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64",
            ]),
        // The accelerator of the software CPU: turns of its vCPUs, and guest time.
        .target(
            name: "SoftwareAccelerator",
            dependencies: [
                "ByteOrder", "GuestAddresses", "Acceleration", "Execution", "Machine", "GuestMemory", "HostIO",
                "AArch64", "AArch64CPU",
            ]),
        // The accelerator of KVM's vCPUs. Linux only.
        .target(
            name: "KVMAccelerator",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "Acceleration", "Execution", "Machine", "GuestMemory",
                "HostIO", "AArch64", "X86_64", "KVM", "CLinuxKVM", "Platform",
            ]),
        // The stub's target for a machine: registers, memory, stop points and monitor commands.
        .target(
            name: "MachineDebugger",
            dependencies: [
                "NumberText", "ByteOrder", "GuestAddresses", "GDBStub", "TargetDescription", "Acceleration",
                "Execution", "Machine", "GuestMemory", "HostIO", "AArch64", "X86_64",
            ]),
        // The composition of a machine, an accelerator, a debugger and host I/O from a configuration, and the poll
        // loop.
        .target(
            name: "VirtualMachine",
            dependencies: [
                "MachineDebugger", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "Execution", "Machine",
                "HostIO", "AArch64", "AArch64CPU", "KVM", "GDBStub", systemPackage,
            ]),
        // The command line and its error messages, as a library that tests import.
        .target(
            name: "TraplineCommands",
            dependencies: [
                "VirtualMachine", "SoftwareAccelerator", "KVMAccelerator", "Acceleration", "HostIO", "Machine",
                "GuestAddresses", "GuestMemory", "NumberText", systemPackage,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "trapline", dependencies: ["TraplineCommands"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        // Recorded debug sessions, which VirtualMachineTests records and GDBStubTests replays.
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

// Strict memory safety (SE-0458): every unsafe expression is marked with `unsafe`, and a SAFETY comment states why it
// is sound. AArch64CPU is the only exception in Swift: its run loop, block table and TLBs use raw pointers throughout,
// and so do the functions whose addresses decoded blocks hold. CLinuxKVM is C, and the support targets belong to the
// tests.
let targetsWithoutMemorySafety: Set = ["AArch64CPU", "CLinuxKVM", "TestSupport", "TranscriptSupport"]
for target in package.targets where target.type != .test && !targetsWithoutMemorySafety.contains(target.name) {
    target.swiftSettings = [.strictMemorySafety()]
}

// Every target treats warnings as errors and enables the same upcoming features.
for target in package.targets where target.type != .system && target.name != "CLinuxKVM" {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .treatAllWarnings(as: .error),
            .enableUpcomingFeature("ExistentialAny"),  // SE-0335
            .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
            .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
        ]
}
