import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Database } from '../../../../model/target.ts';
import type { LocalForTest } from '../../../../substrates/local/testing/open-local.ts';
import { use } from './use.ts';

/** Where the libraries of real servers lie. */
export const DATA = join(import.meta.dirname, '../../../../../../shared/data');

/** What a real server said of its library when it was frozen. */
export interface Truth {
  readonly version: string;
  readonly users: readonly { readonly email: string }[];
  readonly assets: readonly { readonly id: string; readonly sha1: string; readonly path: string }[];
  readonly tables: Readonly<Record<string, number>>;
}

/** Why the libraries of real servers cannot be had; undefined when they can. */
export function noRealLibraries(): string | undefined {
  return existsSync(join(DATA, 'immich-v3.1.0')) ? undefined : `no libraries of real Immich servers in ${DATA}`;
}

/** A library that a real Immich server has made, alive again: its media in a folder, its database on a server. */
export class RealLibrary {
  readonly truth: Truth;
  /** The media root, as the server's own `/data`. */
  readonly media: string;
  readonly #folder: string;
  /** The database of the library, which lives. */
  readonly database: Database;
  readonly #image: string;

  private constructor(truth: Truth, folder: string, database: Database, image: string) {
    this.truth = truth;
    this.media = join(folder, 'data');
    this.#folder = folder;
    this.database = database;
    this.#image = image;
  }

  static async open(version: string, local: LocalForTest, image: string): Promise<RealLibrary> {
    const source = join(DATA, `immich-${version}`);
    const folder = join(local.folder, version);
    mkdirSync(join(folder, 'data'), { recursive: true });
    await execa('tar', ['--extract', '--file', join(source, 'media.tar.gz'), '--directory', join(folder, 'data')]);
    const name = `origin-${version.replace(/\W/g, '')}`;
    const database = await (await local.substrate.postgres(name, 'immich')).start();
    const truth = JSON.parse(readFileSync(join(source, 'truth.json'), 'utf8')) as Truth;
    const library = new RealLibrary(truth, folder, database, image);
    await library.#inImage(
      'pg_restore',
      ['--dbname', 'immich', '--exit-on-error', join(source, 'immich.dump')],
      source,
    );
    await use(database);
    return library;
  }

  /** Where its database is reached while it lives. */
  get address(): { readonly host: string; readonly port: number } {
    const { host, port } = this.database;
    return { host, port };
  }

  /** `pg_dump` as people call it, into a file of their own; `first` is done to a copy of the database before. */
  async dump(file: string, args: readonly string[] = [], first: readonly string[] = []): Promise<string> {
    const path = join(this.#folder, file);
    mkdirSync(join(path, '..'), { recursive: true });
    const database = first.length > 0 ? await this.#copy(first) : 'immich';
    await this.#inImage('pg_dump', ['--dbname', database, '--file', path, ...args], this.#folder);
    return path;
  }

  /** `pg_dump --clean --if-exists | gzip`, under the name that Immich gives its own. */
  async dumpAsImmich(folder: string, first: readonly string[] = []): Promise<string> {
    const name = `immich-db-backup-20261121T020000-v${this.truth.version}-pg17.11.sql`;
    const path = await this.dump(join(folder, name), ['--clean', '--if-exists'], first);
    await execa('gzip', [path]);
    return `${path}.gz`;
  }

  async dumpAll(file: string): Promise<string> {
    const path = join(this.#folder, file);
    await this.#inImage('pg_dumpall', ['--clean', '--if-exists', '--file', path], this.#folder);
    return path;
  }

  /** `pg_basebackup` as people call it. */
  async baseBackup(folder: string, args: readonly string[]): Promise<string> {
    const path = join(this.#folder, folder);
    await this.#inImage(
      'pg_basebackup',
      ['--pgdata', path, '--wal-method=stream', '--checkpoint=fast', ...args],
      this.#folder,
    );
    return path;
  }

  /** Does something to the living database. */
  async change(statement: string): Promise<void> {
    await this.database.query(statement);
  }

  async #copy(statements: readonly string[]): Promise<string> {
    const name = `copy_${Date.now()}`;
    await this.#inImage('createdb', [name], this.#folder);
    const whole = join(this.#folder, 'whole.dump');
    await this.#inImage('pg_dump', ['--dbname', 'immich', '--format=custom', '--file', whole], this.#folder);
    await this.#inImage('pg_restore', ['--dbname', name, '--exit-on-error', whole], this.#folder);
    const commands = statements.flatMap((statement) => ['--command', statement]);
    await this.#inImage('psql', ['--dbname', name, '--set', 'ON_ERROR_STOP=1', ...commands], this.#folder);
    return name;
  }

  /** A Postgres program as a user would have it, of the image that the server runs from. */
  async #inImage(program: string, args: readonly string[], folder: string): Promise<void> {
    const { host, port, user, password } = this.database;
    const mount = `--mount=type=bind,source=${folder},target=${folder}`;
    const env = { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: password.reveal() };
    const names = Object.keys(env).map((name) => `--env=${name}`);
    const account = `--user=${process.getuid?.()}:${process.getgid?.()}`;
    await execa(
      'docker',
      ['run', '--rm', '--network=host', account, mount, ...names, `--entrypoint=${program}`, this.#image, ...args],
      { env },
    );
  }
}
