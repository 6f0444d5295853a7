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
#if defined(__SSE2__) && defined(__GNUC__)
#include <emmintrin.h>
#define BY_SIXTEEN 1
#endif

enum { LEFT_WORD = 1, CODE = 2, NOT_ALONE = 4, LEFT_HALF = 8, RIGHT_HALF = 16, MARK = 32, TARIFF = 64, EXACT = 128 }; /* as in goods_index.py */
enum { NUMBER = 1, KEY = 2, STRANGE = 4, WORTH = 8, CODES = 16, MARKED = 32 };                                                 /* as in goods_scan.py */
enum { KEPT = 1, WORD = 2, MISREAD = 4 }; /* MISREAD: a nought or a one, and in `behind` the letter that it follows */

#define BITS 16
#define HASH(x) (((x)*2654435761u) >> (32 - BITS))
#define PAIR(at) ((uint32_t)((at)[0] * 37 + (at)[1] * 101) & 2047)
#define SLOTS 16384 /* a power of two, well above the number of different first four bytes */
#define MOST_FOLD 64 /* bytes that one character may fold to, as in goods_scan.py */

/* A pattern of four bytes or more among those that begin with the same four: the next four, as far as it has them. */
typedef struct {
    uint32_t first, then, mask;
    int32_t pattern;
} Start;

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
    const uint8_t *units, *words, *terms, *plain; /* terms: of trade, that say nothing of the goods; words: see plain_name; plain: per key, 1 where it is one sure substance */
    size_t units_length, words_length, terms_length;
    uint32_t words_from[27]; /* where those of a letter begin */
    uint8_t bitmap[(1 << BITS) / 8], pairs[256], classes[256], behind[256], blur[256];
    Start *begun; /* sorted by `first` */
    int32_t begun_held, slots[SLOTS];
    int32_t *brief, brief_from[258]; /* patterns of two or three bytes by their first, c: from [c + 1] up to [c + 2] */
} Tables;

