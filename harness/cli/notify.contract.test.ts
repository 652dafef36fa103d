import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workplace } from './testing/workplace.ts';

const TOO_LARGE = ['notes', '--assets', '2000000000'];

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A server that answers with that status, and keeps what it was sent. */
async function listen(status = 200) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.statusCode = status;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { received, url, [Symbol.dispose]: () => server.close() };
}

describe('a change of verdict', () => {
  it('is told once, by webhook, ntfy and command, and back to green is told, too', async () => {
    using place = new Workplace();
    using server = await listen();
    const mailer = join(place.folder, 'mailer');
    const mails = join(place.folder, 'mails');
    writeFileSync(mailer, `#!/bin/sh\n{ echo "$1|$DRILL_VERDICT_BEFORE>$DRILL_VERDICT"; cat; } >> '${mails}'\n`);
    chmodSync(mailer, 0o755);
    const env = {
      DRILL_NOTIFY_WEBHOOK: `${server.url}/hook?token=abc`,
      DRILL_NOTIFY_NTFY: `${server.url}/my-topic`,
      DRILL_NOTIFY_NTFY_TOKEN: 'tk_secret',
      DRILL_NOTIFY_COMMAND: `'${mailer}' "$DRILL_SUBJECT"`,
    };
    const first = await place.run(TOO_LARGE, { env });
    expect(first.stderr).not.toContain('[notify]');
    const subject = 'UNKNOWN: restore drill notes (first run)';
    const byPath = (path: string) => server.received.filter((one) => one.path.startsWith(path));
    expect(JSON.parse(byPath('/hook')[0]?.body ?? '{}')).toMatchObject({
      ...{ drill: 'notes', from: null, verdict: 'unknown', subject, substrate: 'local' },
      ...{ text: expect.stringContaining('GiB of disk'), run: { id: place.runs()[0] } },
    });
    expect(byPath('/my-topic')[0]).toMatchObject({
      headers: { title: subject, priority: 'high', tags: 'warning', authorization: 'Bearer tk_secret' },
      body: expect.stringMatching(/Next: npm run drill -- show notes-/),
    });
    expect(readFileSync(mails, 'utf8')).toMatch(/^UNKNOWN: restore drill notes \(first run\)\|>unknown\n/);

    await place.run(TOO_LARGE, { env });
    expect(server.received).toHaveLength(2);

    const green = await place.run(['notes', '--assets', '5'], { env });
    expect(green.exitCode, green.stdout + green.stderr).toBe(0);
    expect(server.received).toHaveLength(4);
    expect(JSON.parse(byPath('/hook')[1]?.body ?? '{}')).toMatchObject({ from: 'unknown', verdict: 'pass' });
    expect(readFileSync(mails, 'utf8')).toMatch(/PASS: restore drill notes \(was unknown\)\|unknown>pass/);
  });

  it('that cannot be told changes no exit code, is said, and shows no secret', async () => {
    using place = new Workplace();
    using server = await listen(404);
    const closed = await listen();
    closed[Symbol.dispose]();
    const env = {
      DRILL_NOTIFY_WEBHOOK: `${server.url}/hook?token=abc`,
      DRILL_NOTIFY_NTFY: `${closed.url}/topic-secret`,
      DRILL_NOTIFY_COMMAND: 'echo "no route to password-123" >&2; exit 7 # password-123',
    };
    const { exitCode, stderr } = await place.run(TOO_LARGE, { env });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\[notify\] DRILL_NOTIFY_WEBHOOK could not be told of the change: the server answered 404/);
    expect(stderr).toMatch(
      /\[notify\] DRILL_NOTIFY_NTFY could not be told of the change: fetch failed: .*ECONNREFUSED/,
    );
    expect(stderr).toMatch(
      /\[notify\] DRILL_NOTIFY_COMMAND could not be told of the change: it ended with 7: no route/,
    );
    expect(stderr).not.toMatch(/token=abc|topic-secret/);
    expect(server.received).toHaveLength(1);
  });

  it('is none when nothing is set, or the first run passes', async () => {
    using place = new Workplace();
    const mails = join(place.folder, 'mails');
    const env = { DRILL_NOTIFY_COMMAND: `cat >> '${mails}'` };
    expect((await place.run(['notes', '--assets', '5'], { env })).exitCode).toBe(0);
    expect(existsSync(mails)).toBe(false);
  });
});
