import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { fitsWhen, originalsOf } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'originals-swapped',
  about: 'Two originals have changed places: every name is there, and every byte.',
  ruins: 'media',
  advice: 'Leave out `sample`, or make it larger: what it does not restore is judged by its name and size alone.',
  fits: (copy) => fitsWhen(pairIn(copy) !== undefined, 'no two originals have different bytes'),
  ruin: async (copy) => {
    const [one = '', other = ''] = (pairIn(copy) ?? []).map((path) => `${copy.media.path}/${path}`);
    await copy.run('mv "$1" swapping && mv "$2" "$1" && mv swapping "$2"', one, other);
  },
};

/** Of the same size where there are such: nothing but their bytes tells them apart then. */
function pairIn(copy: BackupCopy): readonly [string, string] | undefined {
  const all = originalsOf(copy).filter(({ sha1 }) => sha1 !== '');
  const bySize = new Map(all.map((one) => [one.sizeBytes, one] as const));
  const alike = all.find((one) => isOther(one, bySize.get(one.sizeBytes)));
  const twin = alike && bySize.get(alike.sizeBytes);
  if (alike && twin) return [alike.path, twin.path];
  const [first] = all;
  const second = first && all.find((one) => isOther(first, one));
  return first && second && [first.path, second.path];
}

type Original = ReturnType<typeof originalsOf>[number];

function isOther(one: Original, other: Original | undefined): boolean {
  return other !== undefined && other.path !== one.path && other.sha1 !== one.sha1;
}

export default sabotage;
