import Machine
import Testing

/// One step of a recorded access trace.
enum Access: CustomStringConvertible {
    /// A read of `size` bytes has to give this value.
    case read(UInt64, UInt64, size: Int = 4)
    case write(UInt64, UInt64, size: Int = 4)
    /// The interrupt output has to have this level.
    case line(Bool)
    /// Anything else that happens to the device.
    case event(String)

    var description: String {
        switch self {
        case .read(let offset, let value, let size):
            "read \(String(offset, radix: 16)), \(size) bytes, 0x\(String(value, radix: 16))"
        case .write(let offset, let value, let size):
            "write \(String(offset, radix: 16)), \(size) bytes, 0x\(String(value, radix: 16))"
        case .line(let level): "line \(level)"
        case .event(let text): "event \(text)"
        }
    }
}

struct Trace: Sendable, CustomStringConvertible {
    var name: String
    var steps: [Access]

    init(_ name: String, _ steps: [Access]) {
        self.name = name
        self.steps = steps
    }

    var description: String { name }
}

/// The level of an interrupt output, as a device drives it.
final class Line {
    var level = false
}

extension Trace {
    /// Plays the trace on a device.
    func play(
        on device: any Device, line: Line, event: (String) -> Void = { _ in },
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, step) in steps.enumerated() {
            let place: Comment = "\(name), step \(index): \(step)"
            switch step {
            case .read(let offset, let expected, let size):
                let value = device.read(offset: offset, size: size, vcpu: 0)
                #expect(value == expected, place, sourceLocation: sourceLocation)
            case .write(let offset, let value, let size):
                device.write(offset: offset, size: size, value: value, vcpu: 0)
            case .line(let level):
                #expect(line.level == level, place, sourceLocation: sourceLocation)
            case .event(let text):
                event(text)
            }
        }
    }
}
