/* The native scan of the goods screen: one pass over the bytes of an Arrow string column, without the GIL.

   scan  fold every row, leave out what a chemical name may or may not hold, and give back the rows that hold a register
         name at a place where one can stand, a CAS number that matters or an InChIKey, with the names found
         (tidegate.screening.goods_seek is the reference and does the same where no compiler was).

   Stable ABI of Python 3.11: buffers come through the buffer protocol, nothing else of Python is touched. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEFT_WORD = 1, CODE = 2, NOT_ALONE = 4, LEFT_HALF = 8, RIGHT_HALF = 16, MARK = 32, TARIFF = 64, EXACT = 128 }; /* as in goods_index.py */
enum { NUMBER = 1, KEY = 2, STRANGE = 4, CODES = 16 };                                                 /* as in goods_scan.py */
enum { KEPT = 1, WORD = 2, LETTER = 4, DIGIT = 8 };

#define BITS 16
#define HASH(x) (((x)*2654435761u) >> (32 - BITS))
#define BUCKETS 4096
#define MOST_FOLD 64 /* bytes that one character may fold to, as in goods_scan.py */

typedef struct {
    const uint16_t *fold_at; /* per code point: 0 itself, 1 strange, else 2 + number of its fold */
    const uint32_t *fold_starts;
    const uint8_t *folds;
    const uint8_t *bytes; /* of the patterns: the keys first, then halves, marks and tariff codes */
    uint8_t *blurred;     /* the same with l read as i, as the squashed rows are */
    const uint32_t *starts;
    const int32_t *keys;
    const uint8_t *rules;
    int32_t patterns, keys_held;
    const int64_t *numbers;
    int64_t numbers_held;
    const uint8_t *units;
    size_t units_length;
    uint8_t bitmap[(1 << BITS) / 8], pairs[8192], classes[256];
    int32_t heads[BUCKETS], *next, *brief;
    int32_t brief_held;
} Tables;

typedef struct {
    uint8_t *fold, *squashed;
    uint32_t *place;  /* per squashed byte: the folded character it is of */
    uint32_t *byte;   /* per squashed byte: its byte in fold */
    uint32_t *opens;  /* squashed bytes at which a word begins */
    size_t room, folded, length, opened;
    int ascii;
} Row;

typedef struct {
    int32_t *data;
    size_t held, room;
    int failed;
} Out;

static void put(Out *out, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e) {
    if (out->held + 5 > out->room) {
        size_t room = out->room ? out->room * 2 : 1024;
        int32_t *grown = realloc(out->data, room * sizeof(int32_t));
        if (!grown) {
            out->failed = 1;
            return;
        }
        out->data = grown;
        out->room = room;
    }
    int32_t *at = out->data + out->held;
    at[0] = a, at[1] = b, at[2] = c, at[3] = d, at[4] = e;
    out->held += 5;
}

static int is_letter(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static int is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }

static uint32_t load4(const uint8_t *at) {
    uint32_t x;
    memcpy(&x, at, 4);
    return x;
}

/* ---------------------------------------------------------------- tables */

static int build(Tables *t) {
    size_t all = t->starts[t->patterns];
    t->blurred = malloc(all + 1);
    if (!t->blurred) return 0;
    for (size_t i = 0; i < all; i++) t->blurred[i] = t->bytes[i] == 'l' ? 'i' : t->bytes[i];
    t->next = malloc(((size_t)t->patterns + 1) * sizeof(int32_t));
    t->brief = malloc(((size_t)t->patterns + 1) * sizeof(int32_t));
    if (!t->next || !t->brief) return 0;
    memset(t->bitmap, 0, sizeof t->bitmap);
    memset(t->pairs, 0, sizeof t->pairs);
    for (int i = 0; i < BUCKETS; i++) t->heads[i] = -1;
    t->brief_held = 0;
    for (int32_t p = t->patterns - 1; p >= 0; p--) {
        const uint8_t *at = t->blurred + t->starts[p];
        size_t length = t->starts[p + 1] - t->starts[p];
        if (length >= 4) {
            uint32_t h = HASH(load4(at));
            t->bitmap[h >> 3] |= (uint8_t)(1 << (h & 7));
            t->next[p] = t->heads[h & (BUCKETS - 1)];
            t->heads[h & (BUCKETS - 1)] = p;
        } else if (length >= 2) {
            t->brief[t->brief_held++] = p;
            uint32_t pair = (uint32_t)at[0] | (uint32_t)at[1] << 8;
            t->pairs[pair >> 3] |= (uint8_t)(1 << (pair & 7));
        }
    }
    for (int c = 0; c < 256; c++) {
        int separator = c < 128 && c && strchr(" -',()[]{}_+*\"", c) != NULL;
        t->classes[c] = (uint8_t)((separator ? 0 : KEPT) | (is_letter((uint8_t)c) ? WORD | LETTER : 0) |
                                  (is_digit((uint8_t)c) ? WORD | DIGIT : 0));
    }
    return 1;
}

