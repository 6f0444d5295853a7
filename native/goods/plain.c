/* Plain rows: those whose one name stands where nothing could change what it says. */

#include "goods.h"

/* The byte of the folded row at which its character `place` begins. */
static size_t byte_of(const Row *row, int32_t place) {
    if (row->ascii) return (size_t)place;
    size_t i = 0;
    for (int32_t left = place; i < row->folded; i++)
        if ((row->fold[i] & 0xC0) != 0x80 && left-- == 0) break;
    return i;
}

/* Leave out the slips that a name written right makes idle: those within it, and those of its own key that overlap it. */
size_t without_idle_slips(const Row *row, Out *names, size_t from) {
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

/* Whether a key has more than 14 characters: then whatever stands inside a name belongs to it. */
static int is_long(const Tables *t, int32_t key) {
    size_t bytes = t->starts[key + 1] - t->starts[key];
    return bytes > 42 || (bytes > 14 && is_ascii(t->bytes + t->starts[key], bytes));
}

/* Whether what stands inside a short name can belong to one: no comma of a list, no two blanks, no loose hyphen. */
static int plain_within(const Row *row, size_t start, size_t end) {
    const uint8_t *f = row->fold;
    for (size_t i = start + 1; i + 1 < end; i++) {
        if (f[i] == ',' && !(is_digit(f[i - 1]) && is_digit(f[i + 1]))) return 0;
        if (f[i] == ' ' && (f[i + 1] == ' ' || f[i + 1] == '-')) return 0;
    }
    return 1;
}

static int is_one_of(uint8_t c, const char *marks) { return c && strchr(marks, c) != NULL; }

/* Whether the row up to `upto` may say that what a list behind it names is absent. */
static int says_absent(const Tables *t, const Row *row, size_t upto) {
    return memchr(row->fold, '%', upto) != NULL || has_word(t, row, upto, 'l') || (!row->ascii && has_han_word(t, row, upto, 'l'));
}

/* Whether what ends at a comma is Chinese, a unit or a packing: no mark of an isotope, which would go on behind it. */
static int ends_its_part(const Tables *t, const Row *row, size_t comma) {
    const uint8_t *f = row->fold;
    while (comma > 0 && f[comma - 1] == ' ') comma--;
    return comma > 0 && (f[comma - 1] >= 0x80 || is_unit(t, f, comma));
}

static int plain_before(const Tables *t, const Row *row, size_t start) {
    const uint8_t *f = row->fold;
    size_t left = start;
    while (left > 0 && f[left - 1] == ' ') left--;
    if (left == 0) return 1;
    uint8_t mark = f[left - 1];
    if (mark == '/' || mark == ',' || mark == '&') { /* a list: what was said before it might reach the name */
        return !says_absent(t, row, left) && (mark != ',' || is_ascii(f, left) || ends_its_part(t, row, left - 1));
    }
    if (is_letter(mark)) { /* "80 drums acetone" */
        size_t word = left;
        while (word > 0 && is_letter(f[word - 1])) word--;
        if (left == start || (word && f[word - 1] != ' ' && !is_digit(f[word - 1]))) return 0;
        return is_unit(t, f, left) && !says_absent(t, row, left);
    }
    if (mark == '(' && left > 1 && f[left - 2] != ' ') return 0; /* "1-chloro-4-(chloromethyl)benzene" */
    if (mark == '%') {                                          /* "0% acetone" */
        size_t nought = left - 1;
        while (nought > 0 && f[nought - 1] == ' ') nought--;
        if (nought > 0 && f[nought - 1] == '0' && !(nought > 1 && (is_digit(f[nought - 2]) || is_one_of(f[nought - 2], ".,")))) return 0;
    }
    if (mark == '(') return !has_word(t, row, left, 'p'); /* "paint (acetone)" */
    if (!is_digit(mark)) return is_one_of(mark, ";:|%");
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
    return (i == length || f[i] == ' ') && is_term(t, f + word, i - word); /* ", FOB ..." */
}

/* Put first the one name of a row near which nothing stands that could change what it says, and tell whether there is
   one (tidegate.screening.goods_names finds the same by the long way). */
int plain_name(const Tables *t, const Row *row, Out *names, size_t from) {
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
    if (!is_long(t, best[1]) && !plain_within(row, start, end)) return 0;
    if (!plain_before(t, row, start) || !plain_after(t, row, end) || has_word(t, row, row->folded, 'a')) return 0;
    if (!row->ascii && has_han_word(t, row, row->folded, 'a')) return 0;
    memmove(names->data + from, best, 5 * sizeof(int32_t));
    names->held = from + 5;
    return 1;
}
