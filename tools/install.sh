#!/bin/sh
# install.sh PYTHON SET: make .venv and put the hash-pinned SET (node or test) and Tidegate itself into it.
set -eu
python=$1
set_=$2
export PIP_DISABLE_PIP_VERSION_CHECK=1
if [ ! -x .venv/bin/python ]; then
  "$python" -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Tidegate needs Python 3.11 or newer")'
  "$python" -m venv .venv
fi
echo "installing requirements/$set_.txt" >&2
.venv/bin/python -m pip install -q --require-hashes -r "requirements/$set_.txt" 2>.venv/install.log ||
  { cat .venv/install.log >&2; exit 1; }
.venv/bin/python -m pip install -q --no-deps -e . 2>>.venv/install.log || { cat .venv/install.log >&2; exit 1; }
touch .venv/.node-stamp
[ "$set_" = node ] || touch .venv/.test-stamp
