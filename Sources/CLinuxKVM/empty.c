// A target of C headers needs one source file.
