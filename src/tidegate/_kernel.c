/* The native kernel of the name screen. Three functions over plain buffers, all without the GIL:

   search       best k documents of each row by cosine over postings (tidegate.screening.kernel)
   score_pairs  features and score of pairs of packed names (tidegate.screening.name_score is the reference)
   align_pairs  features of such pairs, and which words were taken for the same by which test: what reasons are made of

   Stable ABI of Python 3.11: buffers come through the buffer protocol, nothing else of Python is touched. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- buffers */

static int take_buffer(PyObject *object, Py_buffer *view, int writable) {
    return PyObject_GetBuffer(object, view, writable ? PyBUF_CONTIG : PyBUF_CONTIG_RO);
}

/* ---------------------------------------------------------------- search */

typedef struct {
    float score;
    int32_t document;
} Hit;

/* A worse hit is lower, or equal with a higher document number: ties are kept by lower number. */
static int worse(Hit a, Hit b) { return a.score < b.score || (a.score == b.score && a.document > b.document); }

static void sift_down(Hit *heap, int size, int at) {
    for (;;) {
        int least = at, left = 2 * at + 1, right = left + 1;
        if (left < size && worse(heap[left], heap[least])) least = left;
        if (right < size && worse(heap[right], heap[least])) least = right;
        if (least == at) return;
        Hit held = heap[at];
        heap[at] = heap[least];
        heap[least] = held;
        at = least;
    }
}

static int by_score(const void *a, const void *b) {
    const Hit *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return x->document < y->document ? -1 : 1;
}

typedef struct {
    Hit *heap;
    int held, k;
    float least;
} Best; /* the best k hits so far; once full, heap[0] is the worst of them */

static void offer(Best *best, float score, int32_t document) {
    Hit hit = {score, document};
    if (hit.score < best->least) return;
    if (best->held < best->k) {
        best->heap[best->held++] = hit;
        if (best->held == best->k)
            for (int j = best->k / 2 - 1; j >= 0; j--) sift_down(best->heap, best->k, j);
    } else if (worse(best->heap[0], hit)) {
        best->heap[0] = hit;
        sift_down(best->heap, best->k, 0);
    }
}

/* Sums are never negative, and such floats are ordered as their bits are: whole blocks are passed by at one test. */
typedef union {
    float *sums;
    int32_t *bits;
} Sums;

#define BLOCK 32

static void offer_all(Best *best, const float *total, int32_t size) {
    Sums view = {(float *)total};
    const int32_t *bits = view.bits;
    for (int32_t from = 0; from < size; from += BLOCK) {
        float bar = best->held == best->k && best->heap[0].score > best->least ? best->heap[0].score : best->least;
        int32_t limit, any = 0, end = from + BLOCK < size ? from + BLOCK : size;
        memcpy(&limit, &bar, sizeof limit);
        if (end - from == BLOCK)
            for (int i = 0; i < BLOCK; i++) any |= bits[from + i] >= limit;
        else
            any = 1;
        if (any)
            for (int32_t document = from; document < end; document++)
                if (total[document] >= bar) offer(best, total[document], document);
    }
}

static PyObject *search(PyObject *self, PyObject *args) {
    PyObject *o[9];
    int size, width, k;
    double least;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOOOOiiidOOO", &o[0], &o[1], &o[2], &o[3], &o[4], &o[5], &size, &width, &k, &least,
                          &o[6], &o[7], &o[8]))
        return NULL;
    Py_buffer v[9];
    for (int i = 0; i < 9; i++)
        if (take_buffer(o[i], &v[i], i >= 6)) {
            while (i--) PyBuffer_Release(&v[i]);
            return NULL;
        }
    const int64_t *row_starts = v[0].buf, *post_starts = v[3].buf;
    const int32_t *columns = v[1].buf, *documents = v[4].buf;
    const float *values = v[2].buf, *weights = v[5].buf;
    int32_t *out_row = v[6].buf, *out_document = v[7].buf;
    float *out_score = v[8].buf;
    int64_t rows = v[0].len / 8 - 1, written = 0;
    float *total = calloc((size_t)size + 1, sizeof(float));
    int32_t *touched = malloc(((size_t)size + 1) * sizeof(int32_t));
    Hit *heap = malloc(((size_t)k + 1) * sizeof(Hit));
    int failed = !total || !touched || !heap;
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        for (int64_t row = 0; row < rows; row++) {
            Best best = {heap, 0, k, (float)least};
            int64_t postings = 0;
            for (int64_t at = row_starts[row]; at < row_starts[row + 1]; at++)
                if (columns[at] < width) postings += post_starts[columns[at] + 1] - post_starts[columns[at]];
            int dense = postings * 8 > size; /* most documents are met: walk them all rather than remember which */
            int32_t count = 0;
            for (int64_t at = row_starts[row]; at < row_starts[row + 1]; at++) {
                int32_t gram = columns[at];
                if (gram >= width) continue;
                float value = values[at];
                const int64_t end = post_starts[gram + 1];
                if (dense)
                    for (int64_t p = post_starts[gram]; p < end; p++) total[documents[p]] += value * weights[p];
                else
                    for (int64_t p = post_starts[gram]; p < end; p++) {
                        int32_t document = documents[p];
                        if (total[document] == 0.0f) touched[count++] = document;
                        total[document] += value * weights[p];
                    }
            }
            if (dense) {
                offer_all(&best, total, size);
                memset(total, 0, (size_t)size * sizeof(float));
            } else
                for (int32_t i = 0; i < count; i++) {
                    offer(&best, total[touched[i]], touched[i]);
                    total[touched[i]] = 0.0f;
                }
            int held = best.held;
            qsort(heap, (size_t)held, sizeof(Hit), by_score);
            for (int i = 0; i < held; i++, written++) {
                out_row[written] = (int32_t)row;
                out_document[written] = heap[i].document;
                out_score[written] = heap[i].score;
            }
        }
        Py_END_ALLOW_THREADS
    }
    free(total);
    free(touched);
    free(heap);
    for (int i = 0; i < 9; i++) PyBuffer_Release(&v[i]);
    if (failed) return PyErr_NoMemory();
    return PyLong_FromLongLong(written);
}

