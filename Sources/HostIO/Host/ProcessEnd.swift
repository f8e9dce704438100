import Platform

/// Ends this process, after what is left to do at exit.
package func endProcess(status: Int32) -> Never {
    exit(status)
}
