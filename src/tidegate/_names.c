/* Plain ASCII names made ready for comparison, many at once and without the GIL: cut into words, tokens packed, 3-grams
   and exact keys written. No rule of names stands here: the words of a name have classes, and for each row of classes
   (its shape) Python has read one name by the rules (tidegate.screening.name_keys) and says which word gives which
   token. What is not learned, or may hold more than one name, comes back as HARD and is read by the rules itself.
   tidegate.screening.name_batch makes the records and calls this.

   Stable ABI of Python 3.11. A table may be used by one thread at a time; name_batch holds its lock. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CORE, INITIAL, NUMBER, TRADE };
enum { DONE, HARD, UNKNOWN }; /* UNKNOWN: a word or the shape must be learned first */
enum { WORD, FIXED, JOIN };
enum { ADDRESS = 1, BRANCHING = 2, LEGAL_WORD = 4 }; /* what a word says of an address */
#define PINYIN 1 /* flags of packed tokens, as in _kernel.c */
#define SKIPPED 8
#define REFUSED 0 /* the class of words, and the shape of names, that are left to the rules */
#define MAX_NAME 240
#define MAX_RUN 64 /* letters of the whole name that are compared, as MAX_LETTERS in name_local.py */
#define MAX_WORDS 20
#define MAX_TOKENS 20

/* ---------------------------------------------------------------- growing buffers, arena and table */

typedef struct {
    char *at;
    size_t used, room;
    int failed;
} Buffer;

static void *more(Buffer *b, size_t size) {
    if (b->used + size > b->room) {
        size_t room = (b->room + size) * 2 + 4096;
        char *at = realloc(b->at, room);
        if (!at) {
            b->failed = 1;
            return NULL;
        }
        b->at = at, b->room = room;
    }
    b->used += size;
    return b->at + b->used - size;
}

static void put(Buffer *b, const void *from, size_t size) {
    char *to = size ? more(b, size) : NULL;
    if (to) memcpy(to, from, size);
}

typedef struct Block {
    struct Block *next;
    size_t used, room;
} Block;

static void *keep(Block **blocks, size_t size) {
    Block *block = *blocks;
    size = (size + 7) & ~(size_t)7;
    if (!block || block->used + size > block->room) {
        size_t room = size > 65536 ? size : 65536;
        block = malloc(sizeof(Block) + room);
        if (!block) return NULL;
        block->next = *blocks, block->used = 0, block->room = room;
        *blocks = block;
    }
    block->used += size;
    return (char *)(block + 1) + block->used - size;
}

typedef struct {
    double weight;
    int32_t kind, flags, initial, text_len, fold_len, bones_len, usual_len, group_count, syllables, rarity;
    const char *text, *fold, *bones, *usual;
    const int32_t *groups;
} Token;

/* One token of a shape: that of a word, with this weight, pinyin or not; one that is always the same; or several joined. */
typedef struct {
    int32_t how, word, count, pinyin;
    double weight; /* below 0: the word's own */
    Token fixed;
} Step;

typedef struct {
    int32_t sort, firm, legal, count; /* sort: the class of a word; REFUSED: left to the rules. The rest: of a shape */
    Token token;
    Step *steps;
} Entry;

typedef struct {
    const char *key;
    uint32_t key_len, hash;
    int32_t number; /* what a word says of an address */
    Entry *entry;
} Slot;

typedef struct {
    Slot *slots;
    size_t size, used; /* size: a power of two */
    Block *blocks;
    Buffer marks;        /* literals, each with its length before it and a byte of nought behind those of one beginning */
    int32_t begin[1024]; /* two letters -> 1 and where in `marks` those that begin so stand, 0 for none */
} Table;

static uint32_t hash_of(const char *key, size_t len) {
    uint64_t h = 1469598103934665603ULL;
    for (size_t i = 0; i < len; i++) h = (h ^ (uint8_t)key[i]) * 1099511628211ULL;
    return (uint32_t)(h ^ (h >> 32));
}

