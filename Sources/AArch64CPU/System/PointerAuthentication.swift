import AArch64

/// Pointer authentication codes: FEAT_PAuth with an IMPLEMENTATION DEFINED algorithm.
///
/// Arm ARM, DDI 0487, shared pseudocode "AddPAC", "Auth", "Strip" and "CalculateBottomPACBit", without FEAT_PAuth2,
/// FEAT_EPAC and FEAT_FPAC: a failed authentication yields a pointer that faults when it is used.
struct PointerAuthentication {
    /// A 128-bit key.
    struct Key: Equatable {
        var low: UInt64
        var high: UInt64
        /// Whether it is a B key.
        ///
        /// A failed authentication sets the error code 0b10 for a B key, 0b01 for an A key.
        var isB: Bool
    }

    var tcr: TCR

    /// Inserts the authentication code that `key` and `modifier` give for the pointer.
    func sign(_ pointer: UInt64, modifier: UInt64, key: Key, isData: Bool) -> UInt64 {
        let usesBit55 = ignoresTopByte(upper: true, isData: isData) || ignoresTopByte(upper: false, isData: isData)
        let isUpper = pointer >> (usesBit55 ? 55 : 63) & 1 != 0
        let field = field(of: pointer, isUpper: isUpper, isData: isData)
        let extended = isUpper ? pointer | field : pointer & ~field
        var code = Self.code(extended, modifier, key)
        // A pointer that is not correctly extended gets a code that fails authentication.
        let present = pointer & field
        if present != 0 && present != field { code ^= 1 << ((field >> 63 != 0) ? 62 : 54) }
        let signed = pointer & ~field | code & field
        return isUpper ? signed | 1 << 55 : signed & ~(1 << 55)
    }

    /// Returns the pointer without its code if the code is correct, or with an error code in its place.
    func authenticate(_ pointer: UInt64, modifier: UInt64, key: Key, isData: Bool) -> UInt64 {
        let original = strip(pointer, isData: isData)
        let field = field(of: pointer, isUpper: (pointer >> 55 & 1 != 0), isData: isData)
        // Bit 55 selects the address range and is not part of the code.
        let compared = field & ~(1 << 55)
        if (Self.code(original, modifier, key) ^ pointer) & compared == 0 { return original }
        let error: UInt64 = key.isB ? 0b10 : 0b01
        let place: UInt64 = (field >> 63 != 0) ? 61 : 53
        return original & ~(3 << place) | error << place
    }

    /// Returns the pointer with its code replaced by copies of bit 55.
    func strip(_ pointer: UInt64, isData: Bool) -> UInt64 {
        let isUpper = (pointer >> 55 & 1 != 0)
        let field = field(of: pointer, isUpper: isUpper, isData: isData)
        return isUpper ? pointer | field : pointer & ~field
    }

    private func ignoresTopByte(upper: Bool, isData: Bool) -> Bool {
        tcr.ignoresTopByte(upper: upper) && (isData || !tcr.ignoresTopByteOfDataOnly(upper: upper))
    }

    /// Returns the mask of the bits above the address, with bit 55 but without a top byte that TBI ignores.
    private func field(of pointer: UInt64, isUpper: Bool, isData: Bool) -> UInt64 {
        // A TxSZ outside 16 to 39 is treated as the nearest of the two.
        let bottom = UInt64(64 - min(max(tcr.sizeOffset(upper: isUpper), 16), 39))
        let top: UInt64 = ignoresTopByte(upper: (pointer >> 55 & 1 != 0), isData: isData) ? 1 << 56 &- 1 : .max
        return top & ~((1 << bottom) &- 1)
    }

    /// ComputePAC(), with an algorithm of multiplications and shifts.
    ///
    /// Every bit of the pointer, the modifier and the key affects every bit of the result. The algorithm is not
    /// cryptographic.
    static func code(_ pointer: UInt64, _ modifier: UInt64, _ key: Key) -> UInt64 {
        func mix(_ value: UInt64, _ factor: UInt64) -> UInt64 {
            let product = value.multipliedFullWidth(by: factor)
            return product.high ^ product.low
        }
        let first = mix(pointer ^ key.low, 0x9E37_79B9_7F4A_7C15)
        let second = mix(modifier ^ key.high ^ (first << 32 | first >> 32), 0xD6E8_FEB8_6659_FD93)
        let third = mix(second ^ first ^ key.low, 0xA076_1D64_78BD_642F)
        return third ^ third >> 29
    }
}
