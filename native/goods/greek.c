/* Greek letters in a goods text: which stand for Latin ones is told by their word, as _mend_greek of goods_fold.py does. */

#include "goods.h"

enum { KEPT_GREEK, CAPITAL, INITIAL, INNER }; /* the folds that a Greek letter may have, in the order of `greek` */

/* The code point at byte `i` and, in `bytes`, its length; 0 where the text is broken there. */
uint32_t point_at(const uint8_t *text, size_t length, size_t i, size_t *bytes) {
    uint8_t c = text[i];
    *bytes = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0x80) return c;
    if (c < 0xC0 || i + *bytes > length) return 0;
    uint32_t point = *bytes == 2 ? (uint32_t)(c & 0x1F) : *bytes == 3 ? (uint32_t)(c & 0x0F) : (uint32_t)(c & 0x07);
    for (size_t k = 1; k < *bytes; k++) {
        if ((text[i + k] & 0xC0) != 0x80) return 0;
        point = point << 6 | (text[i + k] & 0x3F);
    }
    return point;
}

static int is_letter_point(const Tables *t, uint32_t point) { return t->letters[point >> 3] >> (point & 7) & 1; }

/* The folds of a Greek letter, or NULL. */
static const uint16_t *greek_folds(const Tables *t, uint32_t point) {
    if (point == 0x251) return t->greek + 4 * 144;
    return point >= 0x370 && point < 0x400 ? t->greek + 4 * (point - 0x370) : NULL;
}

/* What a word says of the Greek letters in it, as far as it was read. */
typedef struct {
    int letters, latin, capitals; /* all of them, the ASCII ones, the Greek ones that look like Latin capitals */
} Word;

/* Count one letter more; 0 where the word ends here, -1 where only Python can tell. */
static int goes_on(const Tables *t, uint32_t point, Word *word) {
    if (point == 0 || point >= 0x10000) return -1;
    if (!is_letter_point(t, point)) return 0;
    const uint16_t *folds = greek_folds(t, point);
    word->letters++;
    word->latin += point < 0x80;
    word->capitals += folds != NULL && folds[CAPITAL] != 0;
    return 1;
}

/* The fold of the Greek character `point` at bytes [i, i + bytes), as a place in fold_at would tell it; 1: only Python can. */
uint16_t greek_fold(const Tables *t, const uint8_t *text, size_t length, size_t i, size_t bytes, uint32_t point) {
    const uint16_t *folds = greek_folds(t, point);
    if (folds == NULL) return 1;
    if (!is_letter_point(t, point)) return folds[KEPT_GREEK];
    Word word = {1, 0, folds[CAPITAL] != 0};
    size_t first = i, more;
    int goes = 1;
    while (first > 0 && goes == 1) {
        size_t before = first - 1;
        while (before > 0 && first - before < 4 && (text[before] & 0xC0) == 0x80) before--;
        goes = goes_on(t, point_at(text, length, before, &more), &word);
        if (goes == 1) first = before;
    }
    if (goes < 0) return 1;
    goes = 1;
    for (size_t next = i + bytes; next < length && goes == 1; next += more)
        goes = goes_on(t, point_at(text, length, next, &more), &word);
    if (goes < 0) return 1;
    if (word.latin) return folds[first == i ? INITIAL : INNER];
    return folds[word.letters > 1 && word.capitals == word.letters ? CAPITAL : KEPT_GREEK];
}
