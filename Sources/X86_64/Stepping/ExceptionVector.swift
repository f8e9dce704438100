/// The vectors of exceptions (SDM volume 3A, table 6-1 "Protected-Mode Exceptions and Interrupts").
public enum ExceptionVector {
    /// #BP, the exception of INT3.
    public static let breakpoint: UInt8 = 3

    /// The exceptions that instructions raise most often, in order of likelihood: #PF, #GP, #UD, #DE.
    public static let likeliest: [UInt8] = [14, 13, 6, 0]

    /// Returns whether the CPU pushes an error code: for #DF, #TS, #NP, #SS, #GP, #PF, #AC and #CP.
    public static func pushesErrorCode(_ vector: UInt8) -> Bool {
        [8, 10, 11, 12, 13, 14, 17, 21].contains(vector)
    }
}
