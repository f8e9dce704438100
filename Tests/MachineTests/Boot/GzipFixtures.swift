// Made with Python's zlib: each level and strategy of packing has its own kind of block.
enum GzipFixtures {
    /// The text whose first `count` bytes are packed.
    static let text = (0..<40).map { "Trapline boots kernels that are packed, line \($0).\n" }.joined()

    static let all: [(name: String, count: Int, base64: String)] = [
        (
            "stored", 100,
            "H4sIAAAAAAAAAwFkAJv/VHJhcGxpbmUgYm9vdHMga2VybmVscyB0aGF0IGFyZSBwYWNrZWQsIGxpbmUgMC4KVHJhcGxpbmUg"
                + "Ym9vdHMga2VybmVscyB0aGF0IGFyZSBwYWNrZWQsIGxpbmUgMS4KVHJhcFNZZrdkAAAA"
        ),
        (
            "fixed", 300,
            "H4sIAAAAAAAAAwspSizIycxLVUjKzy8pVshOLcpLzSlWKMlILFFILEpVKEhMzk5N0VEAqzHQ4wohRb0hieqNSFRvTKJ6ExLV"
                + "m6KqBwBOmk0hLAEAAA=="
        ),
        (
            "dynamic", 1950,
            "H4sIAAAAAAAAA5XU3QnCQBRE4XeruAWIeGf87SMNrLqgJCRhs/2j2MF5P28fM0Mr6/SZazyWpW8x1jbXaYv+Lj1Kq7GW51hf"
                + "+/g3x8NuIH3CXrA37E+wP8P+Avsr7G+wv1MvDEyFkxInNU6KnFQ5KXNS56TQSaVFpYW3TKVFpUWlRaVFpUWlRaVFpU2lTaWN"
                + "b5tKm0qbSptKm0qbSvsn/QXblG0UngcAAA=="
        ),
        (
            "named", 1950,
            "H4sIHgAAAAAAAwMAYWJjbmFtZQBjb21tZW50AAAAldTdCcJAFEThd6u4BYh4Z/ztIw2suqAkJGGz/aPYwXk/bx8zQyvr9Jlr"
                + "PJalbzHWNtdpi/4uPUqrsZbnWF/7+DfHw24gfcJesDfsT7A/w/4C+yvsb7C/Uy8MTIWTEic1ToqcVDkpc1LnpNBJpUWlhbdM"
                + "pUWlRaVFpUWlRaVFpUWlTaVNpY1vm0qbSptKm0qbSptK+yf9BduUbRSeBwAA"
        ),
        (
            "empty", 0,
            "H4sIAAAAAAAAAwMAAAAAAAAAAAA="
        ),
        (
            "padded", 300,
            "H4sIAAAAAAAAAwspSizIycxLVUjKzy8pVshOLcpLzSlWKMlILFFILEpVKEhMzk5N0VEAqzHQ4wohRb0hieqNSFRvTKJ6ExLV"
                + "m6KqBwBOmk0hLAEAAAAAAAAAAAA="
        ),
    ]
}
