#!/bin/sh
# bench.sh [BENCH...]: ratios beside named peers in the same run; each bench writes bench/results/NAME.json and prints its figures.
# The peers of names and pairs get an environment of their own, .venv/peers; where it cannot be made the benches say why.
set -u
peers=.venv/peers

install_peers() {
  [ -n "${TIDEGATE_PEER_PYTHON:-}" ] && return 0
  [ -f $peers/installed ] && [ ! requirements/bench.txt -nt $peers/installed ] && return 0
  echo "installing the peers (requirements/bench.txt), two minutes at most" >&2
  if ! pkg-config --exists icu-uc icu-i18n 2>/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq libicu-dev pkg-config g++; } \
      >/dev/null 2>&1 || true
  fi
  rm -f $peers/installed
  .venv/bin/python -m venv $peers &&
    $peers/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/bench.txt \
      2>.venv/peers.log && touch $peers/installed
}

failed=""
[ $# -gt 0 ] || set -- goods names pairs alarm endtoend exchange desk
case " $* " in *" names "* | *" pairs "*)
  install_peers || echo "the peers could not be installed: $(grep -m1 -i error .venv/peers.log)" ;;
esac
for bench in "$@"; do
  [ -f "bench/$bench.py" ] || continue
  begin=$(date +%s)
  .venv/bin/python "bench/$bench.py" || failed="$failed $bench"
  echo "== $bench: $(($(date +%s) - begin)) s"
done
.venv/bin/python bench/tables.py
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
