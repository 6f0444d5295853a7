/* The native scan of the goods screen: one pass over the bytes of an Arrow string column, without the GIL.

   scan  fold every row, leave out what a chemical name may or may not hold, and give back the rows that hold a register
         name at a place where one can stand, a CAS number that matters or an InChIKey, with the names found
         (tidegate.screening.goods_seek is the reference and does the same where no compiler was).

   Stable ABI of Python 3.11: buffers come through the buffer protocol, nothing else of Python is touched. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "goods.h"

enum { TABLES = 14 };

/* What the scan knows of an index, with the buffers that it lies in. */
typedef struct {
    Tables tables;
    Py_buffer views[TABLES];
} Held;

static const char NAME[] = "tidegate._goods.tables";

static void let_go(PyObject *capsule) {
    Held *held = PyCapsule_GetPointer(capsule, NAME);
    if (held == NULL) return;
    free(held->tables.blurred);
    free(held->tables.begun);
    free(held->tables.brief);
    free(held->tables.units.all);
    free(held->tables.words.all);
    free(held->tables.terms.all);
    for (int i = 0; i < TABLES; i++) PyBuffer_Release(&held->views[i]);
    free(held);
}

static PyObject *tables(PyObject *self, PyObject *args) {
    (void)self;
    if (PyTuple_Size(args) != TABLES) {
        PyErr_Format(PyExc_TypeError, "expected %d tables, got %zd", TABLES, PyTuple_Size(args));
        return NULL;
    }
    Held *held = calloc(1, sizeof(Held));
    if (held == NULL) return PyErr_NoMemory();
    Py_buffer *v = held->views;
    for (int i = 0; i < TABLES; i++)
        if (PyObject_GetBuffer(PyTuple_GetItem(args, i), &v[i], PyBUF_CONTIG_RO) < 0) {
            while (i--) PyBuffer_Release(&v[i]);
            free(held);
            return NULL;
        }
    PyObject *capsule = PyCapsule_New(held, NAME, let_go);
    if (capsule == NULL) {
        for (int i = 0; i < TABLES; i++) PyBuffer_Release(&v[i]);
        free(held);
        return NULL;
    }
    Tables *t = &held->tables;
    t->fold_at = v[0].buf, t->fold_starts = v[1].buf, t->folds = v[2].buf, t->greek = v[3].buf, t->letters = v[4].buf;
    t->bytes = v[5].buf, t->starts = v[6].buf, t->keys = v[7].buf, t->rules = v[8].buf;
    t->patterns = (int32_t)v[8].len;
    t->numbers = v[9].buf, t->numbers_held = v[9].len / 8;
    t->plain = v[12].buf;
    if (v[0].len != 2 * 65536 || v[3].len != 2 * 4 * 145 || v[4].len != 65536 / 8 || v[6].len != 4 * (v[8].len + 1)) {
        PyErr_SetString(PyExc_ValueError, "a table of the goods scan has another length than the others ask for");
        Py_DECREF(capsule);
        return NULL;
    }
    if (!build(t) || !build_lexicon(&t->units, v[10].buf, (size_t)v[10].len, 0) || !build_lexicon(&t->words, v[11].buf, (size_t)v[11].len, 1) ||
        !build_lexicon(&t->terms, v[13].buf, (size_t)v[13].len, 0)) {
        Py_DECREF(capsule);
        return PyErr_NoMemory();
    }
    return capsule;
}

/* Fold one row and leave out what a name may or may not hold: 0 where memory is short, 1, or 2 where only Python reads it. */
static int fold_text(const Tables *t, Row *row, const uint8_t *text, size_t length) {
    int said = -1;
#ifdef BY_SIXTEEN
    said = read_sixteens(row, text, length);
#endif
    if (said < 0 && (said = fold_row(t, row, text, length)) == 1) squash_row(t, row);
    return said;
}

static PyObject *scan(PyObject *self, PyObject *args) {
    PyObject *capsule, *texts, *offsets;
    int wide;
    Py_ssize_t first, rows;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOOinn", &capsule, &texts, &offsets, &wide, &first, &rows)) return NULL;
    const Held *known = PyCapsule_GetPointer(capsule, NAME);
    if (known == NULL) return NULL;
    const Tables *t = &known->tables;
    Py_buffer v[2];
    if (PyObject_GetBuffer(texts, &v[0], PyBUF_CONTIG_RO) < 0) return NULL;
    if (PyObject_GetBuffer(offsets, &v[1], PyBUF_CONTIG_RO) < 0) {
        PyBuffer_Release(&v[0]);
        return NULL;
    }
    Row row = {0};
    Out seen = {0}, names = {0};
    int failed = 0;
    const uint8_t *data = v[0].buf;
    int64_t held = v[0].len, offsets_held = v[1].len / (wide ? 8 : 4);
    int outside = 0;
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
        int said = fold_text(t, &row, data + from, (size_t)(upto - from));
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
    free(row.fold);
    free(row.squashed);
    free(row.place);
    free(row.byte);
    free(row.opens);
    free(seen.data);
    free(names.data);
    PyBuffer_Release(&v[0]);
    PyBuffer_Release(&v[1]);
    return answer;
}

static PyMethodDef methods[] = {
    {"tables", tables, METH_VARARGS,
     "tables(fold_at, fold_starts, folds, greek, letters, bytes, starts, keys, rules, numbers, units, words, plain, terms) "
     "-> what scan knows of an index"},
    {"scan", scan, METH_VARARGS,
     "scan(tables, data, offsets, wide, first, rows) "
     "-> (rows seen as int32 x 5: row, flags, first name, end of names, whether its one name is plain; names as int32 x 5: row, key or ~key for a slip, "
     "start, end, length)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_goods", NULL, -1, methods, NULL, NULL, NULL, NULL};

#define FORM 3 /* goes up with every change of what the functions take or give: see screening/native.py */

PyMODINIT_FUNC PyInit__goods(void) {
    PyObject *made = PyModule_Create(&definition);
    if (made && PyModule_AddIntConstant(made, "FORM", FORM) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