typedef struct {
    uint8_t *fold, *squashed;
    uint32_t *place;  /* per squashed byte: the folded character it is of */
    uint32_t *byte;   /* per squashed byte: its byte in fold */
    uint32_t *opens;  /* squashed bytes at which a word begins */
    size_t room, folded, length, opened;
    int placed; /* whether `byte` is filled: for a plain row only once a pattern stands in it */
    int ascii, even; /* even: every character as written is one character folded */
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

static int by_first(const void *a, const void *b) {
    const Start *one = a, *other = b;
    if (one->first != other->first) return one->first < other->first ? -1 : 1;
    return one->pattern < other->pattern ? -1 : one->pattern > other->pattern;
}

/* The first of the patterns that begin with these four bytes, or NULL. */
static const Start *begun_with(const Tables *t, uint32_t first) {
    for (uint32_t slot = HASH(first) & (SLOTS - 1); t->slots[slot] >= 0; slot = (slot + 1) & (SLOTS - 1))
        if (t->begun[t->slots[slot]].first == first) return t->begun + t->slots[slot];
    return NULL;
}

static int build(Tables *t) {
    size_t all = t->starts[t->patterns];
    t->blurred = malloc(all + 1);
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
        uint32_t h = HASH(start.first);
        t->bitmap[h >> 3] |= (uint8_t)(1 << (h & 7));
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
            uint32_t pair = PAIR(at);
            t->pairs[pair >> 3] |= (uint8_t)(1 << (pair & 7));
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
    size_t at = 0;
    for (int c = 0; c < 26; c++) {
        while (at < t->words_length && t->words[at] < 'a' + c) {
            const uint8_t *line = memchr(t->words + at, '\n', t->words_length - at);
            at = line ? (size_t)(line - t->words) + 1 : t->words_length;
        }
        t->words_from[c] = (uint32_t)at;
    }
    t->words_from[26] = (uint32_t)at;
    while (t->words_from[26] < t->words_length && t->words[t->words_from[26]] < 0x80) {
        const uint8_t *line = memchr(t->words + t->words_from[26], '\n', t->words_length - t->words_from[26]);
        t->words_from[26] = line ? (uint32_t)(line - t->words) + 1 : (uint32_t)t->words_length;
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

/* ---------------------------------------------------------------- rows */

static int make_room(Row *row, size_t room) {
    if (room + 128 <= row->room) return 1; /* sixteen bytes at a time may read and write beyond the end */
    room += room / 2 + 512;
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
    row->ascii = row->even = seen < 0x80;
    row->folded = length;
    if (row->ascii) return 1;
    size_t held = 0;
    int even = 1;
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
            int characters = 0;
            for (uint32_t k = from; k < upto; k++) characters += (t->folds[k] & 0xC0) != 0x80;
            even &= characters == 1;
            held += upto - from;
        }
        i += bytes;
    }
    row->folded = held;
    row->even = even;
    return 1;
}

/* A nought or a one between two letters is the o or l that a scanner misread. */
static uint8_t mended(Row *row, size_t i) {
    uint8_t c = row->fold[i];
    if (i + 1 < row->folded && is_letter(row->fold[i + 1] | 32)) row->fold[i] = c = c == '0' ? 'o' : 'l';
    return c;
}

/* Leave out of the folded row what a chemical name may or may not hold, with where each byte kept came from. What is
   kept is always written and only counted where it stays, so that the loop has no branch to guess. */
static void squash_row(const Tables *t, Row *row) {
    const uint8_t *fold = row->fold;
    uint8_t *squashed = row->squashed, before = 0;
    uint32_t *place = row->place, *byte = row->byte, *opens = row->opens;
    size_t m = 0, k = 0, folded = row->folded;
    if (row->ascii) {
        row->placed = 1;
        for (size_t i = 0; i < folded; i++) {
            uint8_t c = fold[i], class = t->classes[c];
            if (class & before & MISREAD) class = t->classes[c = mended(row, i)];
            squashed[m] = t->blur[c];
            byte[m] = (uint32_t)i;
            opens[k] = (uint32_t)m;
            k += (class & WORD) > (before & WORD);
            m += class & KEPT;
            before = t->behind[c];
        }
    } else {
        uint32_t character = 0;
        for (size_t i = 0; i < folded; i++) {
            uint8_t c = fold[i], class = t->classes[c];
            if (class & before & MISREAD) class = t->classes[c = mended(row, i)];
            character += (c & 0xC0) != 0x80;
            squashed[m] = t->blur[c];
            byte[m] = (uint32_t)i;
            place[m] = character - 1;
            opens[k] = (uint32_t)m;
            k += ((class & WORD) && !(before & WORD)) || c >= 0xE0;
            m += class & KEPT;
            before = t->behind[c];
        }
    }
    memset(squashed + m, 0, 8);
    row->length = m;
    row->opened = k;
}

#ifdef BY_SIXTEEN
/* Bit i of each: whether byte i of the sixteen is left out, a letter, a figure, a nought or a one. */
typedef struct {
    uint64_t out, letter, digit, misread;
} Masks;

static __m128i between(__m128i bytes, char first, char width) {
    __m128i from = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(width)), from);
}

static __m128i is_any(__m128i bytes, char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); }

/* Fold up to 64 bytes in place and tell their masks; 0 where one is no plain ASCII. */
static int fold_sixteens(uint8_t *fold, size_t held, Masks *all) {
    const __m128i blank = _mm_set1_epi8(' ');
    Masks m = {0, 0, 0, 0};
    for (size_t i = 0; i < held; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(fold + i));
        if (_mm_movemask_epi8(bytes)) return 0;
        bytes = _mm_or_si128(bytes, _mm_and_si128(between(bytes, 'A', 25), blank)); /* 32 makes a capital small */
        __m128i control = between(bytes, 9, 4), quote = is_any(bytes, '`');
        bytes = _mm_or_si128(_mm_andnot_si128(control, bytes), _mm_and_si128(control, blank));
        bytes = _mm_sub_epi8(bytes, _mm_and_si128(quote, _mm_set1_epi8('`' - '\'')));
        _mm_storeu_si128((__m128i *)(fold + i), bytes);
        __m128i raised = _mm_or_si128(bytes, blank);
        __m128i out = _mm_or_si128(between(bytes, '\'', '-' - '\''), _mm_or_si128(is_any(bytes, ' '), is_any(bytes, '"')));
        __m128i bracket = _mm_or_si128(is_any(raised, '{'), is_any(raised, '}'));
        out = _mm_or_si128(_mm_or_si128(out, bracket), is_any(bytes, '_'));
        m.out |= (uint64_t)(uint32_t)_mm_movemask_epi8(out) << i;
        m.letter |= (uint64_t)(uint32_t)_mm_movemask_epi8(between(bytes, 'a', 25)) << i;
        m.digit |= (uint64_t)(uint32_t)_mm_movemask_epi8(between(bytes, '0', 9)) << i;
        m.misread |= (uint64_t)(uint32_t)_mm_movemask_epi8(between(bytes, '0', 1)) << i;
    }
    if (held < 64) {
        uint64_t valid = ((uint64_t)1 << held) - 1;
        m.out &= valid, m.letter &= valid, m.digit &= valid, m.misread &= valid;
    }
    *all = m;
    return 1;
}