/* ---------------------------------------------------------------- score_pairs */

enum { CORE, INITIAL, NUMBER, TRADE, PLACE, PARTICLE, SUFFIX };
enum { PINYIN = 1, ABJAD = 2, LOCAL = 4, SKIPPED = 8, KIN = 16, EVERYDAY = 32 };
enum { T_EQUAL, T_READING, T_NICKNAME, T_KNOWN, T_INITIAL, T_SOUND, T_SPELLING, T_CONSONANTS, T_JOINED, T_LETTERS, T_SLIP, T_NONE };

#define MAX_TOKENS 24
#define MAX_WORD 600
#define FEATURES 32
#define READING_SIM 0.94
#define NICKNAME_SIM 0.93
#define AMBIGUOUS_SIM 0.55
#define FOLD_SIM 0.95
#define INITIAL_SIM 0.8
#define SLIP_SIM 0.96
#define LETTERS_SIM 0.88
#define LONG_LETTERS_SIM 0.94
#define TWO_NAMES 0.8
#define NEAR 0.7
#define VERY_NEAR 0.85
#define LONG_RUN 20
#define PUBLIC 16
#define ENOUGH_BITS 48.0
#define HANGUL_FIRST 0xac00

typedef struct {
    int32_t text, text_len, fold, fold_len, bones, bones_len, groups, group_count;
    int32_t kind, flags, initial, rarity; /* rarity: thousandths of a bit */
    double weight;
} Token; /* must equal _TOKEN in name_pack.py */

typedef struct {
    int32_t tokens, token_count, syllables, syllable_count;
    int32_t han, han_len, han_sorted, firm;
    int32_t run, run_len, ranked, ranked_len, legal, spare;
} Form; /* must equal _FORM in name_pack.py */

typedef struct {
    const Form *forms;
    const Token *tokens;
    const char *letters;
    const int32_t *groups, *han;
} Pack;

typedef struct {
    int32_t left, left_end, right, right_end, test, spare;
    double alike;
} Pair; /* must equal _PAIR in name_pack.py */

#if defined(_MSC_VER)
#define PER_THREAD __declspec(thread)
#else
#define PER_THREAD _Thread_local
#endif

/* Edits between two words of at most 64 letters, a swap of neighbours counted once: a column of the table in one
   machine word. Source: H. Hyyro, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances", 2003. */
static int edits_in_bits(const char *a, int n, const char *b, int m) {
    static PER_THREAD uint64_t places[256]; /* letter -> where it stands in a; all zero between calls */
    for (int i = 0; i < n; i++) places[(unsigned char)a[i]] |= (uint64_t)1 << i;
    uint64_t up = ~(uint64_t)0, down = 0, diagonal = 0, before = 0, last = (uint64_t)1 << (n - 1);
    int edits = n;
    for (int j = 0; j < m; j++) {
        uint64_t here = places[(unsigned char)b[j]];
        uint64_t swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(diagonal | up), left = diagonal & up;
        edits += (right & last) != 0;
        edits -= (left & last) != 0;
        right = (right << 1) | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    for (int i = 0; i < n; i++) places[(unsigned char)a[i]] = 0;
    return edits;
}

#define EDIT(NAME, TYPE)                                                                                      \
    static double NAME(const TYPE *a, int n, const TYPE *b, int m) {                                          \
        if (n == 0 || m == 0 || n >= MAX_WORD || m >= MAX_WORD) return 0.0;                                   \
        int longest = n > m ? n : m, gap = n > m ? n - m : m - n;                                             \
        if (gap > longest * 0.5) return 0.0;                                                                  \
        int room[3][MAX_WORD + 1];                                                                            \
        int *before = room[0], *previous = room[1], *current = room[2];                                       \
        for (int j = 0; j <= m; j++) previous[j] = j;                                                         \
        for (int i = 1; i <= n; i++) {                                                                        \
            current[0] = i;                                                                                   \
            for (int j = 1; j <= m; j++) {                                                                    \
                int value = previous[j - 1] + (a[i - 1] != b[j - 1]);                                         \
                if (previous[j] + 1 < value) value = previous[j] + 1;                                         \
                if (current[j - 1] + 1 < value) value = current[j - 1] + 1;                                   \
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < value) \
                    value = before[j - 2] + 1;                                                                \
                current[j] = value;                                                                           \
            }                                                                                                 \
            int *spare = before;                                                                              \
            before = previous;                                                                                \
            previous = current;                                                                               \
            current = spare;                                                                                  \
        }                                                                                                     \
        return 1.0 - (double)previous[m] / longest;                                                           \
    }

EDIT(edit_long, char)
EDIT(edit_han, int32_t)