static Slot *slot_of(Table *t, const char *key, size_t len, uint32_t hash) {
    for (size_t at = hash & (t->size - 1);; at = (at + 1) & (t->size - 1)) {
        Slot *slot = &t->slots[at];
        if (!slot->key || (slot->hash == hash && slot->key_len == len && !memcmp(slot->key, key, len))) return slot;
    }
}

static const Slot *find(Table *t, const char *key, size_t len) {
    const Slot *slot = slot_of(t, key, len, hash_of(key, len));
    return slot->key ? slot : NULL;
}

/* Return the slot for a new or known key, NULL without memory. */
static Slot *claim(Table *t, const char *key, size_t len) {
    if (t->used * 2 >= t->size) {
        Table wider = *t;
        wider.size = t->size * 2;
        wider.slots = calloc(wider.size, sizeof(Slot));
        if (!wider.slots) return NULL;
        for (size_t i = 0; i < t->size; i++)
            if (t->slots[i].key)
                *slot_of(&wider, t->slots[i].key, t->slots[i].key_len, t->slots[i].hash) = t->slots[i];
        free(t->slots);
        t->slots = wider.slots, t->size = wider.size;
    }
    uint32_t hash = hash_of(key, len);
    Slot *slot = slot_of(t, key, len, hash);
    if (!slot->key) {
        char *held = keep(&t->blocks, len + 1);
        if (!held) return NULL;
        memcpy(held, key, len);
        slot->key = held, slot->key_len = (uint32_t)len, slot->hash = hash;
        t->used++;
    }
    return slot;
}

/* ---------------------------------------------------------------- learning: records made in name_batch */

typedef struct {
    const char *at, *end;
    int failed;
} Reader;

static int32_t read_int(Reader *r) {
    int32_t value = 0;
    if (r->end - r->at < 4) {
        r->failed = 1;
        return 0;
    }
    memcpy(&value, r->at, 4);
    r->at += 4;
    return value;
}

static const char *read_bytes(Reader *r, Table *t, int32_t len) {
    if (len < 0 || r->end - r->at < len) {
        r->failed = 1;
        return "";
    }
    char *held = keep(&t->blocks, (size_t)len + 1);
    if (!held) {
        r->failed = 1;
        return "";
    }
    memcpy(held, r->at, (size_t)len);
    r->at += len;
    return held;
}

static double read_double(Reader *r) {
    double value = 0;
    if (r->end - r->at < 8)
        r->failed = 1;
    else {
        memcpy(&value, r->at, 8);
        r->at += 8;
    }
    return value;
}

static Token read_token(Reader *r, Table *t) {
    Token token;
    int32_t *fields[] = {&token.kind, &token.flags, &token.initial, &token.syllables, &token.rarity, &token.text_len, &token.fold_len,
                         &token.bones_len, &token.usual_len, &token.group_count};
    memset(&token, 0, sizeof token);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) *fields[i] = read_int(r);
    token.weight = read_double(r);
    token.text = read_bytes(r, t, token.text_len);
    token.fold = read_bytes(r, t, token.fold_len);
    token.bones = read_bytes(r, t, token.bones_len);
    token.usual = read_bytes(r, t, token.usual_len);
    token.groups = (const int32_t *)read_bytes(r, t, token.group_count * 4);
    return token;
}

/* A record: int 0 for a word, its class and token; int 1 for a shape, 0 or 1 for firm, the kinds of legal form, the count of steps and each. */
static int learn_one(Table *t, const char *key, size_t key_len, const char *record, size_t len) {
    Reader r = {record, record + len, 0};
    Slot *slot = claim(t, key, key_len);
    Entry *entry = keep(&t->blocks, sizeof(Entry));
    if (!slot || !entry) return -1;
    memset(entry, 0, sizeof *entry);
    slot->entry = entry;
    if (!len) return 0; /* REFUSED */
    if (!read_int(&r)) {
        entry->sort = read_int(&r);
        entry->token = read_token(&r, t);
    } else {
        entry->sort = 1;
        entry->firm = read_int(&r);
        entry->legal = read_int(&r);
        entry->count = read_int(&r);
        if (entry->count < 1 || entry->count > MAX_TOKENS) r.failed = 1;
        entry->steps = r.failed ? NULL : keep(&t->blocks, sizeof(Step) * (size_t)entry->count);
        if (!r.failed && !entry->steps) return -1;
        for (int32_t i = 0; !r.failed && i < entry->count; i++) {
            Step *step = &entry->steps[i];
            memset(step, 0, sizeof *step);
            step->how = read_int(&r), step->word = read_int(&r), step->count = read_int(&r), step->pinyin = read_int(&r);
            step->weight = read_double(&r);
            if (step->how == FIXED) step->fixed = read_token(&r, t);
            if (step->word < 0 || step->count < 1 || (size_t)(step->word + step->count) * 2 >= key_len) r.failed = 1;
        }
    }
    if (r.failed || r.at != r.end) {
        entry->sort = REFUSED;
        return -2;
    }
    return 0;
}

