/* Names in a row: whether a pattern stands as its rule asks, and the long names written with one slip. */

#include "goods.h"

static int stands(const Tables *t, const Row *row, uint8_t rule, size_t j, size_t length) {
    if (!(rule & (LEFT_WORD | CODE))) return 1;
    size_t first = row->byte[j], last = row->byte[j + length - 1] + 1;
    const uint8_t *f = row->fold;
    if (first > 0) {
        uint8_t before = f[first - 1];
        if (is_letter(before) && !is_unit(t, f, first)) return 0;
        if (is_digit(before) && (is_digit(f[first]) || ((rule & CODE) && length < 4))) return 0;
    }
    return !((rule & CODE) && last < row->folded && is_letter(f[last]));
}

/* Whether a and b are one slip apart: a letter changed, lost, added, two neighbours swapped, or one of b read as two. */
static int one_slip(const uint8_t *a, size_t n, const uint8_t *b, size_t m) {
    size_t i = 0, shorter = n < m ? n : m;
    while (i < shorter && a[i] == b[i]) i++;
    if (n == m) {
        if (i == n) return 0;
        if (memcmp(a + i + 1, b + i + 1, n - i - 1) == 0) return 1;
        return i + 1 < n && a[i] == b[i + 1] && a[i + 1] == b[i] && memcmp(a + i + 2, b + i + 2, n - i - 2) == 0;
    }
    if (n < m) return memcmp(a + i, b + i + 1, n - i) == 0;
    if (memcmp(a + i + 1, b + i, m - i) == 0) return 1;
    return i < m && ((b[i] == 'm' && a[i] == 'r' && a[i + 1] == 'n') || (b[i] == 'd' && a[i] == 'c' && a[i + 1] == 'i') ||
                     (b[i] == 'w' && a[i] == 'v' && a[i + 1] == 'v')) && memcmp(a + i + 2, b + i + 1, m - i - 1) == 0;
}

static uint32_t place_of(const Row *row, size_t j) { return row->ascii ? row->byte[j] : row->place[j]; }

static void put_slips(const Tables *t, Row *row, int32_t pattern, size_t j, size_t half, int32_t at, Out *out) {
    int32_t key = t->keys[pattern];
    const uint8_t *whole = t->blurred + t->starts[key];
    size_t length = t->starts[key + 1] - t->starts[key];
    for (int change = -1; change <= 1; change++) {
        size_t wide = length + (size_t)change, begin;
        if (t->rules[pattern] & LEFT_HALF)
            begin = j;
        else if (j + half >= wide)
            begin = j + half - wide;
        else
            continue;
        if (begin + wide > row->length || !one_slip(row->squashed + begin, wide, whole, length)) continue;
        if (!row->ascii && !is_ascii(row->squashed + begin, wide)) continue; /* nobody slips into another script */
        place_row(t, row, begin + wide);
        size_t first = row->byte[begin], last = row->byte[begin + wide - 1] + 1;
        const uint8_t *f = row->fold;
        if (first > 0 && is_letter(f[first - 1])) continue;
        if (last < row->folded && is_letter(f[last]) &&
            !(f[last] == 's' && !(last + 1 < row->folded && is_letter(f[last + 1]))))
            continue;
        put(out, at, ~key, (int32_t)place_of(row, begin), (int32_t)place_of(row, begin + wide - 1) + 1, (int32_t)wide);
    }
}

/* Take pattern `p` at squashed byte `j`: 1 where it makes the row worth reading, 2 where it is the word CAS, 3 where
   only Python can tell, 4 where it is a tariff code. */
int take(const Tables *t, Row *row, int32_t p, size_t j, int32_t at, Out *out) {
    size_t length = t->starts[p + 1] - t->starts[p];
    if (j + length > row->length || memcmp(row->squashed + j, t->blurred + t->starts[p], length) != 0) return 0;
    uint8_t rule = t->rules[p];
    if (rule & TARIFF) return 4;
    if (rule & (LEFT_HALF | RIGHT_HALF)) {
        size_t held = out->held;
        put_slips(t, row, p, j, length, at, out);
        return out->held > held;
    }
    place_row(t, row, j + length);
    if (rule & MARK) return 2;
    if (rule & EXACT)
        for (size_t k = 0; k < length; k++)
            if (row->fold[row->byte[j + k]] != t->bytes[t->starts[p] + k]) return 0;
    if (!stands(t, row, rule, j, length)) return 0;
    put(out, at, p, (int32_t)place_of(row, j), (int32_t)place_of(row, j + length - 1) + 1, (int32_t)length);
    return !(rule & NOT_ALONE);
}
