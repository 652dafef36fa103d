import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, it } from 'vitest';
import { runChild } from './run-child.ts';

const folder = mkdtempSync(join(tmpdir(), 'drill-child-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Keeps the threads busy for a second or so by which files are opened and closed, as a machine does that has no time. */
function holdUpFiles(): void {
  for (let thread = 0; thread < 8; thread += 1) pbkdf2('password', 'salt', 200_000, 64, 'sha512', () => {});
}

it('what a tool says is read, though it ends before the file of its output could be closed here', async () => {
  let said = '';
  const end = await runChild({
    ...{ command: 'sh', args: ['-c', 'echo "no such folder" >&2; exit 3'], cwd: folder, stdout: join(folder, 'out') },
    // Asked for when the file is open and the tool is about to start.
    get env() {
      holdUpFiles();
      return {};
    },
    stop: new AbortController().signal,
    started: () => {},
    readStdout: async () => {},
    readStderr: async (stream) => {
      said = await text(stream);
    },
  });
  expect({ end, said }).toEqual({ end: { exitCode: 3 }, said: 'no such folder\n' });
});
