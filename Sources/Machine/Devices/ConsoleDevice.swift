/// A device that what is typed can go to.
protocol ConsoleDevice: AnyObject {
    /// Puts bytes into its input; returns how many there was room for.
    func receive(_ bytes: [UInt8]) -> Int
}

/// As much input as waits in a console device for the guest at most.
let consoleInputLimit = 256 << 10