/* ---------------------------------------------------------------- rows */

static int make_room(Row *row, size_t room) {
    if (room <= row->room) return 1;
    room += room / 2 + 256;
    uint8_t *fold = realloc(row->fold, room);
    if (fold) row->fold = fold;
    uint8_t *squashed = realloc(row->squashed, room);
    if (squashed) row->squashed = squashed;
    uint32_t *place = realloc(row->place, room * sizeof(uint32_t));
    if (place) row->place = place;
    uint32_t *byte = realloc(row->byte, room * sizeof(uint32_t));
    if (byte) row->byte = byte;
    uint32_t *opens = realloc(row->opens, room * sizeof(uint32_t));
    if (opens) row->opens = opens;
    if (!fold || !squashed || !place || !byte || !opens) return 0;
    row->room = room;
    return 1;
}

/* Fold one row into row->fold; 0 where memory is short, else 1, or 2 where it holds a character only Python reads. */
static int fold_row(const Tables *t, Row *row, const uint8_t *text, size_t length) {
    if (!make_room(row, length + MOST_FOLD + 16)) return 0;
    uint8_t *out = row->fold, seen = 0;
    for (size_t i = 0; i < length; i++) {
        uint8_t c = text[i];
        seen |= c;
        c = (uint8_t)(c | ((uint8_t)(c - 'A') < 26 ? 32 : 0));
        c = (uint8_t)(c - 9) < 5 ? ' ' : c;
        out[i] = c == '`' ? '\'' : c;
    }
    row->ascii = seen < 0x80;
    row->folded = length;
    if (row->ascii) return 1;
    size_t held = 0;
    for (size_t i = 0; i < length;) {
        if (held + MOST_FOLD + 16 > row->room && !make_room(row, held + (length - i) + MOST_FOLD + 16)) return 0;
        out = row->fold;
        uint8_t c = text[i];
        if (c < 0x80) {
            c = (uint8_t)(c | ((uint8_t)(c - 'A') < 26 ? 32 : 0));
            c = (uint8_t)(c - 9) < 5 ? ' ' : c;
            out[held++] = c == '`' ? '\'' : c;
            i++;
            continue;
        }
        size_t bytes = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
        if (i + bytes > length || bytes == 1) return 2; /* broken UTF-8 */
        uint32_t point = bytes == 2 ? (uint32_t)(c & 0x1F) : bytes == 3 ? (uint32_t)(c & 0x0F) : (uint32_t)(c & 0x07);
        for (size_t k = 1; k < bytes; k++) point = point << 6 | (text[i + k] & 0x3F);
        uint16_t at = point < 0x10000 ? t->fold_at[point] : (point >= 0x1D400 && point < 0x1D800);
        if (at == 1) return 2;
        if (at == 0) {
            memcpy(out + held, text + i, bytes);
            held += bytes;
        } else {
            uint32_t from = t->fold_starts[at - 2], upto = t->fold_starts[at - 1];
            memcpy(out + held, t->folds + from, upto - from);
            held += upto - from;
        }
        i += bytes;
    }
    row->folded = held;
    return 1;
}

/* A nought or a one between two letters is the o or l that a scanner misread. What is mended stands beside letters, so
   no mended place decides about another, and the loop may run in any order. */
static void mend_digits(Row *row) {
    uint8_t *f = row->fold;
    size_t last = row->folded ? row->folded - 1 : 0;
#pragma GCC ivdep
    for (size_t i = 1; i < last; i++) {
        uint8_t c = f[i], mended = c == '0' ? 'o' : 'l';
        uint8_t wrong = (uint8_t)((uint8_t)((uint8_t)(c - '0') < 2) & (uint8_t)((uint8_t)(f[i - 1] - 'a') < 26) &
                                  (uint8_t)((uint8_t)(f[i + 1] - 'a') < 26));
        f[i] = wrong ? mended : c;
    }
}

