// A table-driven CRC over a buffer.
#include "runtime.h"
#ifndef REPETITIONS
#define REPETITIONS 12
#endif
const u64 repetitions = REPETITIONS;
static u32 table[256];
static u8 buffer[64 * 1024];

u64 work(u64 repetition) {
    for (u32 i = 0; i < 256; i++) {
        u32 c = i;
        for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320 : c >> 1;
        table[i] = c;
    }
    for (u32 i = 0; i < sizeof buffer; i++) buffer[i] = i * 7 + repetition;
    u32 crc = ~0u;
    for (int round = 0; round < 150; round++)
        for (u32 i = 0; i < sizeof buffer; i++) crc = table[(crc ^ buffer[i]) & 255] ^ crc >> 8;
    return ~crc;
}
