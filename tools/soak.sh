#!/bin/sh
# soak.sh: the long fault and property runs. SEEDS and CRASHES say how many; each run prints the seed it can be replayed by.
set -u
export TIDEGATE_CRASHES="${CRASHES:-60}"
export TIDEGATE_LINK_SEEDS="${SEEDS:-2000}"
export HYPOTHESIS_PROFILE=soak
.venv/bin/pytest -n 2 tests/exchange tests/gate tests/trust tests/store tests/node -m "not browser" -p no:cacheprovider &&
  .venv/bin/pytest -m story tests/demo
