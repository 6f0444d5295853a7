#!/bin/sh
# test.sh: lint, types, walls and every suite, each with its seconds. Stops with 1 if any of them failed.
set -u
bin=.venv/bin
failed=""
chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$chromium" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing Debian's chromium and a font for Chinese" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk; } >/dev/null 2>&1 ||
    echo "chromium could not be installed: the browser suite will say that it was skipped"
fi

suite() {
  name=$1
  shift
  begin=$(date +%s)
  "$@"
  code=$?
  echo "== $name: $(($(date +%s) - begin)) s, $([ $code = 0 ] && echo passed || echo "FAILED ($code)")"
  [ $code = 0 ] || failed="$failed $name"
}

suite lint $bin/ruff check -q src tests bench tools
suite format $bin/ruff format -q --check src tests bench tools
suite types $bin/mypy
suite walls $bin/lint-imports
suite units $bin/pytest -n 2 -m "not browser and not story"
suite browser $bin/pytest -m "browser and not story"
suite story $bin/pytest -m story
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
echo "all suites passed"
