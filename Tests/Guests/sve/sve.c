// The scalable vectors: fills all registers, lets the debugger change some, and prints what has become of them.
#include "guest.h"

uint64_t vector_bytes(void);
void fill(const uint8_t *bytes);
void filled(void);
void keep(uint8_t *z3, uint8_t *z31, uint8_t *p4, uint8_t *ffr);

// Vectors have at most 256 bytes, predicates 32.
static uint8_t bytes[320] __attribute__((aligned(16)));
static uint8_t z3[256] __attribute__((aligned(16))), z31[256] __attribute__((aligned(16)));
static uint8_t p4[32], ffr[32];

// A line with the name, and the bytes in hex.
static void show(const char *name, const uint8_t *value, uint64_t count)
{
    static char line[600];
    char *at = line;
    while (*name)
        *at++ = *name++;
    *at++ = ' ';
    for (uint64_t i = 0; i < count; i++) {
        *at++ = "0123456789abcdef"[value[i] >> 4];
        *at++ = "0123456789abcdef"[value[i] & 15];
    }
    *at++ = '\n';
    *at = 0;
    print(line);
}

static void round(uint64_t length)
{
    WRITE(s3_0_c1_c2_0, length); // ZCR_EL1.LEN
    BARRIER();
    uint64_t count = vector_bytes();
    uint8_t said = count;
    show("sve: bytes-1", (uint8_t[]){ said - 1 }, 1);
    fill(bytes);
    filled();
    keep(z3, z31, p4, ffr);
    show("sve: z3", z3, count);
    show("sve: z31", z31, count);
    show("sve: p4", p4, count / 8);
    show("sve: ffr", ffr, count / 8);
}

int main(void)
{
    for (uint64_t i = 0; i < sizeof bytes; i++)
        bytes[i] = i;
    if (READ(id_aa64pfr0_el1) >> 32 & 15) {
        WRITE(cpacr_el1, READ(cpacr_el1) | 3 << 16 | 3 << 20); // ZEN, FPEN
        BARRIER();
        round(15);
        round(0);
    } else {
        print("sve: none\n");
    }
    print("sve: end\n");
    return 0;
}
