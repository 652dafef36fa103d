import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DrillError } from '../../model/error.ts';
import type { DecodedImage, ImageDecoder } from '../../model/image-decoder.ts';
import { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxChoice } from '../sandbox/sandbox-choice.ts';
import { provideSandboxPrograms } from '../sandbox/sandbox-programs.ts';
import { openToolbox } from '../tools/toolbox/toolbox.ts';
import { frameHead } from './frames.ts';

/** Far more than any photo takes; an image that takes longer is made to. */
const IMAGE_BUDGET_MS = 120_000;
const SCRIPT = join(import.meta.dirname, 'decode-stdin.ts');
/** What the script imports. */
const SOURCES = [import.meta.dirname, join(import.meta.dirname, '../../../node_modules')];

/** Starts a decoder in a sandbox of its own: one process for any number of images, one after the other. */
export async function openImageDecoder(env = process.env): Promise<ImageDecoder> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-decoder-'));
  try {
    const child = await start(folder, env);
    return new SandboxedDecoder(child, folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(folder: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const words = [process.execPath, '--disable-warning=ExperimentalWarning', SCRIPT];
  const { command, prefix } =
    sandboxChoice(env) === 'none'
      ? { command: '/usr/bin/env', prefix: [] }
      : (await Sandbox.open(basename(folder), folder, await provideSandboxPrograms(await openToolbox()))).call({
          folders: SOURCES.map((path) => ({ path, readOnly: true })),
          cwd: '/tmp',
          programs: [process.execPath],
          network: false,
          // A checkout that only root may read is read all the same, and never written.
          readsAll: true,
        });
  return spawn(command, [...prefix, ...words], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
  });
}

class SandboxedDecoder implements ImageDecoder {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #answers: AsyncIterator<string>;
  readonly #exit: Promise<unknown>;

  constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    this.#exit = new Promise((resolve) => {
      child.once('exit', resolve);
      child.once('error', resolve);
    });
    if (!child.stdout || !child.stdin) throw new Error('a decoder is talked to over pipes');
    child.stdin.on('error', () => {});
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async decode(name: string, bytes: Uint8Array): Promise<DecodedImage> {
    const { stdin } = this.#child;
    const late = AbortSignal.timeout(IMAGE_BUDGET_MS);
    const overdue = once(late, 'abort').then(() => undefined);
    stdin?.write(frameHead(bytes.length));
    stdin?.write(bytes);
    const answer = await Promise.race([this.#answers.next(), overdue]);
    if (answer && !answer.done) return JSON.parse(answer.value) as DecodedImage;
    throw new DrillError({
      code: 'image-not-decoded',
      where: 'machine/decoder',
      what: `The decoder ${answer ? 'ended' : `did not end within ${IMAGE_BUDGET_MS / 1000} s`} while it looked at ${name}, which is as good as not having looked.`,
      next: 'open that image with a viewer; one that ends a decoder is damaged, or made to do harm.',
      blame: 'environment',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exit;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