/* ---------------------------------------------------------------- one name */

typedef struct {
    const char *source;
    int len;
    const Entry *entry;
} Word;

typedef struct {
    Buffer forms, tokens, letters, groups, starts, columns, doors, counts, missing, shapes;
    int32_t token_count, at, group_at;
    int64_t gram_count;
} Out;

static int is_digit(char c) { return c >= '0' && c <= '9'; }
static int is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static int is_lower(char c) { return c >= 'a' && c <= 'z'; }
static int is_alpha(char c) { return is_upper(c) || is_lower(c); }
static int is_word(char c) { return is_alpha(c) || is_digit(c); }

/* Copy `name` with single blanks; return its length, -1 where it holds a sign that the reference must read. */
static int take_plain(const char *name, Py_ssize_t len, char *text, char *lower, int *numbered) {
    int n = 0, letters = 0;
    *numbered = 0;
    if (len > MAX_NAME) return -1;
    for (Py_ssize_t i = 0; i < len; i++) {
        char c = name[i];
        if (c == ' ') {
            if (n && text[n - 1] != ' ') text[n] = lower[n] = ' ', n++;
            continue;
        }
        if (is_word(c))
            letters = 1;
        else if (c != '.' && c != ',' && c != '\'' && c != '-' && c != '&')
            return -1;
        *numbered |= is_digit(c) || c == '&';
        text[n] = c, lower[n] = is_upper(c) ? (char)(c + 32) : c, n++;
    }
    if (n && text[n - 1] == ' ') n--;
    text[n] = lower[n] = 0;
    for (int i = 3; i + 1 < n; i++)
        if (is_upper(text[i]) && is_alpha(text[i + 1]) && is_lower(text[i - 1]) && is_lower(text[i - 2]) && is_lower(text[i - 3]))
            return -1;
    return letters && strncmp(lower, "messrs", 6) ? n : -1;
}

static int letter_of(char c) { return is_lower(c) ? c - 'a' + 1 : c == ' ' ? 27 : c == '.' ? 28 : 0; }

static int holds_mark(const Table *t, const char *lower, int n) {
    int last = n ? letter_of(lower[0]) : 0;
    for (int i = 0; i + 1 < n; i++) {
        int next = letter_of(lower[i + 1]), at = t->begin[last << 5 | next];
        last = next;
        if (at--)
            for (int len; (len = (uint8_t)t->marks.at[at]); at += len + 1)
                if (i + len <= n && !memcmp(lower + i, t->marks.at + at + 1, (size_t)len)) return 1;
        if (lower[i] == 'n' && lower[i + 1] == 'e' && (!i || !is_word(lower[i - 1])) && (i + 2 == n || !is_word(lower[i + 2])))
            return 1;
    }
    return 0;
}

/* marks: each on a line, sorted. */
static void take_marks(Table *t, const char *marks, Py_ssize_t len) {
    int last = -1;
    for (Py_ssize_t from = 0, at = 0; at <= len; at++)
        if (at == len || marks[at] == '\n') {
            uint8_t size = (uint8_t)(at - from);
            if (at - from >= 2 && at - from < 256) {
                int pair = letter_of(marks[from]) << 5 | letter_of(marks[from + 1]);
                if (pair != last) {
                    if (last >= 0) put(&t->marks, "", 1);
                    t->begin[pair] = (int32_t)t->marks.used + 1;
                    last = pair;
                }
                put(&t->marks, &size, 1);
                put(&t->marks, marks + from, size);
            }
            from = at + 1;
        }
    put(&t->marks, "", 1);
}

