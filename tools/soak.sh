#!/bin/sh
# soak.sh: the long fault and property runs. SEEDS and CRASHES say how many; a failing seed is printed and replays.
set -eu
.venv/bin/python bench/soak.py --seeds "${SEEDS:-2000}" --crashes "${CRASHES:-60}" --every-bit --story
.venv/bin/pytest -n 2 tests/exchange tests/gate tests/trust tests/store tests/node \
  -m "not browser" -p no:cacheprovider
