public import GuestAddresses
import NumberText

/// A walk with every step it took, for `monitor translate`.
public struct TranslationTrace: Sendable {
    /// One descriptor.
    public struct Step: Hashable, Sendable {
        /// -1 to 3.
        public var level: Int
        /// The physical address of the descriptor.
        public var descriptorAddress: PhysicalAddress
        /// nil if it could not be read.
        public var descriptor: UInt64?
    }

    /// The address that was walked.
    public var address: VirtualAddress
    /// The descriptors read, in order.
    public var steps: [Step]
    /// The translation, or the fault that ended the walk.
    public var result: Result<Translation, TranslationFault>

    /// One line for each step and one for the result.
    public var text: String {
        var lines = "VA \(hexadecimal(address.rawValue, digits: 16))\n"
        for step in steps {
            lines += "  level \(step.level): descriptor at \(hexadecimal(step.descriptorAddress)) "
            lines += step.descriptor.map { "= \(hexadecimal($0, digits: 16))" } ?? "can't be read"
            lines += "\n"
        }
        switch result {
        case .success(let translation): lines += translation.text
        case .failure(let fault): lines += fault.text
        }
        return lines + "\n"
    }
}

extension TranslationRegime {
    /// Walks as ``walk(_:read:)`` does and keeps each descriptor, its address and its level.
    public func trace(_ address: VirtualAddress, read: (PhysicalAddress) -> UInt64?) -> TranslationTrace {
        var steps: [TranslationTrace.Step] = []
        let first = startLevel(for: address)
        let result: Result<Translation, TranslationFault>
        do throws(TranslationFault) {
            let translation = try walk(address) { location in
                let value = read(location)
                let descriptor = bigEndianTables ? value?.byteSwapped : value
                steps.append(
                    .init(level: first + steps.count, descriptorAddress: location, descriptor: descriptor))
                return value
            }
            result = .success(translation)
        } catch {
            result = .failure(error)
        }
        return TranslationTrace(address: address, steps: steps, result: result)
    }
}
