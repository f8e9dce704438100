// swift-tools-version: 6.2
import PackageDescription

// Arrows point to what a target may import; ARCHITECTURE.md has the picture. `make lint` builds with
// `--explicit-target-dependency-import-check error`, so an import that is not listed here fails.
let package = Package(
    name: "trapline",
    products: [
        .executable(name: "trapline", targets: ["trapline"]),
        .library(name: "GDBStub", targets: ["GDBStub", "GDBRemote", "TargetDescription"]),
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
        // The debug session: a sans-IO state machine over a target.
        .target(name: "GDBStub", dependencies: ["GDBRemote", "TargetDescription"]),
        // The architecture as tables and pure functions.
        .target(name: "AArch64", dependencies: ["TargetDescription"]),
        .target(name: "X86_64", dependencies: ["TargetDescription"]),
        // The software CPU.
        .target(name: "AArch64CPU", dependencies: ["AArch64"]),
        // Owned file descriptors, one ioctl table, exits. Linux only.
        .target(name: "CLinuxKVM"),
        .target(name: "KVM", dependencies: ["CLinuxKVM"]),
        // Guest memory, bus, devices, device tree, boot, layouts.
        .target(name: "Machine", dependencies: ["AArch64"]),
        // Builds a machine; accelerators; vCPU threads; run control; is the stub's target.
        .target(
            name: "VirtualMachine",
            dependencies: [
                "Machine", "AArch64", "AArch64CPU", "X86_64", "KVM", "CLinuxKVM", "GDBStub", "TargetDescription",
            ]),
        // The command line; testable.
        .target(
            name: "TraplineCommands",
            dependencies: [
                "VirtualMachine", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(name: "trapline", dependencies: ["TraplineCommands"]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        // Recorded debug sessions: written by VirtualMachineTests, replayed by GDBStubTests.
        .target(
            name: "TranscriptSupport", dependencies: ["GDBStub", "TargetDescription"],
            path: "Tests/TranscriptSupport"),
        .testTarget(name: "GDBRemoteTests", dependencies: ["GDBRemote", "TestSupport"]),
        .testTarget(
            name: "GDBStubTests",
            dependencies: ["GDBStub", "GDBRemote", "TargetDescription", "TestSupport", "TranscriptSupport"],
            exclude: ["Transcripts"]),
        .testTarget(name: "AArch64Tests", dependencies: ["AArch64", "TargetDescription", "TestSupport"]),
        .testTarget(name: "X86_64Tests", dependencies: ["X86_64", "TargetDescription", "TestSupport"]),
        .testTarget(name: "AArch64CPUTests", dependencies: ["AArch64CPU", "AArch64", "TestSupport"]),
        .testTarget(name: "KVMTests", dependencies: ["KVM", "X86_64"]),
        .testTarget(name: "MachineTests", dependencies: ["Machine", "AArch64", "TestSupport"]),
        .testTarget(
            name: "VirtualMachineTests",
            dependencies: [
                "VirtualMachine", "Machine", "AArch64", "GDBStub", "KVM", "TestSupport", "TranscriptSupport",
            ]),
        .testTarget(
            name: "TraplineCommandsTests",
            dependencies: [
                "TraplineCommands", "VirtualMachine", "Machine", "TestSupport",
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
