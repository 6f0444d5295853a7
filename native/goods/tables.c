/* Tables of the goods scan: the patterns by their first bytes, and the classes of characters. */

#include "goods.h"

static int by_first(const void *a, const void *b) {
    const Start *one = a, *other = b;
    if (one->first != other->first) return one->first < other->first ? -1 : 1;
    return one->pattern < other->pattern ? -1 : one->pattern > other->pattern;
}

int build(Tables *t) {
    size_t all = t->starts[t->patterns];
    t->blurred = calloc(all + 8, 1);
    if (!t->blurred) return 0;
    for (size_t i = 0; i < all; i++) t->blurred[i] = t->bytes[i] == 'l' ? 'i' : t->bytes[i];
    t->begun = malloc(((size_t)t->patterns + 1) * sizeof(Start));
    t->brief = malloc(((size_t)t->patterns + 1) * sizeof(int32_t));
    if (!t->begun || !t->brief) return 0;
    for (int i = 0; i < SLOTS; i++) t->slots[i] = -1;
    for (int32_t p = 0; p < t->patterns; p++) {
        const uint8_t *at = t->blurred + t->starts[p];
        size_t length = t->starts[p + 1] - t->starts[p];
        if (length < 4) continue;
        size_t more = length - 4 < 4 ? length - 4 : 4;
        Start start = {load4(at), 0, more == 4 ? 0xFFFFFFFFu : 0, p};
        memcpy(&start.then, at + 4, more);
        if (more < 4) memset(&start.mask, 0xFF, more);
        t->begun[t->begun_held++] = start;
        set_bit(t->four, HASH(start.first));
    }
    qsort(t->begun, (size_t)t->begun_held, sizeof(Start), by_first);
    for (int32_t i = 0; i < t->begun_held; i++) {
        if (i && t->begun[i - 1].first == t->begun[i].first) continue;
        uint32_t slot = HASH(t->begun[i].first) & (SLOTS - 1);
        while (t->slots[slot] >= 0) slot = (slot + 1) & (SLOTS - 1);
        t->slots[slot] = i;
    }
    for (int turn = 0; turn < 2; turn++) { /* counted first, then put */
        for (int32_t p = t->patterns - 1; p >= 0; p--) {
            const uint8_t *at = t->blurred + t->starts[p];
            size_t length = t->starts[p + 1] - t->starts[p];
            if (length < 2 || length > 3) continue;
            set_bit(t->pairs, load2(at));
            if (turn)
                t->brief[--t->brief_from[at[0] + 1]] = p;
            else
                t->brief_from[at[0] + 1]++;
        }
        if (!turn) {
            for (int c = 0; c < 256; c++) t->brief_from[c + 1] += t->brief_from[c];
            t->brief_from[257] = t->brief_from[256];
        }
    }
    for (int c = 0; c < 256; c++) {
        int separator = c < 128 && c && strchr(" -',()[]{}_+*\"", c) != NULL;
        int letter = is_letter((uint8_t)c), word = letter || is_digit((uint8_t)c);
        t->classes[c] = (uint8_t)((separator ? 0 : KEPT) | (word ? WORD : 0) | (c == '0' || c == '1' ? MISREAD : 0));
        t->behind[c] = (uint8_t)((word ? WORD : 0) | (letter ? MISREAD : 0));
        t->blur[c] = (uint8_t)(c == 'l' ? 'i' : c);
    }
    return 1;
}