static void squash_row(const Tables *t, Row *row) {
    const uint8_t *fold = row->fold;
    uint8_t *squashed = row->squashed, before = 0;
    uint32_t *place = row->place, *byte = row->byte, *opens = row->opens;
    size_t m = 0, k = 0;
    if (row->ascii) {
        for (size_t i = 0; i < row->folded; i++) {
            uint8_t c = fold[i], class = t->classes[c];
            squashed[m] = c == 'l' ? 'i' : c;
            byte[m] = (uint32_t)i;
            opens[k] = (uint32_t)m;
            k += (class & WORD) && !(before & WORD);
            m += class & KEPT;
            before = class;
        }
    } else {
        uint32_t character = 0;
        for (size_t i = 0; i < row->folded; i++) {
            uint8_t c = fold[i], class = t->classes[c];
            character += (c & 0xC0) != 0x80;
            squashed[m] = c == 'l' ? 'i' : c;
            byte[m] = (uint32_t)i;
            place[m] = character - 1;
            opens[k] = (uint32_t)m;
            k += ((class & WORD) && !(before & WORD)) || c >= 0xE0;
            m += class & KEPT;
            before = class;
        }
    }
    memset(squashed + m, 0, 8);
    row->length = m;
    row->opened = k;
}

/* ---------------------------------------------------------------- names */

/* Whether the letters that end at `end` of the folded row are a unit or a packing, as in "25kgacetone". */
static int is_unit(const Tables *t, const uint8_t *fold, size_t end) {
    size_t start = end;
    while (start > 0 && is_letter(fold[start - 1])) start--;
    size_t length = end - start;
    const uint8_t *at = t->units, *stop = t->units + t->units_length;
    while (at < stop) {
        const uint8_t *line = memchr(at, '\n', (size_t)(stop - at));
        size_t held = (size_t)((line ? line : stop) - at);
        if (held == length && memcmp(at, fold + start, length) == 0) return 1;
        at += held + 1;
    }
    return 0;
}

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

