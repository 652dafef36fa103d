import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { LastPassed } from '../../../../existing/configuration/plug-in.ts';
import type { RunResult } from '../../../../model/result.ts';
import { type LocalForTest, openLocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { rehearsalOf } from '../configuration/rehearsal-of.ts';
import { saidOf } from './complaints.ts';
import { drillOwn } from './drill-own.ts';
import type { Backup, Victim } from './faults.ts';
import type { FurtherFault } from './further-faults.ts';
import { RealLibrary } from './real-library.ts';

/** Backups of a library that a real server has made, each whole until it is broken. */
export class BrokenLibrary implements AsyncDisposable {
  readonly #local: LocalForTest;
  readonly #library: RealLibrary;
  readonly victim: Victim;
  #count = 0;
  #passed: Promise<LastPassed> | undefined;

  private constructor(local: LocalForTest, library: RealLibrary) {
    this.#local = local;
    this.#library = library;
    // Not the oldest of its owner, which the look at readiness reads, too, and in no album, stack or live photo.
    const asset = library.truth.assets.find(({ path }) => path.endsWith('mia/2020/2020-08-15/trip 2.jpg'));
    if (!asset) throw new Error('the library has no asset that could be harmed');
    this.victim = { id: asset.id, path: asset.path.replace('/data/', '') };
  }

  static async open(version: string, image: string): Promise<BrokenLibrary> {
    const local = await openLocalForTest({
      env: { ...process.env, DRILL_POSTGRES: 'container', DRILL_POSTGRES_IMAGE: image },
    });
    return new BrokenLibrary(local, await RealLibrary.open(version, local, image));
  }

  /** A folder for whatever is made beside it. */
  get folder(): string {
    return this.#local.folder;
  }

  /** A backup in two folders, of the database after some statements. */
  async backup(sql: readonly string[] = []): Promise<Backup> {
    this.#count += 1;
    const media = join(this.#local.folder, `broken-${this.#count}`, 'media');
    cpSync(this.#library.media, media, { recursive: true, preserveTimestamps: true });
    const dump = await this.#library.dumpAsImmich(
      `dumps-${this.#count}`,
      sql.map((line) => line.replace('VICTIM', this.victim.id)),
    );
    return { media, dumps: join(dump, '..'), dump };
  }

  async drill({ media, dumps }: Backup, config: object = {}, last?: LastPassed): Promise<RunResult> {
    return await drillOwn(
      this.#local.folder,
      { library: { folder: media }, database: { folder: dumps }, ...config },
      () => {},
      (name, parsed) => rehearsalOf(name, parsed, last),
    );
  }

  /** Drills a backup that was broken. */
  async drillBroken({ sql = [], breaks, config, afterPass }: FurtherFault): Promise<RunResult> {
    const broken = await this.backup(sql);
    await breaks?.(broken, this.victim);
    return await this.drill(broken, config, afterPass ? await this.passed() : undefined);
  }

  /** Breaks a backup, drills it, and expects that it is found, with what must be named. */
  async expectFound(fault: FurtherFault): Promise<void> {
    const result = await this.drillBroken(fault);
    const said = [saidOf(result), ...result.checks.map(({ actual }) => actual)].join('\n');
    expect({ verdict: result.verdict, said }).toMatchObject({ verdict: fault.verdict ?? 'fail' });
    expect(said).toMatch(new RegExp(fault.says.source.replace('VICTIM', this.victim.id)));
  }

  /** What a drill of the whole library counts. */
  async passed(): Promise<LastPassed> {
    this.#passed ??= this.#drillWhole();
    return await this.#passed;
  }

  async #drillWhole(): Promise<LastPassed> {
    const { run, numbers = {}, facts, verdict } = await this.drill(await this.backup());
    if (verdict !== 'pass') throw new Error(`the whole library is ${verdict}`);
    return {
      run: run.id,
      startedAt: run.startedAt,
      counts: { ...numbers, users: Number(facts.users), assets: Number(facts.assets) },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#local[Symbol.asyncDispose]();
  }
}
