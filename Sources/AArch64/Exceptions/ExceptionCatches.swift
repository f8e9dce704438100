import NumberText

/// The set of guest exceptions that stop the vCPU for the debugger.
///
/// Each element is a class of exceptions together with the Exception level, EL0 or EL1, that it is taken from.
public struct ExceptionCatches: Hashable, Sendable {
    /// A class of exceptions that a user can ask to catch.
    public enum Class: String, CaseIterable, Sendable {
        // The raw values are the arguments of `monitor catch`.
        /// An exception with ESR_EL1.EC 0x00, such as an UNDEFINED instruction.
        case undefined
        /// A Data Abort.
        case dataAbort = "data-abort"
        /// An Instruction Abort.
        case instructionAbort = "instruction-abort"
        /// SVC, HVC, SMC and BRK instructions, IRQ and FIQ interrupts, and SError exceptions.
        case svc, hvc, smc, brk, irq, fiq, serror

        /// Classifies an exception; nil if it belongs to none of the classes.
        public init?(_ kind: ExceptionEntry.Kind, _ syndrome: ExceptionSyndrome?) {
            switch kind {
            case .irq: self = .irq
            case .fiq: self = .fiq
            case .sError: self = .serror
            case .synchronous:
                switch syndrome?.exceptionClass {
                case .unknown: self = .undefined
                case .dataAbortLowerEL, .dataAbortSameEL: self = .dataAbort
                case .instructionAbortLowerEL, .instructionAbortSameEL: self = .instructionAbort
                case .svc64: self = .svc
                case .hvc64: self = .hvc
                case .smc64: self = .smc
                case .brk64: self = .brk
                default: return nil
                }
            }
        }

        /// Returns the class with the given `monitor catch` argument, or nil if there is none.
        public init?(named name: String) {
            guard let found = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
                return nil
            }
            self = found
        }

        /// Whether the exception is asynchronous: an IRQ, an FIQ or an SError.
        public var isInterrupt: Bool { self == .irq || self == .fiq || self == .serror }

        /// The bit for EL0 in `bits`; the bit for EL1 is the next one.
        fileprivate var place: UInt32 {
            var place: UInt32 = 0
            for candidate in Self.allCases {
                if candidate == self { break }
                place += 2
            }
            return place
        }
    }

    /// Two bits for each class, in the order of `Class.allCases`: EL0, then EL1.
    private var bits: UInt32

    /// Creates an empty set.
    public init() { bits = 0 }

    /// Creates the set that has the given ``rawValue``.
    public init(rawValue: UInt32) { bits = rawValue }

    /// The set as an integer with two bits for each class: EL0, then EL1.
    public var rawValue: UInt32 { bits }

    /// Whether the set has no elements.
    public var isEmpty: Bool { bits == 0 }

    /// Returns whether exceptions of the class are caught when they are taken from `level`, EL0 or EL1.
    public func contains(_ exception: Class, from level: ExceptionLevel) -> Bool {
        bits & Self.bit(exception, level) != 0
    }

    /// Catches the class when it is taken from `level`, EL0 or EL1.
    public mutating func insert(_ exception: Class, from level: ExceptionLevel) {
        bits |= Self.bit(exception, level)
    }

    /// Catches the class when it is taken from EL0 and when it is taken from EL1.
    public mutating func insert(_ exception: Class) {
        bits |= 0b11 << exception.place
    }

    /// Removes the class for both Exception levels.
    public mutating func remove(_ exception: Class) {
        bits &= ~(0b11 << exception.place)
    }

    private static func bit(_ exception: Class, _ level: ExceptionLevel) -> UInt32 {
        1 << (exception.place + (level == .el0 ? 0 : 1))
    }

    /// The elements as a list for the user, such as `svc el0, brk`, or `none` if the set is empty.
    public var text: String {
        var words: [String] = []
        for exception in Class.allCases {
            switch (contains(exception, from: .el0), contains(exception, from: .el1)) {
            case (true, true): words.append(exception.rawValue)
            case (true, false): words.append(exception.rawValue + " el0")
            case (false, true): words.append(exception.rawValue + " el1")
            case (false, false): break
            }
        }
        return words.isEmpty ? "none" : words.joined(separator: ", ")
    }
}

/// An exception at which a vCPU has stopped before taking it, so that no register shows it yet.
public struct CaughtException: Hashable, Sendable {
    /// The class of the exception.
    public var exception: ExceptionCatches.Class
    /// The Exception level that the exception is about to be taken from.
    public var level: ExceptionLevel
    /// The value that ESR_EL1 will have, or nil for an interrupt.
    public var syndrome: ExceptionSyndrome?
    /// The value that FAR_EL1 will have, or nil if the exception does not set it.
    public var faultAddress: UInt64?

    /// Creates a description of a caught exception.
    public init(
        _ exception: ExceptionCatches.Class, from level: ExceptionLevel, syndrome: ExceptionSyndrome?,
        faultAddress: UInt64? = nil
    ) {
        self.exception = exception
        self.level = level
        self.syndrome = syndrome
        self.faultAddress = faultAddress
    }

    /// The exception described for the user, with ESR and FAR where it sets them.
    public var text: String {
        var words = syndrome?.text ?? exception.rawValue.uppercased()
        words += " at EL\(level.rawValue)"
        if let faultAddress { words += ", FAR \(hexadecimal(faultAddress))" }
        if let syndrome { words += " (ESR \(hexadecimal(syndrome.rawValue)))" }
        return words
    }
}
