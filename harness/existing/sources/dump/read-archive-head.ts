/** What the head of an archive of pg_dump tells. */
export interface ArchiveHead {
  readonly server: string;
  readonly client: string;
  /** As an ISO time, of a clock that the archive does not tell the zone of: taken as UTC. */
  readonly madeAt: string;
}

const MAGIC = 'PGDMP';
/** Since 1.15 (PostgreSQL 16) one byte names the compression; before, an integer gave its level. */
const NAMED_COMPRESSION = 1 * 256 + 15;
const OLDEST = 1 * 256 + 12;

/** Reads the head of an archive, as `ReadHead` of pg_dump's archiver writes it; undefined when it is cut or not known. */
export function readArchiveHead(bytes: Uint8Array): ArchiveHead | undefined {
  const reader = new Reader(Buffer.from(bytes));
  try {
    if (reader.text(MAGIC.length) !== MAGIC) return undefined;
    const version = reader.byte() * 256 + reader.byte();
    reader.byte();
    if (version < OLDEST) return undefined;
    reader.intBytes = reader.byte();
    // The size of offsets, and the format: custom, directory or tar.
    reader.byte();
    reader.byte();
    if (version >= NAMED_COMPRESSION) reader.byte();
    else reader.int();
    const [second, minute, hour, day, month, year] = Array.from({ length: 6 }, () => reader.int());
    reader.int();
    reader.string();
    const [server, client] = [reader.string(), reader.string()].map((text) => text.split(' ')[0] ?? '');
    if (!server || !client) return undefined;
    const time = Date.UTC((year ?? 0) + 1900, month ?? 0, day ?? 1, hour, minute, second);
    return { server, client, madeAt: new Date(time).toISOString() };
  } catch {
    return undefined;
  }
}

class Reader {
  intBytes = 4;
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    this.#at += 1;
    return this.#bytes.readUInt8(this.#at - 1);
  }

  text(length: number): string {
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError('the head is cut');
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** A sign, then the bytes of the number, the lowest first. */
  int(): number {
    const sign = this.byte();
    let value = 0;
    for (let i = 0; i < this.intBytes; i += 1) value += this.byte() * 256 ** i;
    return sign === 0 ? value : -value;
  }

  string(): string {
    const length = this.int();
    return length <= 0 ? '' : this.text(length);
  }
}