typedef struct {
    int what, digits, alpha, comma, empty;
} AddressWord;

static int looks_like_address(const AddressWord *words, int count) {
    int signs = 0, numbers = 0;
    for (int i = 0; i < count; i++) {
        signs += !!(words[i].what & ADDRESS);
        numbers += !words[i].alpha && words[i].digits;
    }
    return signs + numbers >= 2 || (numbers >= 1 && count >= 3);
}

static int branching(const AddressWord *words, int count) {
    for (int i = 0; i < count; i++)
        if (words[i].what & BRANCHING) return 1;
    return 0;
}

/* Tell whether the reference would cut an address or a branch from the end of this text. */
static int holds_address(Table *t, const char *lower, int n) {
    AddressWord words[MAX_NAME];
    char word[MAX_NAME + 1];
    int count = 0;
    word[0] = 'a';
    for (int i = 0; i < n;) {
        AddressWord one = {0, 0, 1, 0, 1};
        int len = 1;
        for (; i < n && lower[i] != ' '; i++) {
            if (is_word(lower[i])) {
                word[len++] = lower[i];
                one.digits |= is_digit(lower[i]);
                one.alpha &= is_alpha(lower[i]);
                one.empty = 0;
            }
            one.comma = lower[i] == ',';
        }
        i++;
        one.alpha &= !one.empty;
        const Slot *slot = find(t, word, (size_t)len);
        if (slot) one.what = slot->number;
        words[count++] = one;
    }
    if (!looks_like_address(words, count) && !branching(words, count)) return 0;
    for (int index = 2; index < count; index++)
        if (words[index - 1].what & LEGAL_WORD) {
            while (index < count && words[index].what & LEGAL_WORD) index++;
            if (index < count && (looks_like_address(words + index, count - index) || branching(words + index, count - index)))
                return 1;
            break;
        }
    for (int index = 1; index + 1 < count; index++)
        if (words[index].comma) {
            int digits = 0;
            for (int i = index + 1; i < count; i++) digits |= words[i].digits;
            if (digits && looks_like_address(words + index + 1, count - index - 1)) return 1;
        }
    return 0;
}

static void miss(Out *out, const char *key, int len) {
    put(&out->missing, key, (size_t)len);
    put(&out->missing, "\n", 1);
}

/* Cut into words; return their number, 0 or -1 where a name is left to the rules, -2 where a word is not learned. */
static int cut_words(Table *t, const char *text, int n, Word *words, Out *out) {
    char key[MAX_NAME + 2];
    int count = 0, missing = 0;
    key[0] = 'w';
    for (int i = 0; i < n;) {
        int from = i;
        if (text[i] == '&')
            i++;
        else if (is_word(text[i])) {
            while (i < n && is_word(text[i])) i++;
            while (i + 1 < n && text[i] == '\'' && is_word(text[i + 1])) {
                i++;
                while (i < n && is_word(text[i])) i++;
            }
        } else {
            i++;
            continue;
        }
        if (count == MAX_WORDS) return -1;
        Word *word = &words[count++];
        word->source = text + from, word->len = i - from;
        memcpy(key + 1, word->source, (size_t)word->len);
        const Slot *slot = find(t, key, (size_t)word->len + 1);
        word->entry = slot ? slot->entry : NULL;
        if (!word->entry)
            miss(out, key, word->len + 1), missing = 1;
        else if (word->entry->sort == REFUSED)
            return -1;
    }
    return missing ? -2 : count;
}

typedef struct {
    Token tokens[MAX_TOKENS];
    int count;
} Cut;

