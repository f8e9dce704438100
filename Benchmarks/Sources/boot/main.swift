import Foundation

// boot --trapline PATH --kernel FILE --initrd FILE [--qemu PATH] [--rounds N]
//
// Boots Linux to its shell in turns: on Trapline, on Trapline with an idle debugger attached before the first
// instruction, and under QEMU. Each has one vCPU and the same kernel, initial RAM disk, command line and memory. Prints
// the medians and their ratios.

var options = Options()

guard let trapline = options.take("--trapline"), let kernel = options.take("--kernel"), let initrd = options.take("--initrd") else {
    print("usage: boot --trapline PATH --kernel FILE --initrd FILE [--qemu PATH] [--rounds N]")
    exit(1)
}
let emulator = options.take("--qemu")
let rounds = max(1, options.take("--rounds").flatMap { Int($0) } ?? 5)
let guest = ["-m", "512M"]
let commandLine = "console=ttyAMA0 quiet"
let traplineArguments =
    ["run", "--machine", "virt", "-k", kernel, "-i", initrd, "-p", commandLine, "-c", "1", "--serial", "stdio"] + guest
let emulatorArguments =
    [
        "-M", "virt,gic-version=3", "-cpu", "cortex-a57", "-smp", "1", "-kernel", kernel, "-initrd", initrd, "-append",
        commandLine, "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio",
    ] + guest

var own: [BootedMachine.Times] = []
var attached: [BootedMachine.Times] = []
var reference: [BootedMachine.Times] = []
do {
    // The first round is not counted: it reads the files into the host's page cache.
    for round in 0...rounds {
        let plain = try BootedMachine(trapline, traplineArguments).time(to: BootedMachine.prompt)
        let held = try BootedMachine(trapline, traplineArguments + ["--gdb", "0", "--gdb-wait"])
        let debugger = try IdleDebugger(port: held.debuggerPort())
        let debugged = try withExtendedLifetime(debugger) { try held.time(to: BootedMachine.prompt) }
        let other = try emulator.map { try BootedMachine($0, emulatorArguments).time(to: BootedMachine.prompt) }
        guard round > 0 else { continue }
        own.append(plain)
        attached.append(debugged)
        if let other { reference.append(other) }
    }
} catch {
    print("boot failed:", error)
    exit(1)
}

print("seconds to the shell's prompt, medians of \(rounds) rounds     wall    user")
for (name, times) in [("Trapline", own), ("Trapline, idle debugger attached", attached), ("QEMU", reference)]
where !times.isEmpty {
    let label = name + String(repeating: " ", count: 52 - name.count)
    print(label, String(format: "%7.2f %7.2f", median(times.map(\.wall)), median(times.map(\.user))))
}
func percent(_ part: Double, of whole: Double) -> String { String(format: "%+.1f %%", (part / whole - 1) * 100) }
print(
    "an idle debugger costs", percent(median(attached.map(\.wall)), of: median(own.map(\.wall))), "wall,",
    percent(median(attached.map(\.user)), of: median(own.map(\.user))), "user")
if !reference.isEmpty {
    print(
        "Trapline's speed as a ratio to QEMU's:",
        String(
            format: "%.2f wall, %.2f user", median(reference.map(\.wall)) / median(own.map(\.wall)),
            median(reference.map(\.user)) / median(own.map(\.user))))
}
