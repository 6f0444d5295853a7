#!/bin/sh
# bench.sh: ratios beside named peers in the same run; each bench writes bench/results/NAME.json and prints its figures.
set -u
failed=""
for bench in goods names pairs alarm endtoend exchange desk; do
  [ -f "bench/$bench.py" ] || continue
  begin=$(date +%s)
  .venv/bin/python "bench/$bench.py" || failed="$failed $bench"
  echo "== $bench: $(($(date +%s) - begin)) s"
done
.venv/bin/python bench/tables.py
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