static void put_slips(const Tables *t, const Row *row, int32_t pattern, size_t j, size_t half, int32_t at, Out *out) {
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
static int take(const Tables *t, const Row *row, int32_t p, size_t j, int32_t at, Out *out) {
    size_t length = t->starts[p + 1] - t->starts[p];
    if (j + length > row->length || memcmp(row->squashed + j, t->blurred + t->starts[p], length) != 0) return 0;
    uint8_t rule = t->rules[p];
    if (rule & MARK) return 2;
    if (rule & TARIFF) return 4;
    if (rule & (LEFT_HALF | RIGHT_HALF)) {
        if (!row->ascii) return 3; /* a slip may be a character of several bytes: the reference reads this row */
        size_t held = out->held;
        put_slips(t, row, p, j, length, at, out);
        return out->held > held;
    }
    if (rule & EXACT)
        for (size_t k = 0; k < length; k++)
            if (row->fold[row->byte[j + k]] != t->bytes[t->starts[p] + k]) return 0;
    if (!stands(t, row, rule, j, length)) return 0;
    put(out, at, p, (int32_t)place_of(row, j), (int32_t)place_of(row, j + length - 1) + 1, (int32_t)length);
    return !(rule & NOT_ALONE);
}

/* ---------------------------------------------------------------- numbers */

static int known(const Tables *t, int64_t number) {
    int64_t low = 0, high = t->numbers_held;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (t->numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->numbers_held && t->numbers[low] == number;
}

static int check_holds(int64_t number) {
    int64_t check = number % 10, sum = 0, weight = 1;
    for (number /= 10; number; number /= 10) sum += weight++ * (number % 10);
    return sum % 10 == check;
}

/* What the number of CAS shape whose first dash is at `dash` says: 0 nothing, 1 a register number, 2 a wrong check digit. */
static int number_at(const Tables *t, const uint8_t *f, size_t length, size_t dash) {
    size_t i = dash, end = dash + 1;
    if (i > 0 && f[i - 1] == ' ') i--;
    size_t stop = i;
    while (i > 0 && is_digit(f[i - 1]) && stop - i < 11) i--;
    if (stop - i < 2 || stop - i > 10) return 0;
    int64_t number = 0;
    for (size_t k = i; k < stop; k++) number = number * 10 + (f[k] - '0');
    if (number < 10 || number > 9999999) return 0;
    if (end < length && f[end] == ' ') end++;
    if (end + 1 >= length || !is_digit(f[end]) || !is_digit(f[end + 1])) return 0;
    number = number * 100 + (f[end] - '0') * 10 + (f[end + 1] - '0');
    end += 2;
    if (end < length && f[end] == ' ') end++;
    if (end >= length || f[end] != '-') return 0;
    end++;
    if (end < length && f[end] == ' ') end++;
    if (end >= length || !is_digit(f[end]) || (end + 1 < length && is_digit(f[end + 1]))) return 0;
    number = number * 10 + (f[end] - '0');
    return check_holds(number) ? known(t, number) : 2;
}

/* Whether the first figures behind the word CAS, which ends at `at`, want reading: a number written without its dashes. */
static int bare_number(const Tables *t, const uint8_t *f, size_t length, size_t at) {
    size_t reach = at + 40 < length ? at + 40 : length;
    while (at < reach && !is_digit(f[at])) at++;
    if (at >= reach) return 0;
    size_t end = at;
    int64_t number = 0;
    while (end < length && is_digit(f[end]) && end - at < 11) number = number * 10 + (f[end++] - '0');
    size_t figures = end - at;
    if (figures < 2 || figures > 10) return 0;
    int divided = end + 1 < length && f[end] < 0x80 && strchr("._/*", f[end]) != NULL && is_digit(f[end + 1]);
    if (figures >= 5 && !divided && !(end < length && f[end] == '-')) return !check_holds(number) || known(t, number);
    size_t next = end;
    while (next < length && next - end < 3 && (f[next] == ' ' || f[next] == '-')) next++;
    if (next < length && next - end == 1 && f[end] == '-') return 0; /* the plain shape: read at its dash */
    /* Other marks between the groups: dots, blanks, strokes, two dashes. */
    next = end;
    while (next < length && next - end < 3 && !is_digit(f[next]) && !is_letter(f[next])) next++;
    return next > end && next + 1 < length && is_digit(f[next]) && is_digit(f[next + 1]) &&
           !(next + 2 < length && is_digit(f[next + 2]));
}

static int is_inchikey(const uint8_t *f, size_t length, size_t dash) {
    if (dash < 14 || dash + 10 >= length) return 0;
    for (size_t i = dash - 14; i < dash; i++)
        if (!is_letter(f[i])) return 0;
    for (size_t i = dash + 1; i <= dash + 10; i++)
        if (!is_letter(f[i])) return 0;
    return 1;
}

/* ---------------------------------------------------------------- scan */

static int read_row(const Tables *t, Row *row, int32_t at, Out *out) {
    int worth = 0, marked = 0, wrong = 0, flags = 0;
    const uint8_t *s = row->squashed, *f = row->fold;
    if (row->length >= 4)
        for (size_t j = 0; j + 4 <= row->length; j++) {
            uint32_t h = HASH(load4(s + j));
            if (!(t->bitmap[h >> 3] >> (h & 7) & 1)) continue;
            for (int32_t p = t->heads[h & (BUCKETS - 1)]; p >= 0; p = t->next[p]) {
                int taken = take(t, row, p, j, at, out);
                worth |= taken == 1;
                if (taken == 3) flags |= STRANGE;
                if (taken == 4) flags |= CODES;
                if (taken != 2) continue;
                marked = 1;
                if (bare_number(t, f, row->folded, row->byte[j + t->starts[p + 1] - t->starts[p] - 1] + 1)) flags |= NUMBER;
            }
        }
    for (size_t i = 0; i < row->opened; i++) {
        size_t j = row->opens[i];
        if (j + 2 > row->length) continue;
        uint32_t pair = (uint32_t)s[j] | (uint32_t)s[j + 1] << 8;
        if (!(t->pairs[pair >> 3] >> (pair & 7) & 1)) continue;
        for (int32_t b = 0; b < t->brief_held; b++) {
            int taken = take(t, row, t->brief[b], j, at, out);
            worth |= taken == 1;
            if (taken == 3) flags |= STRANGE;
            if (taken == 2) {
                marked = 1;
                if (bare_number(t, f, row->folded, row->byte[j + 2] + 1)) flags |= NUMBER;
            }
        }
    }
    const uint8_t *dash = f, *stop = f + row->folded;
    while ((dash = memchr(dash, '-', (size_t)(stop - dash))) != NULL) {
        size_t place = (size_t)(dash - f);
        uint8_t before = place ? f[place - 1] : 0;
        if (is_digit(before) || before == ' ') {
            int said = number_at(t, f, row->folded, place);
            if (said == 1) flags |= NUMBER;
            wrong |= said == 2;
        } else if (is_letter(before) && is_inchikey(f, row->folded, place))
            flags |= KEY;
        dash++;
    }
    if (wrong && marked) flags |= NUMBER;
    return worth || flags ? flags | 8 : 0;
}

static PyObject *scan(PyObject *self, PyObject *args) {
    PyObject *o[11];
    int wide;
    Py_ssize_t first, rows;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOinnOOOOOOOOO", &o[0], &o[1], &wide, &first, &rows, &o[2], &o[3], &o[4], &o[5], &o[6],
                          &o[7], &o[8], &o[9], &o[10]))
        return NULL;
    Py_buffer v[11];
    for (int i = 0; i < 11; i++)
        if (PyObject_GetBuffer(o[i], &v[i], PyBUF_CONTIG_RO) < 0) {
            while (i--) PyBuffer_Release(&v[i]);
            return NULL;
        }
    Tables *t = calloc(1, sizeof(Tables));
    Row row = {0};
    Out seen = {0}, names = {0};
    int failed = t == NULL;
    if (!failed) {
        t->fold_at = v[2].buf, t->fold_starts = v[3].buf, t->folds = v[4].buf;
        t->bytes = v[5].buf, t->starts = v[6].buf, t->keys = v[7].buf, t->rules = v[8].buf;
        t->patterns = (int32_t)(v[8].len);
        t->numbers = v[9].buf, t->numbers_held = v[9].len / 8;
        t->units = v[10].buf, t->units_length = (size_t)v[10].len;
        failed = v[2].len < 131072 || !build(t);
    }
    const uint8_t *data = v[0].buf;
    int64_t held = v[0].len, offsets_held = v[1].len / (wide ? 8 : 4);
    int outside = 0;
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t r = 0; r < rows && !failed; r++) {
            if (first + r + 1 >= offsets_held) {
                outside = 1;
                break;
            }
            int64_t from = wide ? ((const int64_t *)v[1].buf)[first + r] : ((const int32_t *)v[1].buf)[first + r];
            int64_t upto = wide ? ((const int64_t *)v[1].buf)[first + r + 1] : ((const int32_t *)v[1].buf)[first + r + 1];
            if (upto - from < 2) continue;
            if (from < 0 || upto > held || upto - from > 0x7FFFFF00) {
                outside = 1;
                break;
            }
            int said = fold_row(t, &row, data + from, (size_t)(upto - from));
            if (said == 0) failed = 1;
            if (said == 2) put(&seen, (int32_t)r, STRANGE, 0, 0, 0);
            if (said != 1) continue;
            mend_digits(&row);
            squash_row(t, &row);
            size_t before = names.held;
            int flags = read_row(t, &row, (int32_t)r, &names);
            if (flags)
                put(&seen, (int32_t)r, flags & ~8, (int32_t)(before / 5), (int32_t)(names.held / 5), 0);
            else
                names.held = before;
            failed |= seen.failed | names.failed;
        }
        Py_END_ALLOW_THREADS
    }
    PyObject *answer = NULL;
    if (outside)
        PyErr_SetString(PyExc_ValueError, "an offset of the column lies outside its data");
    else if (failed || seen.failed || names.failed)
        PyErr_NoMemory();
    else {
        PyObject *a = PyBytes_FromStringAndSize((const char *)seen.data, (Py_ssize_t)(seen.held * sizeof(int32_t)));
        PyObject *b = PyBytes_FromStringAndSize((const char *)names.data, (Py_ssize_t)(names.held * sizeof(int32_t)));
        if (a && b) answer = PyTuple_Pack(2, a, b);
        Py_XDECREF(a);
        Py_XDECREF(b);
    }
    if (t) {
        free(t->blurred);
        free(t->next);
        free(t->brief);
    }
    free(t);
    free(row.fold);
    free(row.squashed);
    free(row.place);
    free(row.byte);
    free(row.opens);
    free(seen.data);
    free(names.data);
    for (int i = 0; i < 11; i++) PyBuffer_Release(&v[i]);
    return answer;
}

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS,
     "scan(data, offsets, wide, first, rows, fold_at, fold_starts, folds, bytes, starts, keys, rules, numbers, units) -> "
     "(rows seen as int32 x 5: row, flags, first name, end of names, 0; names as int32 x 5: row, key or ~key for a slip, "
     "start, end, length)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_goods", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__goods(void) { return PyModule_Create(&definition); }
