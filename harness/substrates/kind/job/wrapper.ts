/** Marks lines of our own in a log; no program writes it. */
export const MARK = '\u001e';

/** How much of the standard output comes back, from its end. */
const STDOUT_KEPT_BYTES = 64 * 1024;

/** A folder of the pod beside the scratch folder, so that programs find nothing in the latter but their own. */
export const OWN_FOLDER = '/drill';

/**
 * Runs one program and tells in the log when, with which exit code, and what it wrote on its standard output: a log may
 * be cut without an error, so it has a first and a last line, and the output its length and digest. Arguments: where
 * the output goes (empty: into the log), where the input comes from (empty: nowhere), the folder, the exit codes that
 * are fine, and the program with its own arguments. Times are those of the machine's clock since it started, which is
 * finer than what Kubernetes tells.
 */
export const WRAPPER = `
mkdir -p "$HOME"
out=$1 in=$2 ok=$4
cd "$3" || exit 125
shift 4
kept=${OWN_FOLDER}/stdout
read -r now rest </proc/uptime
printf '\\036begin %s\\n' "$now"
exec 3>&1
"$@" <"\${in:-/dev/null}" >"\${out:-$kept}" 2>&3
code=$?
read -r now rest </proc/uptime
printf '\\n'
if [ -z "$out" ]; then
  tail -c ${STDOUT_KEPT_BYTES} "$kept" >"$kept.end"
  sum=$(sha256sum <"$kept.end")
  printf '\\036stdout %s %s\\n' "$(wc -c <"$kept" | tr -d ' ')" "\${sum%% *}"
  base64 "$kept.end"
fi
printf '\\036end %s %s\\n' "$now" "$code"
for fine in $ok; do [ "$fine" != "$code" ] || exit 0; done
[ "$code" != 0 ] || exit 125
exit "$code"
`;
