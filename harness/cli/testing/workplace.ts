import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa, type Options } from 'execa';
import pRetry from 'p-retry';
import { type JournalLine, readJournal } from '../../engine/journal.ts';
import { segmentsOf } from '../../machine/processes/shared-memory.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const SMALL_DRILL = join(import.meta.dirname, '../../engine/testing/run-for-test.ts');
const POLL_MS = 20;
const POLLS = 3_000;

/** A folder of its own to run the real command in, with small drills beside the product's own. */
export class Workplace implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'drill-cli-'));
  readonly work: string;

  constructor(work?: string) {
    this.work = work ?? join(this.folder, 'work');
    // Servers that run under another account must be able to walk through.
    chmodSync(this.folder, 0o711);
    mkdirSync(join(this.folder, 'drills'));
    this.drill('notes', 'smallDrill()');
  }

  /** Writes a drill file whose default export is the expression; `smallDrill` is at hand. */
  drill(name: string, expression: string): void {
    const text = `import { smallDrill, withoutEstimate } from ${JSON.stringify(SMALL_DRILL)};\nexport default ${expression};\n`;
    writeFileSync(join(this.folder, 'drills', `${name}.drill.ts`), text);
  }

  /** Starts the real command; it is not awaited, and a bad exit code is no exception. */
  start(args: string[], options: Options = {}) {
    const env = {
      DRILL_RUNS: join(this.folder, 'runs'),
      DRILL_WORK: this.work,
      DRILL_STATE: join(this.folder, 'state'),
    };
    return execa(process.execPath, [MAIN, ...args], {
      cwd: this.folder,
      reject: false,
      ...options,
      env: { ...env, ...options.env },
    });
  }

  async run(
    args: string[],
    options: Options = {},
  ): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await this.start(args, options);
    return { exitCode, stdout: String(stdout), stderr: String(stderr) };
  }

  /** The journal of the only run, once it has a line that fits. */
  async journalUntil(fits: (line: JournalLine) => boolean, polls = POLLS): Promise<JournalLine[]> {
    const look = async () => {
      const [id] = this.runs();
      const file = id && join(this.folder, 'runs', id, 'journal.jsonl');
      const lines = file && existsSync(file) ? readJournal(file) : [];
      if (!lines.some(fits))
        throw new Error(`the journal does not say so yet; it ends with ${JSON.stringify(lines.at(-1))}`);
      return lines;
    };
    return await pRetry(look, { retries: polls, minTimeout: POLL_MS, factor: 1 });
  }

  runs(): string[] {
    return existsSync(join(this.folder, 'runs'))
      ? readdirSync(join(this.folder, 'runs')).filter((name) => !name.includes('.'))
      : [];
  }

  /** What lies in the work folder: nothing, when everything was disposed of. */
  leftFolders(): string[] {
    return existsSync(this.work) ? readdirSync(this.work).filter((name) => name.startsWith('restore-drill-')) : [];
  }

  /** Processes of this machine that work below the work folder. */
  leftProcesses(): string[] {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return words.includes(`${this.work}/restore-drill-`) ? [words] : [];
      } catch {
        return [];
      }
    });
  }

  /** The keys of the shared memory that the database servers of the run hold. */
  sharedMemory(): string[] {
    return this.leftFolders().flatMap((folder) => segmentsOf(join(this.work, folder)));
  }

  /** The process id of a server or tool that the run has noted. */
  processOf(name: string): number {
    const [folder] = this.leftFolders();
    const lines = readFileSync(join(this.work, folder ?? '', 'pids.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const found = lines
      .map((line) => JSON.parse(line) as { pid: number; name: string })
      .find((one) => one.name === name);
    if (!found) throw new Error(`no process "${name}" among ${lines.join(' ')}`);
    return found.pid;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
