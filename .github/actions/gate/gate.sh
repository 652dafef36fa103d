#!/usr/bin/env bash
# Asks the gate with what the action was given, and tells GitHub what it said. Fails when the gate is closed.
set -uo pipefail
product=$(cd "$(dirname "$0")/../../.." && pwd)
case $HISTORY in
  s3://*) ;;
  *) HISTORY=$(realpath -m "$HISTORY") ;;
esac

call=(gate --json --drill "$DRILL" --history "$HISTORY" --max-age "$MAX_AGE")
[ -n "${RTO:-}" ] && call+=(--rto "$RTO")
[ -n "${RPO:-}" ] && call+=(--rpo "$RPO")
[ -n "${INSTALLED:-}" ] && call+=(--installed-version "$INSTALLED")
[ -n "${TO:-}" ] && call+=(--to-version "$TO")

answer=$(npm --prefix "$product" run -s drill -- "${call[@]}")
code=$?
open=$(jq -r '.open // false' <<<"$answer" 2>/dev/null || echo false)
reason=$(jq -r '.reason // empty' <<<"$answer" 2>/dev/null | tr '\n' ' ')
reason=${reason:-the gate gave no answer, and ended with $code}

{
  echo "open=${open:-false}"
  echo "reason=$reason"
} >>"$GITHUB_OUTPUT"
if [ "$code" -eq 0 ] && [ "$open" = true ]; then
  echo "Open: $reason" | tee -a "$GITHUB_STEP_SUMMARY"
else
  echo "Shut: $reason" >>"$GITHUB_STEP_SUMMARY"
  echo "::error title=The upgrade has to wait::$reason"
  exit 1
fi
