import type { OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { earlier } from './mechanisms/earlier.ts';
import { fitsSql } from './mechanisms/sql.ts';

const DAYS = 92;
/** It is the newest that there is: the others of its folder go, and the marker stays. */
const RUIN = `set -e
find "$(dirname "$1")" -mindepth 1 -maxdepth 1 -type f ! -name .immich ! -path "$1" -delete
touch -d "@$(($(stat -c %Y "$1") - ${DAYS} * 86400))" "$1"
[ "$1" = "$2" ] || mv "$1" "$2"`;

const sabotage: OwnSabotage = {
  name: 'dump-older',
  about: 'The dump is three months older: whatever made it has stopped.',
  ruins: 'dumps',
  advice: 'Set an objective, such as `objectives: { rpo: 24h }`.',
  // An archive of pg_dump has its time inside.
  fits: fitsSql,
  ruin: async (copy) => {
    const path = copy.dump?.path ?? '';
    const cut = path.lastIndexOf('/') + 1;
    const older = path.slice(0, cut) + earlier(path.slice(cut), DAYS);
    await copy.run(RUIN, `${copy.dumps.path}/${path}`, `${copy.dumps.path}/${older}`);
  },
};

export default sabotage;