/* Join the tokens of neighbouring words: the letters run together are a word of their own, which must be learned. */
static int join_words(Table *t, const Word *words, int count, Token *joined, Out *out) {
    char key[2 * MAX_NAME];
    *joined = words[0].entry->token;
    for (int i = 1; i < count; i++) {
        const Token *next = &words[i].entry->token;
        int len = 1 + joined->text_len + next->text_len;
        if (len > (int)sizeof key) return HARD;
        key[0] = 'j';
        memcpy(key + 1, joined->text, (size_t)joined->text_len);
        memcpy(key + 1 + joined->text_len, next->text, (size_t)next->text_len);
        const Slot *slot = find(t, key, (size_t)len);
        if (!slot || !slot->entry) {
            miss(out, key, len);
            return UNKNOWN;
        }
        /* what else is joined hangs on the number of syllables: it must be that of the parts */
        if (slot->entry->sort == REFUSED || slot->entry->token.syllables != joined->syllables + next->syllables) return HARD;
        int32_t initial = joined->initial; /* that of the first word as written */
        *joined = slot->entry->token;
        joined->initial = initial;
    }
    return DONE;
}

static int follow(Table *t, const Entry *shape, const Word *words, Cut *cut, Out *out) {
    cut->count = shape->count;
    for (int i = 0; i < shape->count; i++) {
        const Step *step = &shape->steps[i];
        Token *token = &cut->tokens[i];
        if (step->how == FIXED)
            *token = step->fixed;
        else if (step->how == WORD) {
            *token = words[step->word].entry->token;
            if (step->weight >= 0.0) token->weight = step->weight;
            if (!step->pinyin) token->flags &= ~PINYIN;
        } else {
            int told = join_words(t, words + step->word, step->count, token, out);
            if (told != DONE) return told;
        }
    }
    return DONE;
}

/* ---------------------------------------------------------------- what is written of a name */

typedef struct {
    const char *at;
    int len;
} Piece;

static int by_text(const void *a, const void *b) {
    const Piece *x = a, *y = b;
    int least = x->len < y->len ? x->len : y->len, order = memcmp(x->at, y->at, (size_t)least);
    return order ? order : x->len - y->len;
}

static void sort_pieces(Piece *pieces, int count) {
    for (int i = 1; i < count; i++) {
        Piece held = pieces[i];
        int at = i;
        for (; at && by_text(&pieces[at - 1], &held) > 0; at--) pieces[at] = pieces[at - 1];
        pieces[at] = held;
    }
}

static void put_pieces(Buffer *b, const Piece *pieces, int count, int blanks) {
    for (int i = 0; i < count; i++) {
        if (i && blanks) put(b, " ", 1);
        put(b, pieces[i].at, (size_t)pieces[i].len);
    }
}

static int letter_code(char c) {
    if (is_lower(c)) return c - 'a' + 1;
    if (is_digit(c)) return c - '0' + 27;
    return c == ' ' ? 0 : c == '^' ? 37 : c == '$' ? 38 : 39;
}

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static void put_grams(Out *out, const char *text, int len) {
    int count = len - 2, kept = 0;
    int32_t *columns = count > 0 ? more(&out->columns, (size_t)count * 4) : NULL;
    if (columns) {
        int a = letter_code(text[0]), b = letter_code(text[1]);
        for (int i = 0; i < count; i++) {
            int c = letter_code(text[i + 2]);
            columns[i] = a * 1600 + b * 40 + c;
            a = b, b = c;
        }
        qsort(columns, (size_t)count, 4, by_number);
        for (int i = 0; i < count; i++)
            if (!i || columns[i] != columns[i - 1]) columns[kept++] = columns[i];
        out->columns.used -= (size_t)(count - kept) * 4;
        out->gram_count += kept;
    }
    put(&out->starts, &out->gram_count, 8);
}

/* The letters and digits of all words as written, run together; return how many. */
static int run_words(const Word *words, int count, char *run) {
    int len = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < words[i].len && len < MAX_RUN; k++) {
            char c = words[i].source[k];
            if (is_word(c)) run[len++] = is_upper(c) ? (char)(c + 32) : c;
        }
    return len;
}

static int run_pieces(const Piece *pieces, int count, char *run) {
    int len = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < pieces[i].len && len < MAX_RUN; k++) run[len++] = pieces[i].at[k];
    return len;
}

