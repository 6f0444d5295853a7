/* Folded rows: a text as fold_goods of goods_fold.py makes it, and without what a chemical name may or may not hold. */

#include "goods.h"

int make_room(Row *row, size_t room) {
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
int fold_row(const Tables *t, Row *row, const uint8_t *text, size_t length) {
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
        size_t bytes;
        uint32_t point = point_at(text, length, i, &bytes);
        if (point == 0) return 2; /* broken UTF-8 */
        uint16_t at = point < 0x10000 ? t->fold_at[point] : (point >= 0x1D400 && point < 0x1D800);
        if (at == 1 && (at = greek_fold(t, text, length, i, bytes, point)) == 1) return 2;
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
uint8_t mended(Row *row, size_t i) {
    uint8_t c = row->fold[i];
    if (i + 1 < row->folded && is_letter(row->fold[i + 1] | 32)) row->fold[i] = c = c == '0' ? 'o' : 'l';
    return c;
}

/* Leave out of the folded row what a chemical name may or may not hold, with where each byte kept came from. What is
   kept is always written and only counted where it stays, so that the loop has no branch to guess. */
void squash_row(const Tables *t, Row *row) {
    const uint8_t *fold = row->fold;
    uint8_t *squashed = row->squashed, before = 0;
    uint32_t *place = row->place, *byte = row->byte, *opens = row->opens;
    size_t m = 0, k = 0, folded = row->folded;
    if (row->ascii) {
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
    row->length = row->placed = m;
    row->opened = k;
}

/* Fill in where the kept bytes of a row stand in the folded one, as far as the first `upto` of them. */
void place_row(const Tables *t, Row *row, size_t upto) {
    size_t m = row->placed, i = m ? row->byte[m - 1] + 1 : 0;
    for (; m < upto && i < row->folded; i++)
        if (t->classes[row->fold[i]] & KEPT) row->byte[m++] = (uint32_t)i;
    row->placed = m;
}