static double edit_bytes(const char *a, int n, const char *b, int m) {
    if (n == 0 || m == 0 || n > 64) return edit_long(a, n, b, m);
    int longest = n > m ? n : m, gap = n > m ? n - m : m - n;
    return gap > longest * 0.5 ? 0.0 : 1.0 - (double)edits_in_bits(a, n, b, m) / longest;
}

static double credit(double sim) {
    if (sim >= 0.999) return 1.0;
    if (sim <= 0.5) return 0.0;
    if (sim <= 0.75) return (sim - 0.5) * 2.0;
    if (sim <= 0.85) return 0.5 + (sim - 0.75) * 3.5;
    return 0.85 + (sim - 0.85);
}

static int same(const char *a, int n, const char *b, int m) { return n == m && memcmp(a, b, (size_t)n) == 0; }

static int slip_form(const char *word, int n, char *out) {
    char first[MAX_WORD];
    int m = 0, k = 0;
    if (n >= MAX_WORD) n = MAX_WORD - 1;
    for (int i = 0; i < n; i++) {
        char c = word[i];
        c = c == '0' ? 'o' : (c == '1' || c == 'i') ? 'l' : c == '5' ? 's' : c == '8' ? 'b' : c;
        if (c == 'n' && m > 0 && first[m - 1] == 'r')
            first[m - 1] = 'm';
        else
            first[m++] = c;
    }
    for (int i = 0; i < m; i++) {
        if (first[i] == 'v' && i + 1 < m && first[i + 1] == 'v') {
            out[k++] = 'w';
            i++;
        } else
            out[k++] = first[i];
    }
    return k;
}

static void bones_of(const Pack *p, const Token *t, const char **word, int *length) {
    const char *text = p->letters + t->text;
    *word = p->letters + t->bones;
    *length = t->bones_len;
    if (t->text_len >= 2 && (text[0] == 'a' || text[0] == 'e') && text[1] == 'l' && *length > 2 && **word == 'l') {
        ++*word;
        --*length;
    }
}

static int is_vowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

/* Whether two words have the same letters but for their vowels. */
static int same_frame(const char *a, int n, const char *b, int m) {
    int i = 0, j = 0;
    for (;;) {
        while (i < n && is_vowel(a[i])) i++;
        while (j < m && is_vowel(b[j])) j++;
        if (i == n || j == m) return i == n && j == m;
        if (a[i++] != b[j++]) return 0;
    }
}

/* A man's and a woman's form of one name: Paul and Paula, Mario and Maria, Orlov and Orlova. */
static int other_sex(const Pack *pa, const Token *ta, const Pack *pb, const Token *tb) {
    const char *a = pa->letters + ta->text, *b = pb->letters + tb->text;
    int n = ta->text_len, m = tb->text_len;
    if (n > m) return other_sex(pb, tb, pa, ta);
    if (n == m)
        return n > 4 && memcmp(a, b, (size_t)n - 1) == 0 && ((a[n - 1] == 'a' && b[n - 1] == 'o') || (a[n - 1] == 'o' && b[n - 1] == 'a'));
    if (n <= 3 || m != n + 1 || b[n] != 'a' || memcmp(a, b, (size_t)n) != 0) return 0;
    char before = a[n - 2], last = a[n - 1];
    return ta->group_count > 0 || (last == 'v' && (before == 'o' || before == 'e')) || (last == 'n' && (before == 'i' || before == 'y'));
}

static int plural(const char *a, int n, const char *b, int m) {
    if (n > m) return plural(b, m, a, n);
    return m == n + 1 && b[n] == 's' && memcmp(a, b, (size_t)n) == 0;
}

/* The consonants of a Latin word without the t that links a feminine to what follows: "najmat al rabi". */
static int linked(const Pack *p, const Token *t, const char *frame, int n, const char *other, int m) {
    const char *text = p->letters + t->text;
    int k = t->text_len;
    return n > 2 && k >= 2 && text[k - 1] == 't' && (text[k - 2] == 'a' || text[k - 2] == 'e') && same(frame, n - 1, other, m);
}

static int first_letter(const Pack *p, int32_t at, int32_t length) { return length ? p->letters[at] : -1; }

/* Two words that are spelled nearly alike and are two words all the same, not one with a slip in it. */
static int two_words(const Pack *pa, const Token *a, const Pack *pb, const Token *b) {
    if ((a->flags & b->flags & PINYIN) || (a->group_count && b->group_count)) return 1;
    if (!(a->flags & b->flags & EVERYDAY) || plural(pa->letters + a->text, a->text_len, pb->letters + b->text, b->text_len)) return 0;
    if (!same(pa->letters + a->bones, a->bones_len, pb->letters + b->bones, b->bones_len)) return 1;
    return first_letter(pa, a->text, a->text_len) != first_letter(pb, b->text, b->text_len) &&
           first_letter(pa, a->fold, a->fold_len) != first_letter(pb, b->fold, b->fold_len);
}

