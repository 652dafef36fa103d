import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts something else in the place of the `result.json` that is at the path. */
export type Damage = (file: string) => void;

const written = (change: (text: string) => string | Uint8Array) => (file: string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));
const replaced = (make: (file: string) => void) => (file: string) => {
  rmSync(file);
  make(file);
};

/** What can become of a result, by what is then to be said of it. */
export const RESULTS: Readonly<Record<string, Damage>> = {
  'is empty': written(() => ''),
  'is cut': written((text) => text.slice(0, text.length / 2)),
  'is binary': written(() => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00, 0x80])),
  'is all zeros': written((text) => Buffer.alloc(text.length)),
  'is null': written(() => 'null'),
  'is an empty object': written(() => '{}'),
  'is a list': written(() => '[]'),
  'has no checks': written((text) => text.replace('"checks":', '"cheques":')),
  'has another verdict than there are': written((text) => text.replace('"verdict": "pass"', '"verdict": "green"')),
  'is that of another run': written((text) => text.replace(/"id": "[^"]+"/, '"id": "other-20260101-000000-ffff"')),
  'is nested too deep': written(() => '['.repeat(200_000)),
  'is a folder': replaced((file) => mkdirSync(file)),
  'is a pipe': replaced((file) => execFileSync('mkfifo', [file])),
  'is a device': replaced((file) => symlinkSync('/dev/zero', file)),
  'is a link to itself': replaced((file) => symlinkSync(file, file)),
  'is a link to nothing': replaced((file) => symlinkSync('/nowhere/result.json', file)),
  'is far too large': replaced((file) => {
    writeFileSync(file, '');
    truncateSync(file, 1024 ** 4);
  }),
};

/** Damages the result of the run in that folder. */
export function damageResult(run: string, damage: Damage): void {
  damage(join(run, 'result.json'));
}
