/// What is fixed about the vectors of exceptions (SDM volume 3A, table 6-1 "Protected-Mode Exceptions and Interrupts").
public enum ExceptionVector {
    /// #BP, of INT3.
    public static let breakpoint: UInt8 = 3

    /// What an instruction may raise, the likeliest first: #PF, #GP, #UD, #DE.
    public static let likeliest: [UInt8] = [14, 13, 6, 0]

    /// Whether the frame has an error code: #DF, #TS, #NP, #SS, #GP, #PF, #AC and #CP.
    public static func pushesErrorCode(_ vector: UInt8) -> Bool {
        [8, 10, 11, 12, 13, 14, 17, 21].contains(vector)
    }
}