static double similarity(const Pack *pa, const Token *a, const Pack *pb, const Token *b, int person, int *test) {
    const char *at = pa->letters + a->text, *bt = pb->letters + b->text;
    const char *af = pa->letters + a->fold, *bf = pb->letters + b->fold;
    *test = T_EQUAL;
    if (same(at, a->text_len, bt, b->text_len)) return 1.0;
    *test = T_NONE;
    if (a->kind == NUMBER || b->kind == NUMBER || a->kind == SUFFIX || b->kind == SUFFIX) return 0.0;
    int known_a = a->kind == TRADE || a->kind == PLACE, known_b = b->kind == TRADE || b->kind == PLACE;
    if (known_a && known_b) {
        *test = T_KNOWN;
        if (a->kind != b->kind || !a->group_count || !b->group_count) return 0.0;
        int32_t first = pa->groups[a->groups];
        for (int i = 0; i < b->group_count; i++)
            if (pb->groups[b->groups + i] == first) return 0.8;
        first = pb->groups[b->groups];
        for (int i = 0; i < a->group_count; i++)
            if (pa->groups[a->groups + i] == first) return 0.8;
        return 0.0;
    }
    if (known_a || known_b) {
        const Token *word = known_a ? b : a, *known = known_a ? a : b;
        const Pack *pw = known_a ? pb : pa, *pk = known_a ? pa : pb;
        *test = T_KNOWN;
        if (word->text_len < 4 || known->bones_len < 4 || word->kind == INITIAL || word->kind == PARTICLE) return 0.0;
        double sim = edit_bytes(pw->letters + word->text, word->text_len, pk->letters + known->bones, known->bones_len);
        double sound = edit_bytes(af, a->fold_len, bf, b->fold_len) - 0.03;
        if (sound > sim) sim = sound;
        if (sim < 0.75) return 0.0;
        *test = T_SPELLING;
        return sim;
    }
    if (a->kind == INITIAL || b->kind == INITIAL) {
        *test = T_INITIAL;
        if (person && a->text_len && b->text_len && at[0] == bt[0] && a->kind != PARTICLE && b->kind != PARTICLE)
            return INITIAL_SIM;
        return 0.0;
    }
    for (int i = 0; i < a->group_count; i++) {
        int32_t group = pa->groups[a->groups + i];
        for (int j = 0; j < b->group_count; j++)
            if (pb->groups[b->groups + j] == group) {
                if ((group & 3) == 1) {
                    *test = T_NICKNAME;
                    return NICKNAME_SIM;
                }
                *test = T_READING;
                if ((a->flags & PINYIN) && (b->flags & PINYIN) && !(a->flags & LOCAL) && !(b->flags & LOCAL))
                    return AMBIGUOUS_SIM;
                return READING_SIM + 0.01 * (((group & 3) == 3) - ((group & 3) == 2));
            }
    }
    if ((a->flags & ABJAD) != (b->flags & ABJAD)) {
        const char *one, *other;
        int n, m;
        bones_of(pa, a, &one, &n);
        bones_of(pb, b, &other, &m);
        *test = T_CONSONANTS;
        if (n >= 2 && same(one, n, other, m)) return n > 3 || (n > 2 && !person) ? 0.93 : 0.85;
        if (!person && (a->flags & ABJAD ? linked(pb, b, other, m, one, n) : linked(pa, a, one, n, other, m))) return 0.85;
        return 0.92 * edit_bytes(one, n, other, m);
    }
    int abdul_a = a->text_len >= 5 && memcmp(at, "abdul", 5) == 0, abdul_b = b->text_len >= 5 && memcmp(bt, "abdul", 5) == 0;
    *test = T_SPELLING;
    if (abdul_a != abdul_b && same(at + 5 * abdul_a, a->text_len - 5 * abdul_a, bt + 5 * abdul_b, b->text_len - 5 * abdul_b))
        return 0.85;
    if (person && other_sex(pa, a, pb, b)) return 0.5;
    double sim = edit_bytes(at, a->text_len, bt, b->text_len);
    if ((a->flags & PINYIN) && (b->flags & PINYIN)) return sim * 0.75;
    int two_names = two_words(pa, a, pb, b);
    if (two_names) sim *= TWO_NAMES;
    int first_a = a->text_len ? at[0] : -1, first_b = b->text_len ? bt[0] : -1;
    int sound_a = a->fold_len ? af[0] : -1, sound_b = b->fold_len ? bf[0] : -1;
    if (first_a != first_b && sound_a != sound_b) return sim >= 0.8 ? sim : sim > 0.1 ? sim - 0.1 : 0.0;
    if (a->text_len > 3 && b->text_len > 3) {
        char one[MAX_WORD], other[MAX_WORD];
        int n = slip_form(at, a->text_len, one), m = slip_form(bt, b->text_len, other);
        if (same(one, n, other, m)) {
            *test = T_SLIP;
            return SLIP_SIM;
        }
        double sound = same(af, a->fold_len, bf, b->fold_len) ? FOLD_SIM : edit_bytes(af, a->fold_len, bf, b->fold_len) - 0.03;
        if (two_names) sound *= TWO_NAMES;
        if (sound > sim) {
            *test = T_SOUND;
            return sound;
        }
    } else if (a->fold_len > 2 && same(af, a->fold_len, bf, b->fold_len) && same_frame(at, a->text_len, bt, b->text_len)) {
        *test = T_SOUND;
        return FOLD_SIM - 0.05;
    }
    return sim;
}

typedef struct {
    const Pack *pack[2];
    const Token *tokens[2];
    int count[2];
    char unmatched[2][MAX_TOKENS];
    double got[2][MAX_TOKENS], weight[2][MAX_TOKENS];
    int kind[2][MAX_TOKENS]; /* what a token counts as: a trade with a slip in it counts as the trade */
    Pair pairs[MAX_TOKENS * 2];
    int pair_count;
} Alignment;

