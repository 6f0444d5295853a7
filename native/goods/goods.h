/* The goods scan: what its rooms share. The reference of all of it is tidegate.screening.goods_seek and goods_fold. */

#ifndef TIDEGATE_GOODS_H
#define TIDEGATE_GOODS_H

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

#define BITS 17
#define HASH(x) (((x)*2654435761u) >> (32 - BITS))
#define SLOTS 16384 /* a power of two, well above the number of different first four bytes */
#define MOST_FOLD 64 /* bytes that one character may fold to, as in goods_scan.py */

/* A pattern of four bytes or more among those that begin with the same four: the next four, as far as it has them. */
typedef struct {
    uint32_t first, then, mask;
    int32_t pattern;
} Start;

/* A word among those of a list: its first four bytes, as far as it has them, where it stands in the text, and its sort. */
typedef struct {
    uint32_t head, mask, at;
    uint8_t length, sort;
} Listed;

typedef struct {
    const uint8_t *text;
    Listed *all;
    int32_t from[29]; /* those of a letter: from [letter + 1] up to [letter + 2]; of no letter: from [27] up to [28] */
} Lexicon;

typedef struct {
    const uint16_t *fold_at; /* per code point: 0 itself, 1 told by its word or strange, else 2 + number of its fold */
    const uint16_t *greek;   /* four such numbers for each of U+0370 to U+03FF and for U+0251, see greek.c */
    const uint8_t *letters;  /* bit per code point: whether it is a letter */
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
    const uint8_t *plain; /* per key: 1 where it is one sure substance */
    Lexicon units, words, terms;
    uint32_t four[(1 << BITS) / 32], pairs[65536 / 32]; /* by HASH of the first four bytes; by the first two of a pattern of two or three */
    uint8_t classes[256], behind[256], blur[256];
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
    size_t placed; /* how many of `byte` are filled: of a row of plain ASCII only as many as were asked for */
    int ascii, even; /* even: every character as written is one character folded */
} Row;

typedef struct {
    int32_t *data;
    size_t held, room;
    int failed;
} Out;

static inline void put(Out *out, int32_t a, int32_t b, int32_t c, int32_t d, int32_t e) {
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

static inline int is_letter(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static inline int is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }

static inline uint32_t load4(const uint8_t *at) {
    uint32_t x;
    memcpy(&x, at, 4);
    return x;
}

static inline uint32_t load2(const uint8_t *at) {
    uint16_t x;
    memcpy(&x, at, 2);
    return x;
}

static inline uint32_t bit_of(const uint32_t *bits, uint32_t at) { return bits[at >> 5] >> (at & 31) & 1; }
static inline void set_bit(uint32_t *bits, uint32_t at) { bits[at >> 5] |= (uint32_t)1 << (at & 31); }

static inline int is_ascii(const uint8_t *at, size_t length) {
    uint8_t seen = 0;
    for (size_t i = 0; i < length; i++) seen |= at[i];
    return seen < 0x80;
}

#ifdef __GNUC__ /* these names are for the rooms of this module alone */
#pragma GCC visibility push(hidden)
#endif

/* tables.c */
int build(Tables *t);
/* fold.c */
int make_room(Row *row, size_t room);
int fold_row(const Tables *t, Row *row, const uint8_t *text, size_t length);
uint8_t mended(Row *row, size_t i);
void squash_row(const Tables *t, Row *row);
void place_row(const Tables *t, Row *row, size_t upto);
/* greek.c */
uint32_t point_at(const uint8_t *text, size_t length, size_t i, size_t *bytes);
uint16_t greek_fold(const Tables *t, const uint8_t *text, size_t length, size_t i, size_t bytes, uint32_t point);
#ifdef BY_SIXTEEN
/* sixteens.c */
int read_sixteens(Row *row, const uint8_t *text, size_t length);
#endif
/* words.c */
int build_lexicon(Lexicon *lexicon, const uint8_t *text, size_t length, int sorted);
int is_unit_word(const Tables *t, const uint8_t *word, size_t length);
int is_term(const Tables *t, const uint8_t *word, size_t length);
int is_unit(const Tables *t, const uint8_t *fold, size_t end);
int has_word(const Tables *t, const Row *row, size_t upto, uint8_t sort);
int has_han_word(const Tables *t, const Row *row, size_t upto, uint8_t sort);
/* names.c */
int take(const Tables *t, Row *row, int32_t p, size_t j, int32_t at, Out *out);
/* numbers.c */
int number_at(const Tables *t, const uint8_t *f, size_t length, size_t dash);
int bare_number(const Tables *t, const uint8_t *f, size_t length, size_t at);
int is_inchikey(const uint8_t *f, size_t length, size_t dash);
/* row.c */
int read_row(const Tables *t, Row *row, int32_t at, Out *out);
/* plain.c */
size_t without_idle_slips(const Row *row, Out *names, size_t from);
int plain_name(const Tables *t, const Row *row, Out *names, size_t from);

#ifdef __GNUC__
#pragma GCC visibility pop
#endif

#endif
