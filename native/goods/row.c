/* One row: the patterns that stand in it, and what wants reading. */

#include "goods.h"

/* The first of the patterns that begin with these four bytes, or NULL. */
static const Start *begun_with(const Tables *t, uint32_t first) {
    for (uint32_t slot = HASH(first) & (SLOTS - 1); t->slots[slot] >= 0; slot = (slot + 1) & (SLOTS - 1))
        if (t->begun[t->slots[slot]].first == first) return t->begun + t->slots[slot];
    return NULL;
}

/* What one pattern that may stand at squashed byte `j` adds to what a row says. */
static void weigh(const Tables *t, Row *row, int32_t p, size_t j, int32_t at, Out *out, int *said) {
    int taken = take(t, row, p, j, at, out);
    if (!taken) return;
    if (taken == 1) *said |= WORTH;
    if (taken == 3) *said |= STRANGE;
    if (taken == 4) *said |= CODES;
    if (taken != 2) return;
    *said |= MARKED;
    size_t last = j + t->starts[p + 1] - t->starts[p] - 1;
    if (bare_number(t, row->fold, row->folded, row->byte[last] + 1)) *said |= NUMBER;
}

/* What a row says: WORTH where it holds a register name, and what else wants reading; 0 where it wants none. */
int read_row(const Tables *t, Row *row, int32_t at, Out *out) {
    int said = 0;
    const uint8_t *s = row->squashed, *f = row->fold;
    for (size_t j = 0; j + 4 <= row->length; j++) {
        uint32_t first = load4(s + j);
        if (!bit_of(t->four, HASH(first))) continue;
        const Start *start = begun_with(t, first), *stop = t->begun + t->begun_held;
        if (start == NULL) continue;
        uint32_t then = load4(s + j + 4);
        for (; start < stop && start->first == first; start++)
            if (((then ^ start->then) & start->mask) == 0) weigh(t, row, start->pattern, j, at, out, &said);
    }
    for (size_t i = 0; i < row->opened; i++) {
        size_t j = row->opens[i];
        if (j + 2 > row->length || !bit_of(t->pairs, load2(s + j))) continue;
        for (int32_t b = t->brief_from[s[j] + 1], stop = t->brief_from[s[j] + 2]; b < stop; b++) {
            int32_t p = t->brief[b];
            uint32_t from = t->starts[p], upto = t->starts[p + 1];
            if (t->blurred[from + 1] == s[j + 1] && t->blurred[upto - 1] == s[j + upto - from - 1]) weigh(t, row, p, j, at, out, &said);
        }
    }
    int wrong = 0;
    const uint8_t *dash = f, *stop = f + row->folded;
    while ((dash = memchr(dash, '-', (size_t)(stop - dash))) != NULL) {
        size_t place = (size_t)(dash - f);
        uint8_t before = place ? f[place - 1] : 0;
        if (is_digit(before) || before == ' ') {
            int number = number_at(t, f, row->folded, place);
            if (number == 1) said |= NUMBER;
            wrong |= number == 2;
        } else if (is_letter(before) && is_inchikey(f, row->folded, place))
            said |= KEY;
        dash++;
    }
    if (wrong && said & MARKED) said |= NUMBER;
    return said & ~MARKED;
}