static void take(Alignment *x, int i, int j, double sim, int test, int n, int m) {
    double worth = test == T_INITIAL ? 0.95 : credit(sim);
    for (int k = i; k < i + n; k++) x->unmatched[0][k] = 0, x->got[0][k] = worth;
    for (int k = j; k < j + m; k++) x->unmatched[1][k] = 0, x->got[1][k] = worth;
    Pair pair = {i, i + n, j, j + m, test, 0, sim};
    x->pairs[x->pair_count++] = pair;
    if (n == 1 && m == 1 && x->kind[0][i] != x->kind[1][j]) {
        int left = x->kind[0][i], right = x->kind[1][j];
        int known = left == TRADE || left == PLACE ? left : right;
        if (known == TRADE || known == PLACE) {
            x->kind[0][i] = x->kind[1][j] = known;
            double least = x->weight[0][i] < x->weight[1][j] ? x->weight[0][i] : x->weight[1][j];
            x->weight[0][i] = x->weight[1][j] = least;
        }
    }
}

static void join(Alignment *x, double least) {
    for (int side = 0; side < 2; side++) {
        int other = 1 - side;
        const Pack *po = x->pack[side], *pm = x->pack[other];
        for (int i = 0; i < x->count[side]; i++) {
            const Token *token = &x->tokens[side][i];
            if (!x->unmatched[side][i] || token->text_len < 4 || token->kind == TRADE || token->kind == NUMBER) continue;
            for (int j = 0; j < x->count[other]; j++) {
                char word[MAX_WORD * 2], sound[MAX_WORD * 2];
                int length = 0, sound_length = 0, count = 0;
                while (x->unmatched[side][i] && j + count < x->count[other] && count < 4 && x->unmatched[other][j + count]) {
                    const Token *next = &x->tokens[other][j + count];
                    if (length + next->text_len >= MAX_WORD || sound_length + next->fold_len >= MAX_WORD) break;
                    memcpy(word + length, pm->letters + next->text, (size_t)next->text_len);
                    length += next->text_len;
                    memcpy(sound + sound_length, pm->letters + next->fold, (size_t)next->fold_len);
                    sound_length += next->fold_len;
                    count++;
                    int gap = length - token->text_len;
                    if (count < 2 || gap > 2 || gap < -2) continue;
                    const char *text = po->letters + token->text;
                    double sim = same(word, length, text, token->text_len) ? 1.0
                                 : least < 0.99                            ? edit_bytes(word, length, text, token->text_len)
                                                                           : 0.0;
                    if (sim < least && least < 0.99 && same(sound, sound_length, po->letters + token->fold, token->fold_len))
                        sim = FOLD_SIM;
                    if (sim >= least) {
                        if (side)
                            take(x, j, i, sim, T_JOINED, count, 1);
                        else
                            take(x, i, j, sim, T_JOINED, 1, count);
                    }
                }
            }
        }
    }
}

static void letters(Alignment *x) {
    for (int side = 0; side < 2; side++) {
        int other = 1 - side;
        for (int i = 0; i < x->count[side]; i++) {
            const Token *token = &x->tokens[side][i];
            const char *text = x->pack[side]->letters + token->text;
            if (!x->unmatched[side][i] || token->kind != CORE || token->text_len < 2 || token->text_len > 6) continue;
            int start = 0;
            while (start < x->count[other]) {
                if (!x->unmatched[other][start]) {
                    start++;
                    continue;
                }
                int end = start, length = 0, fits = 1, initials = 1, last = text[token->text_len - 1];
                while (end < x->count[other] && x->unmatched[other][end]) {
                    const Token *next = &x->tokens[other][end];
                    if (!(next->flags & SKIPPED)) {
                        if (length >= token->text_len || next->initial != (unsigned char)text[length]) fits = 0;
                        length++;
                    }
                    if (next->kind != INITIAL) initials = 0;
                    end++;
                }
                int legal = length > 2 && length + 1 == token->text_len && (last == 'c' || last == 'l' || last == 'g');
                if (end - start >= 2 && fits && (length == token->text_len || legal)) {
                    double sim = initials ? 1.0 : length < 3 ? LETTERS_SIM : LONG_LETTERS_SIM;
                    if (side)
                        take(x, start, i, sim, T_LETTERS, end - start, 1);
                    else
                        take(x, i, start, sim, T_LETTERS, 1, end - start);
                    break;
                }
                start = end;
            }
        }
    }
}

typedef struct {
    double rank, sim;
    int near, place, test;
} Candidate;

static int by_rank(const void *a, const void *b) {
    const Candidate *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? 1 : -1;
    if (x->near != y->near) return x->near < y->near ? 1 : -1;
    return x->place < y->place ? 1 : x->place > y->place ? -1 : 0;
}

static int by_left(const void *a, const void *b) { return ((const Pair *)a)->left - ((const Pair *)b)->left; }

static double least_of(double a, double b) { return a < b ? a : b; }
static double most_of(double a, double b) { return a > b ? a : b; }

/* Syllables in an order that is not surname first or surname last: Bowen is not Wenbo. Pairs stand in order of the left. */
static int turned(const Alignment *x) {
    int first = -1, last = -1, count = 0, drops = 0;
    for (int n = 0; n < x->pair_count; n++) {
        const Pair *pair = &x->pairs[n];
        if (x->weight[0][pair->left] <= 0.5 || x->weight[1][pair->right] <= 0.5) continue;
        if (count++)
            drops += pair->right < last;
        else
            first = pair->right;
        last = pair->right;
    }
    return count > 2 && drops + (first < last) > 1;
}

static int is_kin(const Alignment *x, int side, int i) {
    return i > 0 && i < x->count[side] - 1 && (x->tokens[side][i].flags & KIN) != 0;
}

