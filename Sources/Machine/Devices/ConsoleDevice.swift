/// A device that console input can be sent to.
protocol ConsoleDevice: AnyObject {
    /// Appends bytes to the device's input; returns the number of bytes accepted.
    func receive(_ bytes: [UInt8]) -> Int
}

/// The maximum number of input bytes that wait in a console device for the guest.
let consoleInputLimit = 256 << 10
