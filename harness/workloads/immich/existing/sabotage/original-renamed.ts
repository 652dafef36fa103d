import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'original-renamed',
  about: 'An original has its name in capitals, as some disks and shares give it back.',
  ruins: 'media',
  fits: (copy) => fitsWhen(victimIn(copy) !== undefined, 'no original has a small letter in its name'),
  ruin: async (copy) => {
    const path = victimIn(copy) ?? '';
    await copy.run('mv -n "$1" "$2"', `${copy.media.path}/${path}`, `${copy.media.path}/${inCapitals(path)}`);
  },
};

function victimIn(copy: BackupCopy): string | undefined {
  const there = new Set(copy.files.map(({ path }) => path));
  return originalsOf(copy).findLast(({ path }) => !there.has(inCapitals(path)))?.path;
}

function inCapitals(path: string): string {
  const cut = path.lastIndexOf('/') + 1;
  return path.slice(0, cut) + path.slice(cut).toUpperCase();
}

export default sabotage;
