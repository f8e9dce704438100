import NumberText

/// Which exceptions of the guest's own stop it for a debugger: classes, each by the level they are taken from.
public struct ExceptionCatches: Hashable, Sendable {
    /// A kind of exception as a person asks for it.
    public enum Class: String, CaseIterable, Sendable {
        // The raw values are the words of `monitor catch`.
        case undefined
        case dataAbort = "data-abort"
        case instructionAbort = "instruction-abort"
        case svc, hvc, smc, brk, irq, fiq, serror

        /// The class of an exception; nil for those that are none of these.
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

        /// The class by its word; nil if there is none.
        public init?(named name: String) {
            guard let found = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) }) else {
                return nil
            }
            self = found
        }

        /// Whether the exception comes from outside the instruction it arrives at.
        public var isInterrupt: Bool { self == .irq || self == .fiq || self == .serror }

        fileprivate var place: UInt32 {
            var place: UInt32 = 0
            for candidate in Self.allCases {
                if candidate == self { break }
                place += 2
            }
            return place
        }
    }

    private var bits: UInt32

    /// An empty set.
    public init() { bits = 0 }

    /// - Parameter rawValue: an earlier set's.
    public init(rawValue: UInt32) { bits = rawValue }

    /// The set as bits: two for each class, for EL0 and EL1.
    public var rawValue: UInt32 { bits }

    public var isEmpty: Bool { bits == 0 }

    /// Whether exceptions of the class are caught that are taken from the level, EL0 or EL1.
    public func contains(_ exception: Class, from level: ExceptionLevel) -> Bool {
        bits & Self.bit(exception, level) != 0
    }

    public mutating func insert(_ exception: Class, from level: ExceptionLevel) {
        bits |= Self.bit(exception, level)
    }

    /// Catches the class whatever level it is taken from.
    public mutating func insert(_ exception: Class) {
        bits |= 0b11 << exception.place
    }

    public mutating func remove(_ exception: Class) {
        bits &= ~(0b11 << exception.place)
    }

    private static func bit(_ exception: Class, _ level: ExceptionLevel) -> UInt32 {
        1 << (exception.place + (level == .el0 ? 0 : 1))
    }

    /// The classes for a person, such as `svc el0, brk`; `none` if there are none.
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

/// An exception that was caught: it has not been taken, and nothing of it is in the registers yet.
public struct CaughtException: Hashable, Sendable {
    public var exception: ExceptionCatches.Class
    public var level: ExceptionLevel
    /// What ESR_EL1 will be; nil for an interrupt.
    public var syndrome: ExceptionSyndrome?
    /// What FAR_EL1 will be, for the classes that set it.
    public var faultAddress: UInt64?

    public init(
        _ exception: ExceptionCatches.Class, from level: ExceptionLevel, syndrome: ExceptionSyndrome?,
        faultAddress: UInt64? = nil
    ) {
        self.exception = exception
        self.level = level
        self.syndrome = syndrome
        self.faultAddress = faultAddress
    }

    /// The exception in plain words, with ESR and FAR where it has them.
    public var text: String {
        var words = syndrome?.text ?? exception.rawValue.uppercased()
        words += " at EL\(level.rawValue)"
        if let faultAddress { words += ", FAR \(hexadecimal(faultAddress))" }
        if let syndrome { words += " (ESR \(hexadecimal(syndrome.rawValue)))" }
        return words
    }
}