/* The first letters of four to six words, one of them a trade, or the one word of so many letters that may be such; 0 where neither. */
static int initials_of(const Cut *cut, char *found) {
    if (cut->count == 1) {
        const Token *only = &cut->tokens[0];
        if (only->kind != CORE || only->text_len < 4 || only->text_len > 6) return 0;
        memcpy(found, only->text, (size_t)only->text_len);
        return only->text_len;
    }
    if (cut->count < 4 || cut->count > 12) return 0;
    int letters = 0, trades = 0;
    for (int i = 0; i < cut->count; i++) {
        const Token *token = &cut->tokens[i];
        trades += token->kind == TRADE;
        if (token->flags & SKIPPED) continue;
        if (letters == 6 || token->initial >= 128) return 0;
        found[letters++] = (char)token->initial;
    }
    return letters < 4 || !trades ? 0 : letters;
}

static void write_name(Out *out, const Cut *cut, const Entry *shape, const Word *words, int total, Buffer *room) {
    Piece core[MAX_TOKENS], texts[MAX_TOKENS], sorted[MAX_TOKENS], usual[MAX_TOKENS], bones[MAX_TOKENS];
    int naming = 0, bone_count = 0, count = cut->count;
    int32_t first = out->token_count, doors = 3;
    for (int i = 0; i < count; i++) {
        const Token *k = &cut->tokens[i];
        int32_t fields[12] = {out->at, k->text_len, out->at + k->text_len, k->fold_len, out->at + k->text_len + k->fold_len,
                              k->bones_len, out->group_at, k->group_count, k->kind, k->flags, k->initial, k->rarity};
        put(&out->tokens, fields, sizeof fields);
        put(&out->tokens, &k->weight, 8);
        put(&out->letters, k->text, (size_t)k->text_len);
        put(&out->letters, k->fold, (size_t)k->fold_len);
        put(&out->letters, k->bones, (size_t)k->bones_len);
        put(&out->groups, k->groups, (size_t)k->group_count * 4);
        out->at += k->text_len + k->fold_len + k->bones_len;
        out->group_at += k->group_count;
        Piece text = {k->text, k->text_len}, use = {k->usual, k->usual_len}, bone = {k->bones, k->bones_len};
        if (k->kind == CORE || k->kind == INITIAL || k->kind == NUMBER) core[naming++] = text;
        if (k->kind == CORE) bones[bone_count++] = bone;
        texts[i] = text, usual[i] = use;
    }
    out->token_count += count;
    const Piece *named = naming ? core : texts;
    int named_count = naming ? naming : count, core_len = 0;
    for (int i = 0; i < named_count; i++) core_len += named[i].len;
    if (!core_len) named = texts, named_count = count; /* as `or` in the reference: an empty core is no core */
    put(&out->doors, "c:", 2);
    put_pieces(&out->doors, named, named_count, 0);
    put(&out->doors, "\nw:", 3);
    memcpy(sorted, texts, sizeof(Piece) * (size_t)count);
    sort_pieces(sorted, count);
    char run[MAX_RUN], ranked[MAX_RUN];
    int run_len = run_words(words, total, run), ranked_len = run_pieces(sorted, count, ranked);
    int32_t form[14] = {first, count, first + count, 0, 0, 0, 0, shape->firm, out->at, run_len, out->at + run_len, ranked_len, shape->legal, 0};
    put(&out->forms, form, sizeof form);
    put(&out->letters, run, (size_t)run_len);
    put(&out->letters, ranked, (size_t)ranked_len);
    out->at += run_len + ranked_len;
    put_pieces(&out->doors, sorted, count, 1);
    put(&out->doors, "\na:", 3);
    put_pieces(&out->doors, texts, count, 0);
    room->used = 0;
    put(room, "^", 1);
    put_pieces(room, named, named_count, 0);
    put(room, "^", 1);
    sort_pieces(usual, count);
    put_pieces(room, usual, count, 1);
    put(room, "$", 1);
    put_grams(out, room->at, (int)room->used);
    if (bone_count >= 2) {
        sort_pieces(bones, bone_count);
        put(&out->doors, "\nb:", 3);
        put_pieces(&out->doors, bones, bone_count, 1);
        doors++;
    }
    char initials[8];
    int letters = initials_of(cut, initials);
    if (letters) {
        put(&out->doors, "\ni:", 3);
        put(&out->doors, initials, (size_t)letters);
        doors++;
    }
    put(&out->doors, "\n", 1);
    put(&out->counts, &doors, 4);
}