/* What fold_row and squash_row do, to a row of plain ASCII, 64 bytes at a time and without the places: -1 where it holds
   other characters, 0 where memory is short, else 1. */
static int read_sixteens(Row *row, const uint8_t *text, size_t length) {
    if (!make_room(row, length + 16)) return 0;
    memcpy(row->fold, text, length);
    memset(row->fold + length, 0, 64);
    size_t m = 0, k = 0, folded = row->folded = length;
    uint64_t word_before = 0, letter_before = 0;
    for (size_t base = 0; base < folded; base += 64) {
        size_t held = folded - base < 64 ? folded - base : 64;
        uint8_t *fold = row->fold + base;
        Masks masks;
        if (!fold_sixteens(fold, held, &masks)) return -1;
        uint64_t next = masks.letter >> 1;
        if (held == 64 && base + 64 < folded && is_letter(fold[64] | 32)) next |= (uint64_t)1 << 63;
        uint64_t wrong = masks.misread & (masks.letter << 1 | letter_before) & next;
        for (uint64_t left = wrong; left; left &= left - 1) mended(row, base + (size_t)__builtin_ctzll(left));
        masks.letter |= wrong, masks.digit &= ~wrong;
        uint64_t word = masks.letter | masks.digit, opening = word & ~(word << 1 | word_before);
        uint64_t valid = held == 64 ? ~(uint64_t)0 : ((uint64_t)1 << held) - 1, kept = valid & ~masks.out;
        word_before = word >> 63, letter_before = masks.letter >> 63;
        while (kept) {
            size_t from = (size_t)__builtin_ctzll(kept);
            uint64_t rest = ~(kept >> from);
            size_t length = rest ? (size_t)__builtin_ctzll(rest) : 64;
            for (size_t i = 0; i < length; i += 16) {
                __m128i bytes = _mm_loadu_si128((const __m128i *)(fold + from + i));
                __m128i blurred = _mm_sub_epi8(bytes, _mm_and_si128(is_any(bytes, 'l'), _mm_set1_epi8('l' - 'i')));
                _mm_storeu_si128((__m128i *)(row->squashed + m + i), blurred);
            }
            uint64_t run = length == 64 ? ~(uint64_t)0 : ((uint64_t)1 << length) - 1;
            for (uint64_t left = opening >> from & run; left; left &= left - 1)
                row->opens[k++] = (uint32_t)(m + (size_t)__builtin_ctzll(left));
            m += length;
            kept &= ~(run << from);
        }
    }
    memset(row->squashed + m, 0, 8);
    row->length = m;
    row->opened = k;
    row->placed = 0;
    row->ascii = row->even = 1;
    return 1;
}
#endif

/* Fill in where the kept bytes of a row stand in the folded one. */
static void place_row(const Tables *t, Row *row) {
    if (row->placed) return;
    size_t m = 0;
    for (size_t i = 0; i < row->folded; i++)
        if (t->classes[row->fold[i]] & KEPT) row->byte[m++] = (uint32_t)i;
    row->placed = 1;
}

/* ---------------------------------------------------------------- names */

/* Whether a word is a unit or a packing. */
static int is_unit_word(const Tables *t, const uint8_t *word, size_t length) {
    const uint8_t *at = t->units, *stop = t->units + t->units_length;
    while (at < stop) {
        const uint8_t *line = memchr(at, '\n', (size_t)(stop - at));
        size_t held = (size_t)((line ? line : stop) - at);
        if (held == length && memcmp(at, word, length) == 0) return 1;
        at += held + 1;
    }
    return 0;
}

