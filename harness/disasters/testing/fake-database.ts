import { Secret } from '../../model/secret.ts';
import type { Database } from '../../model/target.ts';

const DROP = /^DROP TABLE "((?:[^"]|"")+)"\."((?:[^"]|"")+)" CASCADE$/;
const ENDLESS = /^CREATE TABLE \w+ AS SELECT .* FROM generate_series\(1, 1000000000\)/;
const UNDER_WAY = /FROM pg_stat_activity WHERE state = 'active'/;
const FIND = /FROM pg_catalog\.pg_class c JOIN pg_catalog\.pg_namespace n/;

/** A database of nothing but names of tables, as `schema.table`, which knows just the statements that disasters send. */
export class FakeDatabase implements Database {
  readonly kind = 'postgres';
  readonly name: string;
  readonly identity: string;
  readonly host = '127.0.0.1';
  readonly port = 0;
  readonly database = 'fake';
  readonly user = 'fake';
  readonly password = new Secret('fake', 'fake');
  readonly version = '0';
  readonly tables: Set<string>;
  readonly #cut = Promise.withResolvers<never>();
  #writes = 0;
  #exists = true;

  constructor(name: string, tables: readonly string[] = []) {
    this.name = name;
    this.identity = `fake-${name}`;
    this.tables = new Set(tables);
    this.#cut.promise.catch(() => {});
  }

  async query<Row extends object>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    if (!this.#exists) throw new Error(`database ${this.name} does not answer`);
    const [, schema, table] = DROP.exec(sql) ?? [];
    if (schema !== undefined && table !== undefined) this.drop(`${unquoted(schema)}.${unquoted(table)}`);
    else if (FIND.test(sql))
      return this.#schemasWith(String(values[0])).map((name) => ({ schema: name }) as unknown as Row);
    else if (ENDLESS.test(sql)) return await this.#endless();
    else if (UNDER_WAY.test(sql)) return Array.from({ length: this.#writes }, () => ({}) as Row);
    else throw new Error(`the fake database does not know this statement: ${sql}`);
    return [];
  }

  copyIn(): Promise<number> {
    throw new Error('the fake database does not copy');
  }

  copyOut(): AsyncIterable<never> {
    throw new Error('the fake database does not copy');
  }

  session(): Promise<never> {
    throw new Error('the fake database has no sessions');
  }

  actAs(): Promise<void> {
    throw new Error('the fake database has no roles');
  }

  async exists(): Promise<boolean> {
    return this.#exists;
  }

  async destroy(): Promise<void> {
    this.#exists = false;
    this.#cut.reject(new Error('the server ended'));
    this.tables.clear();
  }

  protected drop(table: string): void {
    if (!this.tables.delete(table)) throw new Error(`table ${table} does not exist`);
  }

  /** A write that only the end of the server ends; the inert one has none, so that nobody waits for it. */
  protected endless(): Promise<never> {
    return this.#cut.promise;
  }

  async #endless(): Promise<never> {
    this.#writes += 1;
    return await this.endless();
  }

  #schemasWith(table: string): string[] {
    return [...this.tables].filter((one) => one.endsWith(`.${table}`)).map((one) => one.slice(0, one.indexOf('.')));
  }
}

/** A database on which nothing has any effect. */
export class InertDatabase extends FakeDatabase {
  override async destroy(): Promise<void> {}
  protected override drop(): void {}
  protected override endless(): Promise<never> {
    return Promise.reject(new Error('the connection was lost, and the server lives on'));
  }
}

function unquoted(name: string): string {
  return name.replaceAll('""', '"');
}
