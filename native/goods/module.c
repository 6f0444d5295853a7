/* The native scan of the goods screen: one pass over the bytes of an Arrow string column, without the GIL.

   scan  fold every row, leave out what a chemical name may or may not hold, and give back the rows that hold a register
         name at a place where one can stand, a CAS number that matters or an InChIKey, with the names found
         (tidegate.screening.goods_seek is the reference and does the same where no compiler was).

   Stable ABI of Python 3.11: buffers come through the buffer protocol, nothing else of Python is touched. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "goods.h"

static PyObject *scan(PyObject *self, PyObject *args) {
    PyObject *o[14];
    int wide;
    Py_ssize_t first, rows;
    (void)self;
    if (!PyArg_ParseTuple(args, "OOinnOOOOOOOOOOOO", &o[0], &o[1], &wide, &first, &rows, &o[2], &o[3], &o[4], &o[5], &o[6],
                          &o[7], &o[8], &o[9], &o[10], &o[11], &o[12], &o[13]))
        return NULL;
    Py_buffer v[14];
    for (int i = 0; i < 14; i++)
        if (PyObject_GetBuffer(o[i], &v[i], PyBUF_CONTIG_RO) < 0) {
            while (i--) PyBuffer_Release(&v[i]);
            return NULL;
        }
    Tables *t = calloc(1, sizeof(Tables));
    Row row = {0};
    Out seen = {0}, names = {0};
    int failed = t == NULL;
    if (!failed) {
        t->fold_at = v[2].buf, t->fold_starts = v[3].buf, t->folds = v[4].buf;
        t->bytes = v[5].buf, t->starts = v[6].buf, t->keys = v[7].buf, t->rules = v[8].buf;
        t->patterns = (int32_t)(v[8].len);
        t->numbers = v[9].buf, t->numbers_held = v[9].len / 8;
        t->units = v[10].buf, t->units_length = (size_t)v[10].len;
        t->words = v[11].buf, t->words_length = (size_t)v[11].len, t->plain = v[12].buf;
        t->terms = v[13].buf, t->terms_length = (size_t)v[13].len;
        failed = v[2].len < 131072 || !build(t);
    }
    const uint8_t *data = v[0].buf;
    int64_t held = v[0].len, offsets_held = v[1].len / (wide ? 8 : 4);
    int outside = 0;
    if (!failed) {
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
            int said = -1;
#ifdef BY_SIXTEEN
            said = read_sixteens(&row, data + from, (size_t)(upto - from));
#endif
            if (said < 0 && (said = fold_row(t, &row, data + from, (size_t)(upto - from))) == 1) squash_row(t, &row);
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
    }
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
    if (t) {
        free(t->blurred);
        free(t->begun);
        free(t->brief);
    }
    free(t);
    free(row.fold);
    free(row.squashed);
    free(row.place);
    free(row.byte);
    free(row.opens);
    free(seen.data);
    free(names.data);
    for (int i = 0; i < 14; i++) PyBuffer_Release(&v[i]);
    return answer;
}

static PyMethodDef methods[] = {
    {"scan", scan, METH_VARARGS,
     "scan(data, offsets, wide, first, rows, fold_at, fold_starts, folds, bytes, starts, keys, rules, numbers, units, words, plain, terms) "
     "-> (rows seen as int32 x 5: row, flags, first name, end of names, whether its one name is plain; names as int32 x 5: row, key or ~key for a slip, "
     "start, end, length)"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_goods", NULL, -1, methods, NULL, NULL, NULL, NULL};

#define FORM 2 /* goes up with every change of what the functions take or give: see screening/native.py */

PyMODINIT_FUNC PyInit__goods(void) {
    PyObject *made = PyModule_Create(&definition);
    if (made && PyModule_AddIntConstant(made, "FORM", FORM) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}
