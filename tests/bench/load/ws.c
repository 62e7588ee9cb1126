#include "ws.h"

#include <stdio.h>
#include <string.h>

#define SAMPLE_KEY    "dGhlIHNhbXBsZSBub25jZQ=="
#define SAMPLE_ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

enum { FIN = 0x80, MASKED = 0x80, LENGTH_16 = 126, LENGTH_64 = 127, KEY_SIZE = 4, SMALL_MAX = 125 };

static uint64_t big_endian(const uint8_t *bytes, size_t count)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

enum ws_result ws_head(const uint8_t *bytes, size_t count, struct ws_head *out)
{
    if (count < 2)
        return WS_MORE;
    if (bytes[1] & MASKED)
        return WS_BAD;
    uint64_t length = bytes[1];
    size_t extra = length == LENGTH_16 ? 2 : length == LENGTH_64 ? 8 : 0;
    unsigned opcode = bytes[0] & 15u;
    if (opcode >= WS_CONTROL && extra)
        return WS_BAD;
    if (count < 2 + extra)
        return WS_MORE;
    if (extra)
        length = big_endian(bytes + 2, extra);
    *out = (struct ws_head){.opcode = opcode, .size = 2 + extra, .length = length};
    return WS_OK;
}

/* Eight bytes a step: with a thousand senders the mask would cost more than the rest. */
static void mask(uint8_t *bytes, size_t count, uint32_t key)
{
    uint64_t twice = (uint64_t)key | (uint64_t)key << 32, word;
    uint8_t key_bytes[KEY_SIZE];
    size_t i = 0;
    memcpy(key_bytes, &key, sizeof key_bytes);
    for (; i + sizeof word <= count; i += sizeof word) {
        memcpy(&word, bytes + i, sizeof word);
        word ^= twice;
        memcpy(bytes + i, &word, sizeof word);
    }
    for (; i < count; i++)
        bytes[i] ^= key_bytes[i % KEY_SIZE];
}

size_t ws_frame(uint8_t *payload, size_t length, unsigned opcode, uint32_t key)
{
    size_t extra = length > UINT16_MAX ? 8 : length > SMALL_MAX ? 2 : 0;
    size_t size = 2 + extra + KEY_SIZE;
    uint8_t *head = payload - size;
    head[0] = (uint8_t)(FIN | opcode);
    head[1] = (uint8_t)(MASKED | (extra == 8 ? LENGTH_64 : extra == 2 ? LENGTH_16 : length));
    for (size_t i = 0; i < extra; i++)
        head[2 + i] = (uint8_t)((uint64_t)length >> 8 * (extra - 1 - i));
    memcpy(payload - KEY_SIZE, &key, KEY_SIZE);
    mask(payload, length, key);
    return size;
}

size_t ws_request(char *out, size_t capacity, const char *host, int port, const char *path, const char *headers)
{
    int n = snprintf(out, capacity,
                     "GET %s HTTP/1.1\r\nHost: %s:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Key: " SAMPLE_KEY "\r\nSec-WebSocket-Version: 13\r\n%s\r\n",
                     path, host, port, headers);
    return n > 0 && (size_t)n < capacity ? (size_t)n : 0;
}

enum ws_result ws_answer(const uint8_t *bytes, size_t count, size_t *used, char *why, size_t why_capacity)
{
    static const char status[] = "HTTP/1.1 101", end_mark[] = "\r\n\r\n";
    const uint8_t *end = memmem(bytes, count, end_mark, strlen(end_mark));
    if (!end) {
        snprintf(why, why_capacity, "endless answer");
        return count > WS_ANSWER_MAX ? WS_BAD : WS_MORE;
    }
    size_t size = (size_t)(end - bytes) + strlen(end_mark);
    if (memcmp(bytes, status, size < strlen(status) ? size : strlen(status)) != 0) {
        snprintf(why, why_capacity, "%.*s", (int)strcspn((const char *)bytes, "\r"), (const char *)bytes);
        return WS_BAD;
    }
    if (!memmem(bytes, size, SAMPLE_ACCEPT, strlen(SAMPLE_ACCEPT))) {
        snprintf(why, why_capacity, "wrong Sec-WebSocket-Accept");
        return WS_BAD;
    }
    *used = size;
    return WS_OK;
}
