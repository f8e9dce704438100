# Trapline. `make demo` runs a debugger session, `make test` runs the tests.
SWIFT ?= swift
# All products use one build configuration. The software CPU is only useful when it is optimized.
CONFIGURATION ?= release
SOURCES = Package.swift Sources Tests

.PHONY: all build build-arm64 build-x86_64 demo demo-linux test test-tools test-kvm-arm64 test-kvm-x86_64 lint format bench check fuzz clean

all: build

build:
	$(SWIFT) build -c $(CONFIGURATION) --product trapline

# A static program for arm64 Linux, cross-compiled on this machine.
build-arm64:
	Scripts/arm64-sdk
	$(SWIFT) build -c $(CONFIGURATION) --product trapline --scratch-path .build-arm64 --swift-sdk trapline-arm64 \
		--static-swift-stdlib -Xswiftc -static-executable

demo:
	Scripts/install-packages demo
	$(SWIFT) build -c $(CONFIGURATION) --product trapline
	Scripts/demo

demo-linux:
	Scripts/install-packages demo
	$(SWIFT) build -c $(CONFIGURATION) --product trapline
	Scripts/demo-linux

test:
	Scripts/install-packages test
	$(SWIFT) build -c $(CONFIGURATION) --product trapline
	$(SWIFT) test -c $(CONFIGURATION)

# The tests with clients other than GDB and LLDB, and with more versions of GDB and LLDB, all fetched into the cache
# folder.
test-tools:
	Scripts/install-packages test
	$(SWIFT) build -c $(CONFIGURATION) --product trapline
	TRAPLINE_TEST_TOOLS=1 TRAPLINE_TEST_CLIENTS=all $(SWIFT) test -c $(CONFIGURATION) --filter 'EndToEnd.(Tools|ClientStops)'

# The end-to-end tests with guests on KVM, in an emulated arm64 host.
test-kvm-arm64:
	Scripts/install-packages test kvm
	$(MAKE) build-arm64
	$(SWIFT) build -c $(CONFIGURATION) --build-tests
	Scripts/test-kvm arm64

# A static program for x86-64 Linux, which needs no libraries of the host.
build-x86_64:
	$(SWIFT) build -c $(CONFIGURATION) --product trapline --scratch-path .build-x86_64 --static-swift-stdlib \
		-Xswiftc -static-executable

# The end-to-end tests with x86-64 guests, in an emulated x86-64 host.
test-kvm-x86_64:
	Scripts/install-packages test kvm-x86
	$(MAKE) build-x86_64
	$(SWIFT) build -c $(CONFIGURATION) --build-tests
	Scripts/test-kvm x86_64

lint:
	Scripts/lint

format:
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

bench:
	Scripts/install-packages bench
	$(SWIFT) build -c $(CONFIGURATION)
	Scripts/bench

fuzz:
	Scripts/install-packages test
	TRAPLINE_FUZZ_SECONDS=$${TRAPLINE_FUZZ_SECONDS:-60} $(SWIFT) test -c $(CONFIGURATION) --filter 'Fuzz|fuzz|Differential'

# The checks to run before a commit; CI runs them too.
check: lint test

clean:
	rm -rf .build .build-arm64 .build-x86_64
