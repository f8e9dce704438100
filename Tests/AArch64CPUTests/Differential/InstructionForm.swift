/// One encoding the generator can fill: fixed bits and fields, written as the Arm ARM draws them, high bit first.
///
/// These rows are kept apart from the decoder's own table on purpose: a row that is wrong there is not wrong here too.
struct InstructionForm: Sendable {
    struct Field: Sendable {
        var name: String
        var shift: UInt32
        var width: UInt32
        var mask: UInt32 { (1 << width) - 1 }
    }

    /// The properties of an operand that the generator needs to keep a sequence well defined.
    enum Role: Sendable {
        /// Reads and writes registers only.
        case plain
        case memory(MemoryForm)
        /// A forward branch whose offset is in `field`.
        case branch(field: String, links: Bool)
        /// BR, BLR, RET.
        case branchToRegister(links: Bool)
        /// LDR (literal) and PRFM (literal).
        case literal
        /// LDR (literal, SIMD&FP).
        case vectorLiteral
        /// LDXR … STXR, where the store names the load that belongs to it.
        case exclusiveStore(MemoryForm)
    }

    var name: String
    var fixedBits: UInt32
    var fixedMask: UInt32
    var fields: [Field]
    var role: Role
    /// The fields that name a written general-purpose register.
    var writes: [String]
    /// False for encodings that are UNDEFINED or CONSTRAINED UNPREDICTABLE.
    var accepts: @Sendable (Encoding) -> Bool

    /// `pattern`: words of 0 and 1, and `name:width` (register fields have width 5 by default).
    init(
        _ name: String, _ pattern: String, _ role: Role = .plain, writes: [String] = ["Rd"],
        accepts: @escaping @Sendable (Encoding) -> Bool = { _ in true }
    ) {
        var bits: UInt32 = 0
        var mask: UInt32 = 0
        var fields: [Field] = []
        var position: UInt32 = 32
        for token in pattern.split(separator: " ") {
            if token.allSatisfy({ $0 == "0" || $0 == "1" }) {
                for digit in token {
                    position -= 1
                    bits |= (digit == "1" ? 1 : 0) << position
                    mask |= 1 << position
                }
            } else {
                let parts = token.split(separator: ":")
                let width = parts.count == 2 ? UInt32(parts[1]) ?? 0 : 5
                position -= width
                fields.append(Field(name: String(parts[0]), shift: position, width: width))
            }
        }
        precondition(position == 0, "\(name): the pattern is not 32 bits wide")
        self.name = name
        self.fixedBits = bits
        self.fixedMask = mask
        self.fields = fields
        self.role = role
        self.writes = writes
        self.accepts = accepts
    }

    func matches(_ word: UInt32) -> Bool { word & fixedMask == fixedBits }

    func field(_ name: String) -> Field? { fields.first { $0.name == name } }
}

/// A filled form.
struct Encoding {
    var form: InstructionForm
    var word: UInt32

    init(_ form: InstructionForm, word: UInt32? = nil) {
        self.form = form
        self.word = word ?? form.fixedBits
    }

    /// The value of a field; 0 where the form has none of that name.
    subscript(name: String) -> UInt32 {
        get {
            guard let field = form.field(name) else { return 0 }
            return (word >> field.shift) & field.mask
        }
        set {
            guard let field = form.field(name) else { return }
            word = (word & ~(field.mask << field.shift)) | ((newValue & field.mask) << field.shift)
        }
    }

    func signed(_ name: String) -> Int64 {
        guard let field = form.field(name) else { return 0 }
        return Int64(Int32(bitPattern: self[name] << (32 - field.width)) >> Int32(32 - field.width))
    }
}

/// How a form reaches memory.
struct MemoryForm: Sendable {
    enum Addressing: Sendable {
        /// The base register alone.
        case base
        /// imm12, unsigned, scaled.
        case unsignedOffset
        /// imm9, signed.
        case unscaled
        case preIndex
        case postIndex
        /// Rm, extended by `option` and shifted by S.
        case registerOffset
        /// imm7, signed, scaled.
        case pairOffset
        case pairPreIndex
        case pairPostIndex
        /// The bytes transferred, as an LDn or STn encodes them.
        case structurePostImmediate
        /// Rm, added after the access.
        case structurePostRegister

        var writesBack: Bool {
            switch self {
            case .preIndex, .postIndex, .pairPreIndex, .pairPostIndex, .structurePostImmediate, .structurePostRegister:
                true
            default: false
            }
        }
        var isPost: Bool {
            switch self {
            case .postIndex, .pairPostIndex, .structurePostImmediate, .structurePostRegister: true
            default: false
            }
        }
    }

    var addressing: Addressing
    /// Bytes of one element, as log2.
    var sizeLog2: Int
    /// Elements: 2 for pairs.
    var count = 1
    /// The access must be aligned to its whole size (exclusives, atomics, acquire and release).
    var isAligned = false

    var bytes: Int { count << sizeLog2 }
}
