/* Folded rows of plain ASCII, sixteen bytes at a time. */

#include "goods.h"

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
int read_sixteens(Row *row, const uint8_t *text, size_t length) {
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
