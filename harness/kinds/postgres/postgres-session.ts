import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Session } from '../../model/target.ts';

/** More than that no statement of a restore has to say; a server that goes on sending would fill the memory. */
const ANSWER_BYTES = 64 * 1024 ** 2;

/** What of a connection `pg` shows to those who submit to it. */
interface Wire {
  readonly stream: NodeJS.ReadableStream & { destroy(error?: Error): void };
  query(text: string): void;
  sendCopyFail(message: string): void;
}

/** A connection of `pg` that statements are run over one after the other. */
export class PostgresSession implements Session {
  readonly #client: pg.Client;
  #answeredBytes = 0;

  constructor(client: pg.Client) {
    this.#client = client;
    const { stream } = (client as unknown as { connection: Wire }).connection;
    stream.on('data', (bytes: Buffer) => {
      this.#answeredBytes += bytes.length;
      if (this.#answeredBytes > ANSWER_BYTES)
        stream.destroy(new Error(`a statement was answered with more than ${ANSWER_BYTES} bytes`));
    });
  }

  async run(sql: string): Promise<void> {
    this.#answeredBytes = 0;
    const statement = new Unheard(sql);
    this.#client.query(statement as never);
    await statement.done;
  }

  async copyIn(sql: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    this.#answeredBytes = 0;
    await pipeline(Readable.from(chunks, { objectMode: true }), this.#client.query(copyFrom(sql)));
  }
}

/** A statement whose rows are dropped as they come, as `pg` calls what it can submit. */
class Unheard {
  readonly done: Promise<void>;
  readonly #sql: string;
  readonly #resolve: () => void;
  readonly #reject: (error: Error) => void;

  constructor(sql: string) {
    this.#sql = sql;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: Wire): void {
    connection.query(this.#sql);
  }

  handleCopyInResponse(connection: Wire): void {
    connection.sendCopyFail('no rows follow this statement');
  }

  handleError(error: Error): void {
    this.#reject(error);
  }

  handleReadyForQuery(): void {
    this.#resolve();
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCopyData(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
