/// Console input on its way from the serving thread to the vCPU thread.
package final class ConsoleInput: Sendable {
    private let waiting = LockedValue<[UInt8]>([])
    private static let limit = 1 << 16
    /// Called when there is room again after there was none.
    private let hasRoomAgain: @Sendable () -> Void

    package init(hasRoomAgain: @escaping @Sendable () -> Void) {
        self.hasRoomAgain = hasRoomAgain
    }

    package func append(_ bytes: [UInt8]) {
        waiting.withLock { $0 += bytes }
    }

    package var hasRoom: Bool { waiting.withLock { $0.count < ConsoleInput.limit } }
    package var isEmpty: Bool { waiting.withLock { $0.isEmpty } }

    /// Offers what there is; `receive` says how many bytes it took.
    package func deliver(_ receive: ([UInt8]) -> Int) {
        take { waiting in
            if !waiting.isEmpty { waiting.removeFirst(receive(waiting)) }
        }
    }

    package func takeByte() -> UInt8? {
        take { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private func take<Result>(_ body: (inout [UInt8]) -> Result) -> Result {
        let (result, hasRoomAgain) = waiting.withLock { waiting in
            let wasFull = waiting.count >= ConsoleInput.limit
            let result = body(&waiting)
            return (result, wasFull && waiting.count < ConsoleInput.limit)
        }
        if hasRoomAgain { self.hasRoomAgain() }
        return result
    }
}