/* Whether the letters that end at `end` of the folded row are a unit or a packing, as in "25kgacetone". */
static int is_unit(const Tables *t, const uint8_t *fold, size_t end) {
    size_t start = end;
    while (start > 0 && is_letter(fold[start - 1])) start--;
    return is_unit_word(t, fold + start, end - start);
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

static int is_ascii(const uint8_t *at, size_t length) {
    uint8_t seen = 0;
    for (size_t i = 0; i < length; i++) seen |= at[i];
    return seen < 0x80;
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
        if (!row->ascii && !is_ascii(row->squashed + begin, wide)) continue; /* nobody slips into another script */
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
static int take(const Tables *t, Row *row, int32_t p, size_t j, int32_t at, Out *out) {
    size_t length = t->starts[p + 1] - t->starts[p];
    if (j + length > row->length || memcmp(row->squashed + j, t->blurred + t->starts[p], length) != 0) return 0;
    place_row(t, row);
    uint8_t rule = t->rules[p];
    if (rule & MARK) return 2;
    if (rule & TARIFF) return 4;
    if (rule & (LEFT_HALF | RIGHT_HALF)) {
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
static int read_row(const Tables *t, Row *row, int32_t at, Out *out) {
    int said = 0;
    const uint8_t *s = row->squashed, *f = row->fold;
    for (size_t j = 0; j + 4 <= row->length; j++) {
        uint32_t first = load4(s + j), h = HASH(first);
        if (!(t->bitmap[h >> 3] >> (h & 7) & 1)) continue;
        const Start *start = begun_with(t, first), *stop = t->begun + t->begun_held;
        if (start == NULL) continue;
        uint32_t then = load4(s + j + 4);
        for (; start < stop && start->first == first; start++)
            if (((then ^ start->then) & start->mask) == 0) weigh(t, row, start->pattern, j, at, out, &said);
    }
    for (size_t i = 0; i < row->opened; i++) {
        size_t j = row->opens[i];
        if (j + 2 > row->length) continue;
        uint32_t pair = PAIR(s + j);
        if (!(t->pairs[pair >> 3] >> (pair & 7) & 1)) continue;
        for (int32_t b = t->brief_from[s[j] + 1], stop = t->brief_from[s[j] + 2]; b < stop; b++) weigh(t, row, t->brief[b], j, at, out, &said);
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

/* ---------------------------------------------------------------- plain rows */

/* The byte of the folded row at which its character `place` begins. */
static size_t byte_of(const Row *row, int32_t place) {
    if (row->ascii) return (size_t)place;
    size_t i = 0;
    for (int32_t left = place; i < row->folded; i++)
        if ((row->fold[i] & 0xC0) != 0x80 && left-- == 0) break;
    return i;
}

/* Leave out the slips that a name written right makes idle: those within it, and those of its own key that overlap it. */
static size_t without_idle_slips(const Row *row, Out *names, size_t from) {
    size_t kept = from;
    int32_t *all = names->data;
    for (size_t i = from; i < names->held; i += 5) {
        const int32_t *slip = all + i;
        int idle = 0;
        for (size_t k = from; slip[1] < 0 && k < names->held && !idle; k += 5) {
            const int32_t *whole = all + k;
            if (whole[1] < 0 || whole[3] <= slip[2] || slip[3] <= whole[2]) continue;
            if (whole[1] != ~slip[1] && (slip[2] < whole[2] || whole[3] < slip[3])) continue;
            size_t end = byte_of(row, whole[3]);
            idle = end >= row->folded || !is_letter(row->fold[end]);
        }
        if (idle) all[i + 4] = 0; /* marked now and left out below: a slip does not hide what comes after it */
    }
    for (size_t i = from; i < names->held; i += 5)
        if (all[i + 4]) memmove(all + kept, all + i, 5 * sizeof(int32_t)), kept += 5;
    return kept;
}

/* Whether a word of the row may change what a name in it says: one of `words`, one a line, sorted, with 'a' behind it where it
   counts anywhere, 'b' where it is a beginning that counts anywhere, 'l' where it counts only before a name in a list. */
static int has_word(const Tables *t, const Row *row, size_t upto, int anywhere) {
    const uint8_t *f = row->fold;
    for (size_t i = 0; i < upto;) {
        if (!is_letter(f[i])) {
            i++;
            continue;
        }
        size_t end = i;
        while (end < upto && is_letter(f[end])) end++;
        const uint8_t *at = t->words + t->words_from[f[i] - 'a'], *stop = t->words + t->words_from[f[i] - 'a' + 1];
        while (at < stop) {
            const uint8_t *line = memchr(at, '\n', (size_t)(stop - at));
            size_t held = (size_t)((line ? line : stop) - at) - 1;
            if ((at[held] != 'l') == anywhere && (at[held] == 'b' ? held <= end - i : held == end - i) && memcmp(at, f + i, held) == 0)
                return 1;
            at += held + 2;
        }
        i = end;
    }
    return 0;
}

/* Whether the row holds one of the Chinese `words`, wherever it stands. */
static int has_han_word(const Tables *t, const Row *row) {
    const uint8_t *at = t->words + t->words_from[26], *stop = t->words + t->words_length, *end = row->fold + row->folded;
    while (at < stop) {
        const uint8_t *line = memchr(at, '\n', (size_t)(stop - at));
        size_t held = (size_t)((line ? line : stop) - at) - 1;
        for (const uint8_t *seen = row->fold; (seen = memchr(seen, at[0], (size_t)(end - seen))) != NULL; seen++)
            if ((size_t)(end - seen) >= held && memcmp(seen, at, held) == 0) return 1;
        at += held + 2;
    }
    return 0;
}

/* Whether what stands inside a name can belong to one: no comma of a list, no two blanks, no loose hyphen. */
static int plain_within(const Row *row, size_t start, size_t end) {
    const uint8_t *f = row->fold;
    for (size_t i = start + 1; i + 1 < end; i++) {
        if (f[i] == ',' && !(is_digit(f[i - 1]) && is_digit(f[i + 1]))) return 0;
        if (f[i] == ' ' && (f[i + 1] == ' ' || f[i + 1] == '-')) return 0;
    }
    return 1;
}

static int is_one_of(uint8_t c, const char *marks) { return c && strchr(marks, c) != NULL; }

static int plain_before(const Tables *t, const Row *row, size_t start) {
    const uint8_t *f = row->fold;
    size_t left = start;
    while (left > 0 && f[left - 1] == ' ') left--;
    if (left == 0) return 1;
    uint8_t mark = f[left - 1];
    if (mark == '/' || mark == ',' || mark == '&') return is_ascii(f, left) && memchr(f, '%', left) == NULL && !has_word(t, row, left, 0);
    if (is_letter(mark)) { /* "80 drums acetone" */
        size_t word = left;
        while (word > 0 && is_letter(f[word - 1])) word--;
        if (left == start || (word && f[word - 1] != ' ' && !is_digit(f[word - 1]))) return 0;
        return is_unit(t, f, left) && is_ascii(f, left) && memchr(f, '%', left) == NULL && !has_word(t, row, left, 0);
    }
    if (!is_digit(mark)) return is_one_of(mark, ";:|(%");
    if (left == start) return 0;
    while (left > 0 && is_digit(f[left - 1])) left--;
    return left == 0 || f[left - 1] == ' ';
}

/* Whether a number begins at `i` that is no place in a name: blanks behind it, an end, a percentage or a unit. */
static int is_amount(const Tables *t, const Row *row, size_t i) {
    const uint8_t *f = row->fold;
    size_t length = row->folded;
    if (i >= length || !is_digit(f[i]) || f[i] == '0') return 0;
    while (i < length && is_digit(f[i])) i++;
    if (i + 1 < length && f[i] == '.' && is_digit(f[i + 1]))
        for (i++; i < length && is_digit(f[i]);) i++;
    if (i < length && f[i] == ' ') i++;
    if (i < length && f[i] == '%') return 1;
    size_t end = i;
    while (end < length && is_letter(f[end])) end++;
    return end > i && !(end < length && (is_digit(f[end]) || f[end] == '-')) && is_unit_word(t, f + i, end - i);
}

static int plain_after(const Tables *t, const Row *row, size_t end) {
    const uint8_t *f = row->fold;
    size_t length = row->folded, i = end;
    while (i < length && is_one_of(f[i], " ,;.)")) i++;
    if (i == length || f[end] == ';' || f[end] == '|') return 1;
    if (length - end >= 5 && memcmp(f + end, " cas", 4) == 0) return is_one_of(f[end + 4], " :#");
    i = end + (f[end] == ',');
    i += i < length && f[i] == ' ';
    if (is_amount(t, row, i)) return 1;
    if (f[end] != ',') return 0;
    size_t word = i;
    while (i < length && is_letter(f[i])) i++;
    const uint8_t *terms = t->terms, *stop = t->terms + t->terms_length;
    while (i > word && i < length && f[i] == ' ' && terms < stop) { /* ", FOB ..." */
        const uint8_t *line = memchr(terms, '\n', (size_t)(stop - terms));
        size_t held = (size_t)((line ? line : stop) - terms);
        if (held == i - word && memcmp(terms, f + word, held) == 0) return 1;
        terms += held + 1;
    }
    return 0;
}

/* Put first the one name of a row near which nothing stands that could change what it says, and tell whether there is
   one (tidegate.screening.goods_names finds the same by the long way). */
static int plain_name(const Tables *t, const Row *row, Out *names, size_t from) {
    if (!row->even || names->held == from) return 0;
    const int32_t *best = NULL;
    for (size_t i = from; i < names->held; i += 5) {
        const int32_t *one = names->data + i;
        if (one[1] >= 0 && (!best || one[4] > best[4] || (one[4] == best[4] && one[2] < best[2]))) best = one;
    }
    if (!best || !t->plain[best[1]]) return 0;
    for (size_t i = from; i < names->held; i += 5) { /* nothing reaches out of it, and no slip stands elsewhere */
        const int32_t *one = names->data + i;
        if (one[1] < 0 ? one[3] <= best[2] || best[3] <= one[2] : one[2] < best[2] || best[3] < one[3]) return 0;
    }
    size_t start = byte_of(row, best[2]), end = byte_of(row, best[3]);
    if (!plain_within(row, start, end)) return 0;
    if (!plain_before(t, row, start) || !plain_after(t, row, end) || has_word(t, row, row->folded, 1)) return 0;
    if (!row->ascii && has_han_word(t, row)) return 0;
    memmove(names->data + from, best, 5 * sizeof(int32_t));
    names->held = from + 5;
    return 1;
}

static PyObject *scan(PyObject *self, PyObject *args) {
    PyObject *o[14];
    int wide;
    Py_ssize_t first, rows;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOinnOOOOOOOOOOOO", &o[0], &o[1], &wide, &first, &rows, &o[2], &o[3], &o[4], &o[5], &o[6],
                          &o[7], &o[8], &o[9], &o[10], &o[11], &o[12], &o[13]))
        return NULL;
    Py_buffer v[14];
    for (int i = 0; i < 14; i++)
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
        t->words = v[11].buf, t->words_length = (size_t)v[11].len, t->plain = v[12].buf;
        t->terms = v[13].buf, t->terms_length = (size_t)v[13].len;
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
            int said = -1;
#ifdef BY_SIXTEEN
            said = read_sixteens(&row, data + from, (size_t)(upto - from));
#endif
            if (said < 0 && (said = fold_row(t, &row, data + from, (size_t)(upto - from))) == 1) squash_row(t, &row);
            if (said == 0) failed = 1;
            if (said == 2) put(&seen, (int32_t)r, STRANGE, 0, 0, 0);
            if (said != 1) continue;
            size_t before = names.held;
            int flags = read_row(t, &row, (int32_t)r, &names);
            if (flags) {
                names.held = without_idle_slips(&row, &names, before);
                int plain = plain_name(t, &row, &names, before);
                put(&seen, (int32_t)r, flags & ~WORTH, (int32_t)(before / 5), (int32_t)(names.held / 5), plain);
            } else
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
        free(t->begun);
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
    for (int i = 0; i < 14; i++) PyBuffer_Release(&v[i]);
    return answer;
}

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS,
     "scan(data, offsets, wide, first, rows, fold_at, fold_starts, folds, bytes, starts, keys, rules, numbers, units, words, plain, terms) "
     "-> (rows seen as int32 x 5: row, flags, first name, end of names, whether its one name is plain; names as int32 x 5: row, key or ~key for a slip, "
     "start, end, length)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_goods", NULL, -1, methods, NULL, NULL, NULL, NULL};

#define FORM 1 /* goes up with every change of what the functions take or give: see screening/native.py */

PyMODINIT_FUNC PyInit__goods(void) {
    PyObject *made = PyModule_Create(&definition);
    if (made && PyModule_AddIntConstant(made, "FORM", FORM) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
