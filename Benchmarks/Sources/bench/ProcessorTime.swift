import Foundation

/// The processor time of a process, which a busy host lengthens less than elapsed time.
enum ProcessorTime {
    /// The processor time of this process, in seconds.
    static var own: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Returns the processor time of all threads of another process, in seconds.
    ///
    /// The source is the first field of each thread's schedstat, in nanoseconds.
    static func of(_ process: Int32) -> Double {
        let tasks = "/proc/\(process)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
        let nanoseconds = threads.compactMap { thread -> Double? in
            let text = try? String(contentsOfFile: "\(tasks)/\(thread)/schedstat", encoding: .utf8)
            return text?.split(separator: " ").first.flatMap { Double($0) }
        }
        return nanoseconds.reduce(0, +) / 1e9
    }
}
