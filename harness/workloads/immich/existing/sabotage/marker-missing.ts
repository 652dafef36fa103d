import type { BackupCopy, OwnSabotage } from '../../../../existing/sabotage/own-sabotage.ts';
import { MARKER, MEDIA_FOLDERS } from '../../layout.ts';
import { fitsWhen } from './mechanisms/victims.ts';

const sabotage: OwnSabotage = {
  name: 'marker-missing',
  about: `A folder has lost the file ${MARKER}, without which Immich does not start.`,
  ruins: 'media',
  fits: (copy) => fitsWhen(markerIn(copy) !== undefined, 'no folder has a marker'),
  ruin: async (copy) => await copy.media.remove(markerIn(copy) ?? ''),
};

function markerIn({ files }: BackupCopy): string | undefined {
  const there = new Set(files.map(({ path }) => path));
  return MEDIA_FOLDERS.map((folder) => `${folder}/${MARKER}`).find((path) => there.has(path));
}

export default sabotage;
