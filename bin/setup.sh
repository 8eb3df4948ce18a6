# Sourced by bin/up and bin/test: a Python, a virtual environment, the locked requirements. Quiet when there is nothing
# to do. Every download is checked against the hashes in the repository.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export HOUSEFULL_BEGAN=${HOUSEFULL_BEGAN:-$(date +%s)}
venv=.venv
unfinished=$venv/.unfinished   # there while something is being put into the environment; a kill leaves it behind
installed=$venv/.installed     # the sums of the requirement files that are in it

fail() { printf 'Cannot start: %s\n' "$1" >&2; exit 1; }
step() { printf '%6.1fs  %s\n' "$(($(date +%s) - HOUSEFULL_BEGAN))" "$1"; }

find_python() {
  local candidate
  for candidate in python3.11 python3 python3.12 python3.13 python3.14; do
    # Started, not only found: a pyenv shim may exist for a version that is not there.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      python=$(command -v "$candidate")
      return
    fi
  done
  fail 'Python 3.11 or newer was not found. On Debian or Ubuntu, as root: apt-get install python3 python3-venv'
}

sum_of() { "$python" -c 'import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$1"; }

make_environment() {
  if [[ ! -e $unfinished ]] && "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    return
  fi
  "$python" -c 'import venv, ensurepip' 2>/dev/null ||
    fail "$python cannot make virtual environments. On Debian or Ubuntu, as root: apt-get install python3-venv"
  step "making $venv"
  rm -rf "$venv"
  mkdir "$venv"
  touch "$unfinished"
  "$python" -m venv "$venv" || fail "$python -m venv $venv failed. On Debian or Ubuntu, as root: apt-get install python3-venv"
}

# pip looks into local directories that may not be there and says so each time.
pip_install() {
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 || "$venv/bin/python" -m ensurepip >/dev/null
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes "$@" 2> >(grep -v 'is ignored' >&2)
}

# uv needs seconds where pip needs half a minute; whatever goes wrong with it, pip does the work. Compiled at once, as
# pip does: else each process of the program does it again where bytecode is not kept.
install_file() {
  local uv
  uv=$(command -v uv || echo "$venv/bin/uv")
  [[ -x $uv ]] || pip_install -r bin/uv.txt >/dev/null 2>&1 || true
  if [[ -x $uv ]] && "$uv" pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes -r "$1" 2>"$venv/uv.log"; then
    return
  fi
  pip_install -r "$1" || fail "the requirements could not be installed from $1; see above."
}

# install FILE [FILE IT CONTAINS...]
install() {
  make_environment
  local sum
  sum=$(sum_of "$1")
  if [[ ! -e $unfinished ]] && grep -qsx "$sum" "$installed"; then
    return
  fi
  step "installing $1"
  touch "$unfinished"
  install_file "$1"
  local file
  for file in "$@"; do sum_of "$file"; done >"$installed"
  rm "$unfinished"
  step 'installed'
}
