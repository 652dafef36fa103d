import { describe, expect, it } from 'vitest';
import type { WorkloadServer } from '../../model/server.ts';
import type { Workload } from '../../model/workload.ts';
import { notes } from '../testing/notes.ts';
import { complaints, runForTest, smallDrill } from '../testing/run-for-test.ts';

const ANSWERS = `
  use IO::Socket::INET;
  my $listener = IO::Socket::INET->new(LocalAddr => $ENV{HOST}, LocalPort => $ENV{PORT}, Listen => 4) or die $@;
  while (my $client = $listener->accept) {
    while (<$client>) { last if /^\\r?\\n$/ }
    print {$client} "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok";
    close $client;
  }`;

/** The notes with a server in front of them. */
function served(program: string, changes: Partial<WorkloadServer> = {}): Workload {
  const server: WorkloadServer = {
    name: 'notes-server',
    title: 'a server for a test',
    runs: { program: 'perl', args: ['-e', program], calls: { PSQL: 'psql' } },
    port: 80,
    volumes: () => [],
    env: (world, { host, port }) => {
      const database = world.database('database');
      return {
        ...{ HOST: host, PORT: String(port) },
        ...{ PGHOST: database.host, PGPORT: String(database.port), PGUSER: database.user },
        ...{ PGDATABASE: database.database, PGPASSWORD: database.password },
      };
    },
    probe: '/',
    writes: false,
    ...changes,
  };
  const ready: Workload['ready'] = async (_, endpoint) => {
    const said = endpoint && (await (await fetch(endpoint.url)).text());
    return { ready: said === 'ok', saw: `it says ${said}` };
  };
  return { ...notes(), server, ready };
}

describe('the server of a workload', () => {
  it('is asked over HTTP before the workload counts as serving, and the report says what it was', async () => {
    const result = await runForTest(smallDrill({ workload: served(ANSWERS) }));
    expect(complaints(result)).toEqual([]);
    expect(result.facts['answered by']).toBe('a server for a test');
    expect(result.timings).toContainEqual(
      expect.objectContaining({ name: 'notes-server', phase: 'restore', ok: true }),
    );
    expect(result.rto.phases.ready).toBeGreaterThan(0);
  });

  it('that changes what was restored is started when everything has been read', async () => {
    const program = `system($ENV{PSQL}, '-c', 'DELETE FROM note') == 0 or die; ${ANSWERS}`;
    const result = await runForTest(smallDrill({ workload: served(program, { writes: true }) }));
    expect(complaints(result)).toEqual([]);
    expect(result.timings).toContainEqual(
      expect.objectContaining({ name: 'notes-server', phase: 'observe', ok: true }),
    );
    const early = await runForTest(smallDrill({ workload: served(program) }));
    expect(complaints(early)).toContain('rows: fail');
  });

  it.each([
    ['once when more time would change nothing', true, 1],
    ['again and again when it may still come', false, 3],
  ])('is asked %s', async (_, isFinal, times) => {
    let asked = 0;
    const ready: Workload['ready'] = async () => {
      asked += 1;
      return { ready: asked === 3, saw: `asked ${asked} times`, isFinal };
    };
    const result = await runForTest(smallDrill({ workload: { ...served(ANSWERS), ready } }));
    expect(asked).toBe(times);
    expect(result.verdict).toBe(isFinal ? 'fail' : 'pass');
  });

  it('that cannot be started leaves it unknown, and the rest is judged', async () => {
    const result = await runForTest(smallDrill({ workload: served('die "no licence\\n"') }));
    expect(result).toMatchObject({ verdict: 'unknown', exitCode: 2 });
    expect(result.failures[0]?.message).toContain('no licence');
    expect(complaints(result)).toContain('ready: unknown');
    expect(result.checks.find(({ name }) => name === 'rows')?.verdict).toBe('pass');
  });
});
