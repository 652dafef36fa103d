import type { Step } from '../model/job.ts';
import type { Receipt } from '../model/path.ts';
import type { BackupSource, SourceContext } from '../model/source.ts';
import type { LibraryOptions } from './files.ts';
import { chooseFile, madeAt } from './places/choose-file.ts';
import { findRoot, noRoot } from './places/find-root.ts';
import { linesIn, outputOf, type Place } from './places/place.ts';
import { reaching } from './reaching.ts';
import { receiptOf } from './receipt-of.ts';

const NAME = 'tar';
const CHECKSUMS = /(^|\/)(checksums\.sha256|SHA256SUMS|sha256sums\.txt)$/i;

/** A library packed into one archive, with or without a list of checksums beside it. */
export function tarSource(
  place: Place,
  { file, folder, ...options }: LibraryOptions & { readonly file: string; readonly folder: string },
): BackupSource<'volume'> {
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
    restore: async (context) => await restore(reaching(context), place, file, folder, options),
  };
}

async function restore(
  context: SourceContext<'volume'>,
  place: Place,
  pattern: string,
  folder: string,
  { root, marks, only }: Omit<LibraryOptions, 'leavesOut'>,
): Promise<Receipt> {
  const open = await place.open(context);
  const files = await open.list(folder);
  const archive = chooseFile(files, pattern, `${open.id}/${folder}`);
  const beside = archive.path.slice(0, archive.path.lastIndexOf('/') + 1);
  const sums =
    files.find(({ path }) => path === `${archive.path}.sha256`) ??
    files.find(({ path }) => path.startsWith(beside) && CHECKSUMS.test(path.slice(beside.length)));
  const at = (path: string) => (folder ? `${folder}/${path}` : path);
  const packed = await context.volume('archive');
  const name = archive.path.slice(beside.length);
  const fetched = await context.run({
    name: `${context.component}.fetch`,
    volumes: [...open.volumes, { volume: packed }],
    steps: () => [
      ...open.fetchFile(at(archive.path), `${packed.path}/${name}`),
      ...(sums ? [...open.fetchFile(at(sums.path), `${packed.path}/sums`), verify(packed.path, name)] : []),
    ],
  });
  const top = root ?? (await rootIn(context, packed.path, name, marks, open.id));
  const member = await only?.(context.restored);
  const unpacked = await context.run({
    name: `${context.component}.restore`,
    volumes: [{ volume: packed, readOnly: true }, { volume: context.target }],
    steps: () => [unpack(`${packed.path}/${name}`, top, context.target.path, member)],
  });
  return receiptOf(context, NAME, [fetched, unpacked], {
    id: `${open.id}/${at(archive.path)}`,
    madeAt: madeAt(archive),
    details: { root: top || '.', sizeBytes: archive.sizeBytes, checksums: sums?.path ?? 'none' },
  });
}

/**
 * Checks the archive against its line of the list. `find … > checksums` lists itself, half written, so that only the line
 * of the archive can be meant; a list without it says nothing of the archive.
 */
function verify(folder: string, name: string): Step {
  const script = 'grep -F -- "$1" sums | grep -v sums | sha256sum --check --quiet -';
  return { program: 'sh', args: ['-c', script, 'sh', name], cwd: folder, phase: 'load' };
}

async function rootIn(
  context: SourceContext<'volume'>,
  folder: string,
  name: string,
  marks: readonly string[],
  id: string,
): Promise<string> {
  const script = 'tar --list --file "$1" | grep -E "(^|/)($2)/" | grep -oE "^(.*/)?($2)/" | sort -u';
  const step = { program: 'sh', args: ['-c', script, 'sh', `${folder}/${name}`, marks.join('|')], okExitCodes: [0, 1] };
  const folders = linesIn(await outputOf(context, 'folders', step, []));
  const root = findRoot(
    folders.map((path) => path.replace(/\/$/, '')),
    marks,
  );
  if (root === undefined) throw noRoot(NAME, `${id}/${name}`, marks);
  return root;
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
