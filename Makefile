# Trapline. `make demo` shows it at work, `make test` proves it.
SWIFT ?= swift
# One configuration for everything: the software CPU is only useful optimised, and one build serves all.
CONFIGURATION ?= release
SOURCES = Package.swift Sources Tests

.PHONY: all build build-arm64 demo demo-linux test test-kvm-arm64 lint format bench check fuzz clean

all: build

build:
	$(SWIFT) build -c $(CONFIGURATION) --product trapline

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

# The same program for arm64 Linux, static.
build-arm64:
	Scripts/install-packages kvm
	Scripts/arm64-sdk
	$(SWIFT) build --swift-sdk trapline-arm64 -c $(CONFIGURATION) --static-swift-stdlib -Xswiftc -static-executable \
		--scratch-path .build-arm64 --product trapline

# The end-to-end tests on the KVM of an emulated arm64 host.
test-kvm-arm64: build-arm64
	Scripts/install-packages test
	Scripts/test-kvm-arm64

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
	TRAPLINE_FUZZ_SECONDS=$${TRAPLINE_FUZZ_SECONDS:-60} $(SWIFT) test -c $(CONFIGURATION) --filter 'Fuzz|Differential'

# What CI runs, and what to run before a commit.
check: lint test

clean:
	rm -rf .build
