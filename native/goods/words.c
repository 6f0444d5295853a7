/* Lists of words: units and packings, terms of a sale, and the words that may change what a name says. */

#include "goods.h"

static int group_of(uint8_t c) { return is_letter(c) ? c - 'a' : 26; }

/* Index the lines of `text`; `sorted` says that the last byte of each is its sort. 0 where memory is short. */
int build_lexicon(Lexicon *lexicon, const uint8_t *text, size_t length, int sorted) {
    lexicon->text = text;
    for (int turn = 0; turn < 2; turn++) { /* counted first, then put */
        for (size_t at = 0; at < length;) {
            const uint8_t *line = memchr(text + at, '\n', length - at);
            size_t end = line ? (size_t)(line - text) : length, held = end - at - (sorted ? 1 : 0);
            if (end > at && held > 0 && held < 256) {
                int group = group_of(text[at]);
                if (turn) {
                    size_t first = held < 4 ? held : 4;
                    Listed one = {0, first == 4 ? 0xFFFFFFFFu : 0, (uint32_t)at, (uint8_t)held, sorted ? text[end - 1] : 0};
                    memcpy(&one.head, text + at, first);
                    if (first < 4) memset(&one.mask, 0xFF, first);
                    lexicon->all[--lexicon->from[group + 1]] = one;
                } else
                    lexicon->from[group + 1]++;
            }
            at = end + 1;
        }
        if (turn) break;
        for (int group = 0; group < 27; group++) lexicon->from[group + 1] += lexicon->from[group];
        lexicon->from[28] = lexicon->from[27];
        lexicon->all = malloc(((size_t)lexicon->from[27] + 1) * sizeof(Listed));
        if (!lexicon->all) return 0;
    }
    return 1;
}

static int is_of(uint8_t told, uint8_t sort) { return told == sort || (told == 'b' && sort == 'a'); }

/* Whether a word of a sort is the `length` bytes at `at`, or begins them where it is a beginning; `begins`: where it begins them. */
static int is_listed(const Lexicon *lexicon, const uint8_t *at, size_t length, uint8_t sort, int begins) {
    int group = group_of(at[0]);
    uint32_t head = load4(at);
    for (int32_t i = lexicon->from[group + 1]; i < lexicon->from[group + 2]; i++) {
        const Listed *one = lexicon->all + i;
        if (((head ^ one->head) & one->mask) != 0 || one->length > length || !is_of(one->sort, sort)) continue;
        if (one->length < length && one->sort != 'b' && !begins) continue;
        if (one->length <= 4 || memcmp(lexicon->text + one->at + 4, at + 4, one->length - 4u) == 0) return 1;
    }
    return 0;
}

/* Whether a word is a unit or a packing. */
int is_unit_word(const Tables *t, const uint8_t *word, size_t length) { return length && is_listed(&t->units, word, length, 0, 0); }

/* Whether a word is a term of a sale, that says nothing of the goods. */
int is_term(const Tables *t, const uint8_t *word, size_t length) { return length && is_listed(&t->terms, word, length, 0, 0); }

/* Whether the letters that end at `end` of the folded row are a unit or a packing, as in "25kgacetone". */
int is_unit(const Tables *t, const uint8_t *fold, size_t end) {
    size_t start = end;
    while (start > 0 && is_letter(fold[start - 1])) start--;
    return is_unit_word(t, fold + start, end - start);
}

/* Whether a word of the row up to `upto` may change what a name in it says. Its sort: 'a' counts anywhere, 'b' is a
   beginning that does, 'l' counts before a name in a list, 'p' is a product, which counts before a name in brackets. */
int has_word(const Tables *t, const Row *row, size_t upto, uint8_t sort) {
    const uint8_t *f = row->fold;
    for (size_t i = 0; i < upto;) {
        size_t end = i;
        while (end < upto && is_letter(f[end])) end++;
        if (end > i && is_listed(&t->words, f + i, end - i, sort, 0)) return 1;
        i = end + 1;
    }
    return 0;
}

/* Whether the row up to `upto` holds one of the Chinese words of a sort, wherever it stands. */
int has_han_word(const Tables *t, const Row *row, size_t upto, uint8_t sort) {
    for (size_t i = 0; i + 2 < upto; i++)
        if (row->fold[i] >= 0xE0 && is_listed(&t->words, row->fold + i, upto - i, sort, 1)) return 1;
    return 0;
}
