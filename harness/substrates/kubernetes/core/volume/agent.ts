export { quoted } from '../../../../model/shell-word.ts';

/** Where a volume agent finds its volume. */
export const KEPT_AT = '/volume';
/** How much of what a script says comes back, from its end. */
const SAID_BYTES = 64 * 1024;

/**
 * Runs scripts for the harness, in the folder of the volume. A request is a line `<id> <bytes of script> <bytes of
 * input>` with both behind it; the answer a line `<id> <exit code> <bytes of output> <bytes of errors> <SHA-256 of the
 * output>` with both behind it. GNU head reads not one byte more than it is asked for.
 */
export function agent(folder: string): string {
  return `
t=$(mktemp -d) && mkdir -p ${folder} && cd ${folder} || exit 1
while IFS=' ' read -r id script input; do
  head -c "$script" >"$t/do" && head -c "$input" >"$t/in" || exit 1
  sh "$t/do" <"$t/in" >"$t/out" 2>"$t/said"
  code=$?
  tail -c ${SAID_BYTES} "$t/said" >"$t/err"
  sum=$(sha256sum <"$t/out")
  printf '%s %s %s %s %s\\n' "$id" "$code" "$(wc -c <"$t/out")" "$(wc -c <"$t/err")" "\${sum%% *}"
  cat "$t/out" "$t/err"
done
`;
}

/** A share of a manifest: every so manieth entry of the sorted listing, counted from 0. */
export interface Share {
  /** A number, or a shell word that becomes one. */
  readonly index: string;
  readonly of: number;
  /** A file for the digest of the listing that all shares are of. */
  readonly listing: string;
}

/**
 * Prints every entry below the folder as records that end in NUL, sorted by path as bytes. Each is `<facts>/<path>`; an
 * entry has one `<type> <mode> <uid> <gid> <mtime> <size>/`, then a file one `#<SHA-1> <SHA-256>/` and a link one
 * `=<target in base64>/`. Facts have no `/`, so that sorting by what follows the first one is sorting by path. The last
 * record is `.<number of the others> <SHA-256 of the others>`. Of a share, only its own entries.
 */
export function manifestScript(folder: string, share?: Share): string {
  const own = share
    ? `sha256sum <"$t/listing" >${share.listing}
sed -z -n "$((${share.index} + 1))~${share.of}p" "$t/listing" >"$t/facts"`
    : 'mv "$t/listing" "$t/facts"';
  return `
set -e
export LC_ALL=C
t=$(mktemp -d)
trap 'rm -rf "$t"' EXIT
mkdir -p ${folder}
cd ${folder}
find . -mindepth 1 -printf '%y %m %U %G %T@ %s/%P\\0' | sort -z -t/ -k2 >"$t/listing"
${own}
hashes() {
  sed -z -n 's|^f [^/]*/||p' "$t/facts" | xargs -0 -r "$1" -z -- >"$t/$1.raw" && sed -z 's|  |/|' "$t/$1.raw" | sort -z -t/ -k2 >"$t/$1"
}
sed -z -n 's|^l [^/]*/||p' "$t/facts" | xargs -0 -r -n1 sh -c 'printf "=%s/%s\\0" "$(readlink -n -- "$0" | base64 -w0)" "$0"' | sort -z -t/ -k2 >"$t/links"
hashes sha1sum & one=$!
hashes sha256sum
wait $one
cut -z -d/ -f1 "$t/sha1sum" >"$t/first"
paste -z -d' ' "$t/first" "$t/sha256sum" | sed -z 's/^/#/' >"$t/hashes"
sort -z -s -m -t/ -k2 "$t/facts" "$t/hashes" "$t/links" >"$t/all"
cat "$t/all"
sum=$(sha256sum <"$t/all")
printf '.%s %s\\0' "$(tr -dc '\\0' <"$t/all" | wc -c)" "\${sum%% *}"
`;
}