static int prepare_name(Table *t, int32_t place, const char *name, Py_ssize_t len, Out *out, Buffer *room) {
    char text[MAX_NAME + 2], lower[MAX_NAME + 2];
    Word words[MAX_WORDS];
    Cut cut;
    int numbered, n = take_plain(name, len, text, lower, &numbered), from = 0;
    if (n < 0 || holds_mark(t, lower, n)) return HARD;
    while (from < n && (text[from] == ' ' || text[from] == ',' || text[from] == '-')) from++;
    while (n > from && (text[n - 1] == ' ' || text[n - 1] == ',' || text[n - 1] == '-')) n--;
    if ((numbered || n - from > 40 || strstr(lower, "ranch")) && n - from > 12 && holds_address(t, lower + from, n - from))
        return HARD;
    int total = cut_words(t, text + from, n - from, words, out);
    if (total <= 0) return total == -2 ? UNKNOWN : HARD;
    char key[1 + 2 * MAX_WORDS];
    key[0] = 's';
    for (int i = 0; i < total; i++) key[1 + 2 * i] = (char)(words[i].entry->sort & 255), key[2 + 2 * i] = (char)(words[i].entry->sort >> 8);
    const Slot *slot = find(t, key, 1 + 2 * (size_t)total);
    if (!slot || !slot->entry) {
        int32_t size = 1 + 2 * total;
        put(&out->shapes, &place, 4);
        put(&out->shapes, &size, 4);
        put(&out->shapes, key, (size_t)size);
        return UNKNOWN;
    }
    if (slot->entry->sort == REFUSED) return HARD;
    int told = follow(t, slot->entry, words, &cut, out);
    if (told == DONE) write_name(out, &cut, slot->entry, words, total, room);
    return told;
}

/* ---------------------------------------------------------------- Python */

static const char *TABLE = "tidegate._names.table";

static void forget(PyObject *capsule) {
    Table *t = PyCapsule_GetPointer(capsule, TABLE);
    if (!t) return;
    for (Block *block = t->blocks, *next; block; block = next) next = block->next, free(block);
    free(t->marks.at);
    free(t->slots);
    free(t);
}

static void put_set(Table *t, char sign, int32_t number, const char *text, Py_ssize_t len, int *failed) {
    char key[1024];
    key[0] = sign;
    for (Py_ssize_t from = 0, at = 0; at <= len; at++)
        if (at == len || text[at] == '\n') {
            if (at > from && at - from < (Py_ssize_t)sizeof key - 1) {
                memcpy(key + 1, text + from, (size_t)(at - from));
                Slot *slot = claim(t, key, (size_t)(at - from) + 1);
                if (slot)
                    slot->number |= number;
                else
                    *failed = 1;
            }
            from = at + 1;
        }
}

static PyObject *table(PyObject *self, PyObject *args) {
    const char *text[4];
    Py_ssize_t len[4];
    int failed = 0;
    (void)self;
    if (!PyArg_ParseTuple(args, "y#y#y#y#", &text[0], &len[0], &text[1], &len[1], &text[2], &len[2], &text[3], &len[3]))
        return NULL;
    Table *t = calloc(1, sizeof(Table));
    if (t) t->size = 1 << 15, t->slots = calloc(t->size, sizeof(Slot));
    if (!t || !t->slots) {
        free(t);
        return PyErr_NoMemory();
    }
    PyObject *capsule = PyCapsule_New(t, TABLE, forget);
    if (!capsule) return NULL;
    put_set(t, 'a', ADDRESS, text[0], len[0], &failed);
    put_set(t, 'a', BRANCHING, text[1], len[1], &failed);
    put_set(t, 'a', LEGAL_WORD, text[2], len[2], &failed);
    take_marks(t, text[3], len[3]);
    if (failed || t->marks.failed) {
        Py_DECREF(capsule);
        return PyErr_NoMemory();
    }
    return capsule;
}

