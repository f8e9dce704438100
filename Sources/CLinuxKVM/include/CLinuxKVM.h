// Linux's KVM interface as Swift can import it: <linux/kvm.h> where the host has it.
#pragma once
#include <stdint.h>
#include <sys/ioctl.h>
#if defined(__linux__)
#include <linux/kvm.h>
#endif