/* Father and child exchanged: "Salim bin Yusuf" against "Yusuf bin Salim". */
static int kin_swapped(const Alignment *x) {
    int partner[MAX_TOKENS], sought = 0;
    for (int i = 0; i < x->count[0] && !sought; i++) sought = is_kin(x, 0, i);
    if (!sought) return 0;
    for (int i = 0; i < MAX_TOKENS; i++) partner[i] = -9;
    for (int n = 0; n < x->pair_count; n++) partner[x->pairs[n].left] = x->pairs[n].right;
    for (int i = 1; i < x->count[0] - 1; i++)
        if (is_kin(x, 0, i))
            for (int j = 1; j < x->count[1] - 1; j++)
                if (is_kin(x, 1, j) && partner[i - 1] == j + 1 && partner[i + 1] == j - 1) return 1;
    return 0;
}

static double rarity_of(const Token *t) {
    double bits = t->rarity / 1000.0, pinyin = 4.5 + 1.1 * t->text_len;
    return t->kind == CORE && t->flags & PINYIN && pinyin < bits ? pinyin : bits;
}

static void measure(Alignment *x, const Form *a, const Form *b, int person, int by_syllable, double *f) {
    double lost[2][4] = {{0}}, all[2][4] = {{0}}, minor = 0.0, bits[2] = {0}, bits_lost[2] = {0};
    int left_over[2][3] = {{0}};
    for (int side = 0; side < 2; side++)
        for (int i = 0; i < x->count[side]; i++) {
            int kind = x->kind[side][i];
            double got = x->got[side][i], weight = x->weight[side][i], rarity = rarity_of(&x->tokens[side][i]);
            bits[side] += rarity;
            bits_lost[side] += rarity * (1.0 - got);
            if (got < 0.3 && (kind == CORE || kind == INITIAL || kind == SUFFIX))
                left_over[side][kind == SUFFIX ? 2 : kind == INITIAL]++;
            int group = kind == CORE || kind == INITIAL ? 0 : kind == TRADE ? 1 : kind == PLACE ? 2 : kind == NUMBER ? 3 : -1;
            if (group < 0) {
                minor += weight * (1.0 - got);
                continue;
            }
            all[side][group] += weight;
            lost[side][group] += weight * (1.0 - got);
        }
    qsort(x->pairs, (size_t)x->pair_count, sizeof(Pair), by_left);
    double fuzz = 0, initials = 0, reading = 0, nickname = 0, joined = 0, evidence = 0;
    int order = 0, last = -1, other_words = 0;
    for (int n = 0; n < x->pair_count; n++) {
        const Pair *pair = &x->pairs[n];
        const Token *token = &x->tokens[0][pair->left];
        double ours = 0, theirs = 0;
        for (int k = pair->left; k < pair->left_end; k++) ours += rarity_of(&x->tokens[0][k]);
        for (int k = pair->right; k < pair->right_end; k++) theirs += rarity_of(&x->tokens[1][k]);
        if (token->kind == INITIAL || x->tokens[1][pair->right].kind == INITIAL)
            initials += pair->test == T_INITIAL;
        else if (token->kind != PARTICLE)
            evidence += least_of(ours, theirs) * pair->alike;
        if (pair->test == T_SPELLING || pair->test == T_SOUND || pair->test == T_CONSONANTS || pair->test == T_JOINED || pair->test == T_SLIP)
            fuzz += 1.0 - pair->alike;
        if ((pair->test == T_SPELLING || pair->test == T_SOUND) && !by_syllable)
            other_words += two_words(x->pack[0], token, x->pack[1], &x->tokens[1][pair->right]);
        reading += pair->test == T_READING;
        nickname += pair->test == T_NICKNAME;
        joined += pair->test == T_LETTERS;
        if (token->kind == CORE) {
            order += pair->right < last;
            last = pair->right;
        }
    }
    double base[4], conflict[4], omission[4], sum[2] = {0}, gone[2] = {0};
    for (int g = 0; g < 4; g++) {
        base[g] = most_of(most_of(all[0][g], all[1][g]), 0.001);
        conflict[g] = least_of(lost[0][g], lost[1][g]);
        omission[g] = most_of(lost[0][g], lost[1][g]) - conflict[g];
        for (int side = 0; side < 2; side++) sum[side] += all[side][g], gone[side] += lost[side][g];
    }
    double whole = most_of(most_of(sum[0], sum[1]), 0.001), core_least = most_of(least_of(all[0][0], all[1][0]), 0.5);
    double syllables_left = 0.0, han_conflict = 0.0, likeness = 0.0, long_enough = 0.0;
    if (by_syllable) {
        int heavy[2] = {0};
        for (int side = 0; side < 2; side++)
            for (int i = 0; i < x->count[side]; i++) heavy[side] += x->tokens[side][i].weight > 0.5;
        syllables_left = heavy[0] > heavy[1] ? heavy[0] - heavy[1] : heavy[1] - heavy[0];
    } else {
        const char *la = x->pack[0]->letters, *lb = x->pack[1]->letters;
        likeness = most_of(edit_bytes(la + a->run, a->run_len, lb + b->run, b->run_len),
                           edit_bytes(la + a->ranked, a->ranked_len, lb + b->ranked, b->ranked_len));
        int letters = a->run_len < b->run_len ? a->run_len : b->run_len;
        long_enough = (double)(letters < LONG_RUN ? letters : LONG_RUN) / LONG_RUN;
    }
    const int32_t *ha = x->pack[0]->han, *hb = x->pack[1]->han;
    if (a->han_len && b->han_len && (ha[a->han] >= HANGUL_FIRST) == (hb[b->han] >= HANGUL_FIRST)) {
        han_conflict = 1.0 - most_of(edit_han(ha + a->han, a->han_len, hb + b->han, b->han_len),
                                     edit_han(ha + a->han_sorted, a->han_len, hb + b->han_sorted, b->han_len));
    }
    int core_left = left_over[0][0], initial_left = left_over[0][1], core_right = left_over[1][0], initial_right = left_over[1][1];
    int crossed = (initial_left < core_right ? initial_left : core_right) + (initial_right < core_left ? initial_right : core_left) +
                  (initial_left < initial_right ? initial_left : initial_right);
    double row[FEATURES] = {
        least_of(conflict[0], 2.0), conflict[0] / core_least, omission[0] / base[0], conflict[1] / whole, omission[1] / whole,
        conflict[2] / whole, omission[2] / whole, conflict[3], omission[3] / whole, least_of(minor, 1.0), least_of(fuzz, 1.0),
        least_of(initials, 2.0), least_of(evidence, ENOUGH_BITS) / ENOUGH_BITS, least_of(reading, 3.0) / 3.0, least_of(nickname, 2.0), han_conflict,
        order < 2 ? order : 2, least_of(gone[0], gone[1]) / whole,
        omission[0] / base[0] * (least_of(all[0][0], all[1][0]) < 1.5), least_of(joined, 1.0), conflict[0] / core_least > 0.3, person,
        crossed, syllables_left,
        long_enough * most_of(0.0, likeness - NEAR) / (1.0 - NEAR),
        long_enough * most_of(0.0, likeness - VERY_NEAR) / (1.0 - VERY_NEAR),
        a->legal && b->legal && !(a->legal & b->legal),
        a->legal && b->legal && (a->legal < PUBLIC) != (b->legal < PUBLIC),
        by_syllable ? turned(x) : kin_swapped(x),
        left_over[0][2] < left_over[1][2] ? left_over[0][2] : left_over[1][2],
        (most_of(bits_lost[0], bits_lost[1]) - least_of(bits_lost[0], bits_lost[1])) / most_of(most_of(bits[0], bits[1]), 0.001),
        other_words < 2 ? other_words : 2,
    };
    memcpy(f, row, sizeof row);
}

