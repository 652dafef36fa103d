import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { COMMAND, type Command } from '../../model/command.ts';
import { Workplace } from '../testing/workplace.ts';

const TOOLS = ['restic', 'rclone', 'psql', 'env', 'touch'];

/** Names as a hostile backup may have them, wherever a name can come from. */
const HOSTILE = [
  "it's a name",
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '"; touch pwned; "',
  'a\ntouch pwned\nb',
  '\n```\ntouch pwned\n```sh\n',
  '--option=$(touch pwned)',
  '-rf',
  '\u001b]0;title\u0007\u001b[2Jtouch pwned\r',
  '\u009b31mred\u0085',
  'gpj.\u202Eexe\u2066\u200B',
  'line\u2028separator',
  '~root/!!/{a,b}/*?[x]',
  'x > pwned < pwned & touch pwned | touch pwned',
  '# comment',
  '\\',
  'ends with a break\n',
  '',
];

const PLACE = {
  version: '1',
  volumes: [{ name: 'path', path: '/restored/$(touch pwned)', readOnly: false }],
  scratch: "/scratch/it's $(touch pwned)",
  seconds: 1,
  exitCode: 0,
  ok: true,
};

function commands(): Command[] {
  const each = HOSTILE.map((name) => ({
    job: `library.${name}`,
    program: 'restic',
    args: ['restore', name, '--target', `/restored/$(touch pwned)/${name}`, `${PLACE.scratch}/${name}`],
    env: { RESTIC_REPOSITORY: name, SECRET_ONE: '***' },
    ...PLACE,
  }));
  const files = { stdin: `${PLACE.scratch}/in $(touch pwned)`, stdout: `${PLACE.scratch}/out 'quoted'` };
  const odd = { 'A$(touch pwned)': '$(touch pwned)', 'B;touch pwned;C': '1', '': 'x' };
  return [
    ...each,
    { job: 'database.load', program: 'psql', args: ['--dbname', "d'$(touch pwned)"], env: odd, ...PLACE, ...files },
    { job: 'database.walk', program: 'rclone', args: ['x'], env: {}, ...PLACE, cwd: '/restored/$(touch pwned)' },
  ];
}

function writeRun(place: Workplace): string {
  const id = 'notes-20260314-020000-0a0a';
  const folder = join(place.folder, 'runs', id);
  mkdirSync(folder, { recursive: true });
  const receipt = { component: 'database', details: { rolesMade: HOSTILE.filter(Boolean).join(', ') } };
  const lines = [
    { event: 'run', drill: 'notes', claim: '$(touch pwned) `touch pwned`' },
    { event: 'rehearsal' },
    { event: 'phase-started', phase: 'restore' },
    ...commands().map((command) => ({ event: COMMAND, command })),
    { event: 'receipt', receipt },
    { event: 'timing', timing: { kind: 'service', name: 's\n```', component: 'database', seconds: 1, ok: true } },
    { event: 'phase-ended', phase: 'restore' },
  ];
  const journal = lines.map((line) => `${JSON.stringify({ at: '2026-03-14T02:00:00Z', ...line })}\n`).join('');
  writeFileSync(join(folder, 'journal.jsonl'), journal);
  return id;
}

/** Programs that do nothing but write down how they were called, one call a line. */
function fakeTools(place: Workplace): { bin: string; log: string } {
  const bin = join(place.folder, 'bin');
  const log = join(place.folder, 'called');
  mkdirSync(bin);
  for (const tool of TOOLS) {
    const script = `#!${process.execPath}\nconst fs = require('node:fs');\nfs.appendFileSync(${JSON.stringify(log)}, JSON.stringify([${JSON.stringify(tool)}, ...process.argv.slice(2)]) + '\\n');\n`;
    writeFileSync(join(bin, tool), script);
    chmodSync(join(bin, tool), 0o755);
  }
  return { bin, log };
}

it.each(['sh', 'bash'])(
  'what a runbook prints does in %s what the run did, whatever names are in it',
  async (shell) => {
    using place = new Workplace();
    const { bin, log } = fakeTools(place);
    const id = writeRun(place);
    const { exitCode, stdout, stderr } = await place.run(['runbook', 'notes', '--run', id]);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).not.toMatch(/[[\p{Cc}\p{Cf}\u2028\u2029]--[\n]]/v);

    const blocks = [...stdout.matchAll(/^(`{3,})sh\n([\s\S]*?)\n\1$/gm)].map(([, , command = '']) => command);
    const here = join(place.folder, 'here');
    const to = join(place.folder, "to $(touch pwned) it's");
    mkdirSync(here);
    mkdirSync(to);
    writeFileSync(join(to, 'in $(touch pwned)'), '');
    const env = { PATH: bin, HOME: here, VOLUME_PATH: to, SCRATCH: to, SECRET_ONE: '$(touch pwned)' };
    for (const block of blocks) {
      rmSync(log, { force: true });
      const ran = await execa(`/bin/${shell}`, ['-c', block], { cwd: here, env, extendEnv: false, reject: false });
      expect(ran.exitCode, `${block}\n${ran.stderr}`).toBe(0);
      expect(readFileSync(log, 'utf8').trim().split('\n'), block).toHaveLength(1);
      expect(readFileSync(log, 'utf8'), block).not.toMatch(/^\["touch"/);
    }
    expect(blocks).toHaveLength(commands().length + 1);
    expect(readdirSync(here)).toEqual([]);
    expect(readdirSync(to).sort()).toEqual(['in $(touch pwned)', "out 'quoted'"]);
  },
);

it.each(['sh', 'bash'])('%s gives the very words to the program', async (shell) => {
  using place = new Workplace();
  const { bin, log } = fakeTools(place);
  const id = writeRun(place);
  const { stdout } = await place.run(['runbook', 'notes', '--run', id, '--json']);
  const { steps } = JSON.parse(stdout) as { steps: { command: string }[] };
  const env = { PATH: bin, VOLUME_PATH: '/new/place', SCRATCH: '/new/scratch', SECRET_ONE: 's' };
  for (const [index, { args }] of commands().slice(0, HOSTILE.length).entries()) {
    rmSync(log, { force: true });
    await execa(`/bin/${shell}`, ['-c', steps[index]?.command ?? ''], { env, extendEnv: false });
    const moved = args.map((arg) =>
      arg.replace(PLACE.volumes[0]?.path ?? '', env.VOLUME_PATH).replace(PLACE.scratch, env.SCRATCH),
    );
    expect(JSON.parse(readFileSync(log, 'utf8'))).toEqual(['restic', ...moved]);
  }
});
