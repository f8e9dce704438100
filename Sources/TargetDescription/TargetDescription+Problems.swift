extension TargetDescription {
    /// The errors in the description that would confuse a client, one message each; empty if there are none.
    ///
    /// Meant for tests of a description. A debug session does not check its description.
    public var problems: [String] {
        var problems: [String] = []
        let registers = features.flatMap { $0.registers }.sorted { $0.number < $1.number }
        var names: Set<String> = []
        for register in registers {
            if register.bits <= 0 || register.bits % 8 != 0 {
                problems.append("\(register.name) has \(register.bits) bits, not a whole number of bytes")
            }
            if !names.insert(register.name).inserted {
                problems.append("two registers are called \(register.name)")
            }
        }
        for (register, next) in zip(registers, registers.dropFirst()) {
            if register.number == next.number {
                problems.append("\(register.name) and \(next.name) are both number \(register.number)")
            }
            if !register.isInGeneralPacket && next.isInGeneralPacket {
                problems.append("\(next.name) is part of g but comes after \(register.name), which is not")
            }
        }
        for feature in features {
            problems += feature.typeProblems
        }
        return problems
    }
}

extension Feature {
    /// The messages about undeclared or duplicate types, and about fields that do not fit in their type.
    ///
    /// The scope of a type extends from its declaration to the end of the feature (GDB manual, "Target Description
    /// Format").
    fileprivate var typeProblems: [String] {
        var problems: [String] = []
        var known = predefinedTypes
        func require(_ type: String?, for user: String) {
            if let type, !known.contains(type) {
                problems.append("\(user) has the type \(type), which \(name) does not declare before it")
            }
        }
        for type in types {
            switch type.shape {
            case .flags(let bits, let fields), .struct(let bits, let fields):
                for field in fields {
                    require(field.type, for: "\(type.id).\(field.name)")
                    if field.bits.lowerBound < 0 || field.bits.upperBound >= bits {
                        problems.append("\(type.id).\(field.name) lies outside of the type's \(bits) bits")
                    }
                }
            case .enum:
                break
            case .vector(let element, _):
                require(element, for: type.id)
            case .union(let members):
                for member in members { require(member.type, for: "\(type.id).\(member.name)") }
            }
            if !known.insert(type.id).inserted {
                problems.append("the type \(type.id) is declared twice in \(name)")
            }
        }
        for register in registers {
            if register.type != "int" && register.type != "float" {
                require(register.type, for: register.name)
            }
        }
        return problems
    }
}

/// The types that require no declaration (GDB manual, "Predefined Target Types").
///
/// `int` and `float` are missing, because GDB accepts them for registers only and takes the width from the register.
private let predefinedTypes: Set<String> = [
    "bool", "int8", "int16", "int32", "int64", "int128", "uint8", "uint16", "uint32", "uint64", "uint128",
    "code_ptr", "data_ptr", "ieee_half", "ieee_single", "ieee_double", "bfloat16", "arm_fpa_ext", "i387_ext",
    "i386_eflags", "i386_mxcsr",
]
