import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import type { Answer } from './volume-agent-session.ts';
import { WriteQueue } from './write-queue.ts';

interface Call {
  readonly script: string;
  readonly names: readonly string[];
}

const OWNER = { mode: 0o750, uid: 1, gid: 2 };

/** A shell that lists what it is asked to unpack; it answers once `open` is called. */
function shell(answer: (names: readonly string[]) => Partial<Answer> = () => ({})) {
  const calls: Call[] = [];
  const gate = Promise.withResolvers<void>();
  const queue = new WriteQueue(async (script, input) => {
    const names = await namesIn(input);
    calls.push({ script, names });
    await gate.promise;
    const stdout = Buffer.from(names.map(() => 'name\n').join(''));
    return { exitCode: 0, stdout, stderr: '', ...answer(names) };
  });
  return { queue, calls, open: gate.resolve };
}

async function namesIn(input: Uint8Array): Promise<string[]> {
  if (input.length === 0) return [];
  const tar = extract();
  tar.end(Buffer.from(input));
  const names: string[] = [];
  for await (const entry of tar) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

describe('changes of a volume', () => {
  it('go together while others are under way, in their order', async () => {
    const { queue, calls, open } = shell();
    const all = [
      queue.add({ kind: 'write', path: 'first', bytes: Buffer.from('1'), attributes: {} }),
      queue.add({ kind: 'touch', path: 'folder/', attributes: OWNER }),
      queue.add({ kind: 'write', path: 'folder/new\nline', bytes: Buffer.from('2'), attributes: OWNER }),
      queue.add({ kind: 'remove', path: "it's" }),
      queue.add({ kind: 'touch', path: 'folder/', attributes: { mtimeMs: 1_500 } }),
      queue.add({ kind: 'write', path: "it's", bytes: Buffer.from('3'), attributes: {} }),
    ];
    open();
    await Promise.all(all);
    expect(calls.map(({ names }) => names)).toEqual([['first'], ['folder/', 'folder/new\nline'], [], ["it's"]]);
    expect(calls[2]?.script).toBe(
      `set -e\nrm -rf -- './it'\\''s'\nmkdir -p -- './folder/'\ntouch --date=@1.500 -- './folder/'\n`,
    );
  });

  it('fail together when not all of them were made, and those after them do not', async () => {
    const { queue, open } = shell((names) => (names.includes('a') ? { stdout: Buffer.from('') } : {}));
    const lost = queue.add({ kind: 'write', path: 'a', bytes: Buffer.from('1'), attributes: {} });
    const next = queue.add({ kind: 'write', path: 'b', bytes: Buffer.from('1'), attributes: {} });
    open();
    await expect(lost).rejects.toMatchObject({ code: 'volume-failed', tail: '0 of 1 were written' });
    await next;
  });

  it('tell a full disk from other troubles', async () => {
    const { queue, open } = shell(() => ({ exitCode: 2, stderr: 'tar: x: Cannot write: No space left on device' }));
    open();
    await expect(
      queue.add({ kind: 'write', path: 'x', bytes: Buffer.from('1'), attributes: {} }),
    ).rejects.toMatchObject({ code: 'disk-full', blame: 'environment' });
  });
});
