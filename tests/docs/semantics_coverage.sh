#!/usr/bin/env bash
# docs/semantics-coverage.md: no row without a test, and every test that it names exists.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
page=$HINDSIGHT_SOURCE/docs/semantics-coverage.md
programs=$HINDSIGHT_SOURCE/tests/programs

exists() {  # NAME: a file or folder of tests/, a program (racy/x, clean/x, or x for both), or Suite.Test
  local name=$1 group
  [[ $name != tests/* && $name != docs/* && $name != examples/* ]] || { [ -e "$HINDSIGHT_SOURCE/$name" ]; return; }
  case $name in
    racy/* | clean/*) compgen -G "$programs/$name.c*" >/dev/null ;;
    *.*) grep -rqE "TEST(_F|_P)?\(${name%%.*}, *${name#*.}\)" "$HINDSIGHT_SOURCE/tests/unit" "$HINDSIGHT_SOURCE/tests/model" ;;
    *) for group in racy clean; do compgen -G "$programs/$group/$name.c*" >/dev/null || return 1; done ;;
  esac
}

rows=0
while IFS= read -r row; do
  IFS='|' read -r _ sentence tests _ <<<"$row"
  [[ $sentence =~ ^\ *-+\ *$ || $tests == " shown by " ]] && continue
  rows=$((rows + 1))
  names=$(grep -oE '`[^`]+`' <<<"$tests" | tr -d '`')
  [ -n "$names" ] || fail "no test for:$sentence"
  while read -r name; do exists "$name" || fail "no test '$name', for:$sentence"; done <<<"$names"
done < <(grep '^|' "$page")
[ $rows -gt 100 ] || fail "only $rows rows in $page"
