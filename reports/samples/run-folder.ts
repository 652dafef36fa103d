import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RunResult } from '../../harness/model/result.ts';

/** A folder such as a run leaves: logs and findings as the result names them. Removed at the end of its scope. */
export class SampleRunFolder implements AsyncDisposable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async of(result: RunResult): Promise<SampleRunFolder> {
    const folder = new SampleRunFolder(await mkdtemp(join(tmpdir(), 'drill-report-')));
    for (const { log, name } of result.timings) {
      if (log && !log.startsWith('..')) await folder.#write(log, `what ${name} said\n`);
    }
    for (const { evidence, findings } of result.checks) {
      const lines = findings.map((finding) => `${JSON.stringify(finding)}\n`).join('');
      if (evidence && !evidence.startsWith('..')) await folder.#write(evidence, lines);
    }
    return folder;
  }

  async #write(path: string, content: string): Promise<void> {
    const target = join(this.path, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
