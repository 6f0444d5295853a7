/* CAS numbers and InChIKeys in a folded row: which are worth reading. */

#include "goods.h"

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
int number_at(const Tables *t, const uint8_t *f, size_t length, size_t dash) {
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
int bare_number(const Tables *t, const uint8_t *f, size_t length, size_t at) {
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

int is_inchikey(const uint8_t *f, size_t length, size_t dash) {
    if (dash < 14 || dash + 10 >= length) return 0;
    for (size_t i = dash - 14; i < dash; i++)
        if (!is_letter(f[i])) return 0;
    for (size_t i = dash + 1; i <= dash + 10; i++)
        if (!is_letter(f[i])) return 0;
    return 1;
}
