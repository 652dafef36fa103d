import type { Step } from '../../model/job.ts';
import type { Receipt } from '../../model/path.ts';
import type { BackupSource, SourceContext } from '../../model/source.ts';
import { chooseFile, madeAt, newestFirst } from '../places/choose-file.ts';
import type { Place } from '../places/place.ts';
import { checksumsOf, rootIn, SUMS, type TarOptions, verificationOf, verify } from './archive.ts';
import { aroundIt } from './around-it.ts';
import type { LibraryOptions } from './files.ts';
import { tarInParts } from './parts/tar-in-parts.ts';
import { receiptOf } from './receipt-of.ts';
import { withSourceErrors } from './with-source-errors.ts';

const NAME = 'tar';

/** A library packed into one archive, with or without a list of checksums beside it. */
export function tarSource(place: Place, tarOptions: TarOptions): BackupSource<'volume'> {
  const { file, folder, ...options } = tarOptions;
  return {
    name: NAME,
    protects: 'volume',
    programs: [...place.programs, 'tar', 'gzip', 'sha256sum', 'sh'],
    promises: {
      keeps: { mode: true, owner: true, mtime: true, emptyFolders: true },
      leavesOut: options.leavesOut,
      quiesce: false,
    },
    options: { ...place.options, in: place.name, file },
    secrets: place.secrets,
    restore: async (context) => await restore(withSourceErrors(context), place, file, folder, options),
    afterwards: async (context, receipt) => await aroundIt(withSourceErrors(context), place, receipt),
    inParts: async (context) => await tarInParts(withSourceErrors(context), place, tarOptions),
  };
}

async function restore(
  context: SourceContext<'volume'>,
  place: Place,
  pattern: string,
  folder: string,
  { root, marks, only }: Omit<LibraryOptions, 'leavesOut'>,
): Promise<Receipt> {
  const open = await place.open(context, { below: folder, isThere: (files) => newestFirst(files, pattern).length > 0 });
  const files = await open.list(folder);
  const archive = chooseFile(files, pattern, `${open.id}/${folder}`);
  const beside = archive.path.slice(0, archive.path.lastIndexOf('/') + 1);
  const sums = checksumsOf(files, archive);
  const at = (path: string) => (folder ? `${folder}/${path}` : path);
  const packed = await context.volume('archive');
  const name = archive.path.slice(beside.length);
  // Under a name of ours: an archive may have that of the list.
  const file = `${packed.path}/archive`;
  const fetched = await context.run({
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: packed }],
    steps: () => [
      ...open.fetchFile(at(archive.path), file),
      ...(sums ? open.fetchFile(at(sums.path), `${packed.path}/${SUMS}`) : []),
    ],
  });
  const volumes = [{ volume: packed, readOnly: true }];
  const verification = await verificationOf(file, name, sums, packed);
  const verified = await verify(context, name, verification, volumes);
  const top = root ?? (await rootIn(context, file, volumes, marks, `${open.id}/${name}`));
  const member = await only?.(context.restored);
  const unpacked = await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: packed, readOnly: true }, { volume: context.target }],
    steps: () => [unpack(file, top, context.target.path, member)],
  });
  return receiptOf(context, NAME, [fetched, ...verified, unpacked], {
    id: `${open.id}/${at(archive.path)}`,
    madeAt: madeAt(archive),
    details: { ...open.details, root: top || '.', sizeBytes: archive.sizeBytes, ...verification.details },
  });
}

function unpack(archive: string, root: string, into: string, only?: string): Step {
  const parts = root.split('/').filter((part) => part !== '' && part !== '.');
  const dotted = root === '.' || root.startsWith('./');
  const strip = parts.length === 0 ? 0 : parts.length + (dotted ? 1 : 0);
  return {
    program: 'tar',
    args: [
      ...['--extract', '--preserve-permissions', '--numeric-owner', '--file', archive, '--directory', into],
      ...(strip > 0 ? [`--strip-components=${strip}`] : []),
      ...(only !== undefined ? [[root, only].filter(Boolean).join('/')] : strip > 0 ? [root] : []),
    ],
    phase: 'load',
  };
}
