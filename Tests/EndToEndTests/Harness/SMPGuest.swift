/// Requests to the guest `smp`, which is the same on each architecture.
enum SMPGuest {
    /// Counts the hits of a breakpoint that two vCPUs run through, by vCPU, and says what the guest has counted.
    static let countHits = """
        set $hits0 = 0
        set $hits1 = 0
        break both
        commands
          silent
          if cpu == 0
            set $hits0 = $hits0 + 1
          else
            set $hits1 = $hits1 + 1
          end
          printf "@thread=%d\\n@cpu=%d\\n", $_thread, cpu
          continue
        end
        break all_finished
        continue
        printf "@hits=%d\\n@hits=%d\\n@calls=%lu\\n@calls=%lu\\n", $hits0, $hits1, calls[0], calls[1]
        detach
        """
}