/* told: room for MAX_TOKENS pairs in the order in which they were taken, or NULL. Returns how many there are. */
static int score_pair(const Pack *pa, const Form *a, const Pack *pb, const Form *b, double *f, Pair *told) {
    Alignment x;
    int by_syllable = a->syllable_count && b->syllable_count;
    int person = by_syllable || (!a->firm && !b->firm);
    x.pack[0] = pa, x.pack[1] = pb;
    x.tokens[0] = pa->tokens + (by_syllable ? a->syllables : a->tokens);
    x.tokens[1] = pb->tokens + (by_syllable ? b->syllables : b->tokens);
    x.count[0] = by_syllable ? a->syllable_count : a->token_count;
    x.count[1] = by_syllable ? b->syllable_count : b->token_count;
    x.pair_count = 0;
    for (int side = 0; side < 2; side++) {
        if (x.count[side] > MAX_TOKENS) x.count[side] = MAX_TOKENS;
        for (int i = 0; i < x.count[side]; i++) {
            x.unmatched[side][i] = 1, x.got[side][i] = 0.0;
            x.kind[side][i] = x.tokens[side][i].kind, x.weight[side][i] = x.tokens[side][i].weight;
        }
    }
    for (int i = 0; i < x.count[0]; i++) {
        int best = -1;
        for (int j = 0; j < x.count[1]; j++)
            if (x.unmatched[1][j] && same(pa->letters + x.tokens[0][i].text, x.tokens[0][i].text_len,
                                          pb->letters + x.tokens[1][j].text, x.tokens[1][j].text_len) &&
                (best < 0 || abs(i - j) < abs(i - best)))
                best = j;
        if (best >= 0) take(&x, i, best, 1.0, T_EQUAL, 1, 1);
    }
    join(&x, 0.999);
    Candidate candidates[MAX_TOKENS * MAX_TOKENS];
    int count = 0;
    for (int i = 0; i < x.count[0]; i++)
        if (x.unmatched[0][i])
            for (int j = 0; j < x.count[1]; j++)
                if (x.unmatched[1][j]) {
                    const Token *one = &x.tokens[0][i], *other = &x.tokens[1][j];
                    int test;
                    double sim = similarity(pa, one, pb, other, person, &test);
                    if (by_syllable && (test == T_SPELLING || test == T_SOUND)) sim *= 0.8;
                    if (sim > 0.5) {
                        Candidate c = {sim * least_of(one->weight, other->weight), sim, -abs(i - j), i * 64 + j, test};
                        candidates[count++] = c;
                    }
                }
    qsort(candidates, (size_t)count, sizeof(Candidate), by_rank);
    for (int round = 0; round < 2; round++) {
        double least = round ? 0.5 : 0.75;
        for (int c = 0; c < count; c++) {
            int i = candidates[c].place / 64, j = candidates[c].place % 64;
            if (candidates[c].sim > least && x.unmatched[0][i] && x.unmatched[1][j])
                take(&x, i, j, candidates[c].sim, candidates[c].test, 1, 1);
        }
        if (!round) join(&x, 0.8);
    }
    letters(&x);
    if (told) memcpy(told, x.pairs, sizeof(Pair) * (size_t)x.pair_count);
    measure(&x, a, b, person, by_syllable, f);
    return x.pair_count;
}