static PyObject *learn(PyObject *self, PyObject *args) {
    PyObject *capsule;
    const char *key, *record;
    Py_ssize_t key_len, len;
    (void)self;
    if (!PyArg_ParseTuple(args, "Oy#y#", &capsule, &key, &key_len, &record, &len)) return NULL;
    Table *t = PyCapsule_GetPointer(capsule, TABLE);
    if (!t) return NULL;
    int told = learn_one(t, key, (size_t)key_len, record, (size_t)len);
    if (told == -1) return PyErr_NoMemory();
    if (told) {
        PyErr_SetString(PyExc_ValueError, "learn: the record does not fit");
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *prepare(PyObject *self, PyObject *args) {
    PyObject *capsule, *given;
    (void)self;
    if (!PyArg_ParseTuple(args, "OO", &capsule, &given)) return NULL;
    Table *t = PyCapsule_GetPointer(capsule, TABLE);
    PyObject *names = t ? PySequence_Tuple(given) : NULL; /* holds the names while the GIL is free */
    if (!names) return NULL;
    Py_ssize_t count = PyTuple_Size(names);
    const char **texts = malloc(((size_t)count + 1) * sizeof *texts);
    Py_ssize_t *lens = malloc(((size_t)count + 1) * sizeof *lens);
    char *status = malloc((size_t)count + 1);
    Out out;
    Buffer room = {0};
    PyObject *result = NULL;
    memset(&out, 0, sizeof out);
    if (!texts || !lens || !status) {
        PyErr_NoMemory();
        goto end;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        texts[i] = PyUnicode_AsUTF8AndSize(PyTuple_GetItem(names, i), &lens[i]);
        if (!texts[i]) { /* a lone surrogate has no UTF-8: the reference reads it; anything but text is an error */
            if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) goto end;
            PyErr_Clear();
            lens[i] = -1;
        }
    }
    Py_BEGIN_ALLOW_THREADS
    put(&out.starts, &out.gram_count, 8);
    for (Py_ssize_t i = 0; i < count; i++)
        status[i] = (char)(lens[i] < 0 ? HARD : prepare_name(t, (int32_t)i, texts[i], lens[i], &out, &room));
    Py_END_ALLOW_THREADS
    Buffer *written[] = {&out.missing, &out.shapes, &out.forms, &out.tokens, &out.letters, &out.groups, &out.starts, &out.columns, &out.doors, &out.counts};
    int failed = room.failed;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) failed |= written[i]->failed;
    if (failed) {
        PyErr_NoMemory();
        goto end;
    }
    result = PyTuple_New(11);
    if (!result) goto end;
    for (Py_ssize_t i = 0; i < 11; i++) {
        PyObject *part = i == 10 ? PyBytes_FromStringAndSize(status, count)
                                : PyBytes_FromStringAndSize(written[i]->at, (Py_ssize_t)written[i]->used);
        if (!part || PyTuple_SetItem(result, i, part)) {
            Py_CLEAR(result);
            goto end;
        }
    }
end:
    free(texts);
    free(lens);
    free(status);
    free(room.at);
    free(out.missing.at), free(out.shapes.at), free(out.forms.at), free(out.tokens.at), free(out.letters.at), free(out.groups.at);
    free(out.starts.at), free(out.columns.at), free(out.doors.at), free(out.counts.at);
    Py_DECREF(names);
    return result;
}

static PyMethodDef methods[] = {
    {"table", table, METH_VARARGS, "A new table: words of addresses, of branches and of legal forms, and marks of a second name, each on a line."},
    {"learn", learn, METH_VARARGS, "Put one record in a table; an empty one refuses the word or shape."},
    {"prepare", prepare, METH_VARARGS, "Keys to be learned, shapes to be learned, then packed tokens, 3-grams and exact keys, then a status a name."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_names", "Plain names made ready for comparison.", 0, methods, NULL, NULL, NULL, NULL};

#define FORM 1 /* goes up with every change of what the functions take or give: see screening/native.py */

PyMODINIT_FUNC PyInit__names(void) {
    PyObject *made = PyModule_Create(&module);
    if (made && PyModule_AddIntConstant(made, "FORM", FORM) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
