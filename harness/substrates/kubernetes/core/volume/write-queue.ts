import { posix } from 'node:path';
import { pack } from 'tar-stream';
import { DrillError } from '../../../../model/error.ts';
import type { FileAttributes } from '../../../../model/target.ts';
import { quoted } from './agent.ts';
import type { Answer } from './volume-agent-session.ts';

const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_CHANGES = 1_000;
const FILE_MODE = 0o644;
const MS = 1_000;
const NEWLINE = 10;

/** What to do to one path of a volume; a touched one that ends in `/` is a folder. */
export type Change =
  | { readonly kind: 'write'; readonly path: string; readonly bytes: Uint8Array; readonly attributes: FileAttributes }
  | { readonly kind: 'touch'; readonly path: string; readonly attributes: FileAttributes }
  | { readonly kind: 'remove'; readonly path: string };

interface Waiting {
  readonly change: Change;
  resolve(): void;
  reject(error: unknown): void;
}

/**
 * Makes changes in the order in which they come, and many at once: those that come while others are under way go
 * together. Each is told to be done only when it is.
 */
export class WriteQueue {
  readonly #run: (script: string, input: Uint8Array) => Promise<Answer>;
  #waiting: Waiting[] = [];
  #busy = false;

  constructor(run: (script: string, input: Uint8Array) => Promise<Answer>) {
    this.#run = run;
  }

  async add(change: Change): Promise<void> {
    const done = new Promise<void>((resolve, reject) => this.#waiting.push({ change, resolve, reject }));
    if (!this.#busy) this.#drain();
    await done;
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      try {
        await this.#make(batch.map(({ change }) => change));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#busy = false;
  }

  /** The first changes that go the same way: packed as an archive, or as lines of a script. */
  #take(): Waiting[] {
    const [first] = this.#waiting;
    if (!first) return [];
    const packed = isPacked(first.change);
    let bytes = 0;
    let count = 0;
    for (const { change } of this.#waiting) {
      if (isPacked(change) !== packed || count === BATCH_CHANGES || bytes > BATCH_BYTES) break;
      bytes += change.kind === 'write' ? change.bytes.length : 0;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #make(changes: readonly Change[]): Promise<void> {
    const [first] = changes;
    if (!first || !isPacked(first)) {
      const { exitCode, stderr } = await this.#run(`set -e\n${changes.flatMap(lines).join('\n')}\n`, new Uint8Array());
      if (exitCode !== 0) throw notWritten(changes, stderr);
      return;
    }
    const { exitCode, stdout, stderr } = await this.#run(UNPACK, await archive(changes));
    // tar names each entry that it has written on a line of its own.
    const written = stdout.filter((byte) => byte === NEWLINE).length;
    if (exitCode !== 0 || written !== changes.length)
      throw notWritten(changes, `${stderr}\n${written} of ${changes.length} were written`);
  }
}

/** As root tar sets owners, and otherwise leaves them: who is not root could not set them. */
const UNPACK = 'tar --extract --verbose --preserve-permissions --numeric-owner --file -';

/** A folder that gets mode and owner can go into an archive; of the rest something would be set that nobody asked for. */
function isPacked(change: Change): boolean {
  if (change.kind !== 'touch') return change.kind === 'write';
  const { mode, uid, gid } = change.attributes;
  return change.path.endsWith('/') && mode !== undefined && uid !== undefined && gid !== undefined;
}

async function archive(changes: readonly Change[]): Promise<Buffer> {
  const tar = pack();
  const now = Date.now();
  for (const change of changes) {
    if (change.kind === 'remove') continue;
    const { mode = FILE_MODE, uid = 0, gid = 0, mtimeMs = now } = change.attributes;
    // Only the extended header knows parts of seconds, and owners and names of any length.
    const pax = { mtime: (mtimeMs / MS).toFixed(3), path: change.path, uid: String(uid), gid: String(gid) };
    const header = { name: change.path, mode, uid, gid, pax, mtime: new Date(mtimeMs) };
    if (change.kind === 'touch') tar.entry({ ...header, type: 'directory' });
    else tar.entry({ ...header, type: 'file' }, Buffer.from(change.bytes));
  }
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as AsyncIterable<Buffer>));
}

function lines(change: Change): string[] {
  const path = quoted(`./${change.path}`);
  if (change.kind === 'remove') return [`rm -rf -- ${path}`];
  if (change.kind === 'write') return [];
  const { mode, uid, gid, mtimeMs } = change.attributes;
  // What the shell puts in for a command has lost the line breaks at its end.
  const folder = change.path.endsWith('/') ? path : quoted(`./${posix.dirname(change.path)}`);
  return [
    `mkdir -p -- ${folder}`,
    ...(uid === undefined || gid === undefined ? [] : [`chown ${uid}:${gid} -- ${path}`]),
    ...(mode === undefined ? [] : [`chmod ${mode.toString(8)} -- ${path}`]),
    ...(mtimeMs === undefined ? [] : [`touch --date=@${(mtimeMs / MS).toFixed(3)} -- ${path}`]),
  ];
}

function notWritten(changes: readonly Change[], stderr: string): DrillError {
  const full = /no space left on device|disk quota exceeded/i.test(stderr);
  return new DrillError({
    code: full ? 'disk-full' : 'volume-failed',
    where: 'substrate/kubernetes',
    what: `Of ${changes.length} changes to a volume, the first "${changes[0]?.path}", not all were made.`,
    next: full ? 'free space on the node, or drill a smaller workload.' : 'see what the shell in its pod says.',
    blame: 'environment',
    tail: stderr.trim(),
  });
}