typedef struct {
    Py_buffer views[15];
    int count;
    Pack packs[2];
} Held; /* buffers in use; let_go gives them back */

static void let_go(Held *held) {
    while (held->count) PyBuffer_Release(&held->views[--held->count]);
}

static int hold(Held *held, PyObject *object, int writable) {
    if (take_buffer(object, &held->views[held->count], writable)) return 0;
    held->count++;
    return 1;
}

static int hold_pack(Held *held, PyObject *buffers, Pack *pack) {
    const void *at[5];
    for (int i = 0; i < 5; i++) {
        PyObject *item = PySequence_GetItem(buffers, i);
        int held_it = item && hold(held, item, 0);
        Py_XDECREF(item);
        if (!held_it) return 0;
        at[i] = held->views[held->count - 1].buf;
    }
    Pack found = {at[0], at[1], at[2], at[3], at[4]};
    *pack = found;
    return 1;
}

static PyObject *score_pairs(PyObject *self, PyObject *args) {
    PyObject *left, *right, *o[5];
    Held held;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOOOOO", &left, &right, &o[0], &o[1], &o[2], &o[3], &o[4])) return NULL;
    held.count = 0;
    if (!hold_pack(&held, left, &held.packs[0]) || !hold_pack(&held, right, &held.packs[1])) goto fail;
    for (int i = 0; i < 5; i++)
        if (!hold(&held, o[i], i >= 3)) goto fail;
    const Py_buffer *v = held.views + 10;
    const Pack *packs = held.packs;
    const int32_t *from = v[0].buf, *to = v[1].buf;
    const double *weights = v[2].buf;
    double *scores = v[3].buf, *features = v[4].buf;
    int64_t count = v[0].len / 4, keep = v[4].len >= count * FEATURES * 8;
    if (v[2].len < (FEATURES + 1) * 8 || v[1].len / 4 < count || v[3].len / 8 < count) {
        PyErr_SetString(PyExc_ValueError, "score_pairs: buffers do not fit together");
        goto fail;
    }
    Py_BEGIN_ALLOW_THREADS
    for (int64_t n = 0; n < count; n++) {
        double row[FEATURES], total = weights[FEATURES];
        score_pair(&packs[0], &packs[0].forms[from[n]], &packs[1], &packs[1].forms[to[n]], row, NULL);
        for (int k = 0; k < FEATURES; k++) total += weights[k] * row[k];
        total = total > 30.0 ? 30.0 : total < -30.0 ? -30.0 : total;
        scores[n] = 1.0 / (1.0 + exp(-total));
        if (keep) memcpy(features + n * FEATURES, row, sizeof row);
    }
    Py_END_ALLOW_THREADS
    let_go(&held);
    Py_RETURN_NONE;
fail:
    let_go(&held);
    return NULL;
}

/* Fill counts and features, return the pairs one after another. */
static PyObject *align_pairs(PyObject *self, PyObject *args) {
    PyObject *left, *right, *o[4], *told = NULL;
    Held held;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOOOO", &left, &right, &o[0], &o[1], &o[2], &o[3])) return NULL;
    held.count = 0;
    if (!hold_pack(&held, left, &held.packs[0]) || !hold_pack(&held, right, &held.packs[1])) goto end;
    for (int i = 0; i < 4; i++)
        if (!hold(&held, o[i], i >= 2)) goto end;
    const Py_buffer *v = held.views + 10;
    const Pack *packs = held.packs;
    const int32_t *from = v[0].buf, *to = v[1].buf;
    int32_t *counts = v[2].buf;
    double *features = v[3].buf;
    int64_t count = v[0].len / 4;
    if (v[1].len / 4 < count || v[2].len / 4 < count || v[3].len / 8 < count * FEATURES) {
        PyErr_SetString(PyExc_ValueError, "align_pairs: buffers do not fit together");
        goto end;
    }
    Pair *pairs = malloc(((size_t)count * MAX_TOKENS + 1) * sizeof(Pair));
    if (!pairs) {
        PyErr_NoMemory();
        goto end;
    }
    int64_t all = 0;
    Py_BEGIN_ALLOW_THREADS
    for (int64_t n = 0; n < count; n++) {
        counts[n] = score_pair(&packs[0], &packs[0].forms[from[n]], &packs[1], &packs[1].forms[to[n]], features + n * FEATURES, pairs + all);
        all += counts[n];
    }
    Py_END_ALLOW_THREADS
    told = PyBytes_FromStringAndSize((const char *)pairs, (Py_ssize_t)(all * (int64_t)sizeof(Pair)));
    free(pairs);
end:
    let_go(&held);
    return told;
}

static PyMethodDef methods[] = {
    {"search", search, METH_VARARGS, "Best k documents of each row by cosine over postings."},
    {"score_pairs", score_pairs, METH_VARARGS, "Scores (and features) of pairs of packed names."},
    {"align_pairs", align_pairs, METH_VARARGS, "Features of pairs of packed names, and the words taken for the same."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_kernel", "Native kernel of the name screen.", 0, methods, NULL, NULL, NULL, NULL};

#define FORM 3 /* goes up with every change of what the functions take or give: see screening/native.py */

PyMODINIT_FUNC PyInit__kernel(void) {
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddIntConstant(made, "FORM", FORM) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
