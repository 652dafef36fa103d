import { open } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Attachment } from 'allure-js-commons';
import { ContentType } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';
import { oneLine, plainLines } from '../text/one-line.ts';
import { attachmentName } from './attachment-name.ts';

/** A report is one page: a log of hours must not make it too large to open. */
const MOST_BYTES = 256 * 1024;
/** With the line that tells of a cut. */
const MOST_CHARS = 2 * MOST_BYTES;

/** Copies what a run left behind into the Allure results. */
export class Attachments {
  readonly #writer: FileSystemWriter;
  readonly #runFolder: string;

  constructor(resultsDir: string, runFolder: string) {
    this.#writer = new FileSystemWriter({ resultsDir });
    this.#runFolder = runFolder;
  }

  /** Attaches a text. */
  text(name: string, content: string, type: string = ContentType.TEXT): Attachment {
    const bytes = Buffer.from(content.toWellFormed());
    const source = attachmentName(name, type);
    this.#writer.writeAttachment(source, bytes);
    return { name, source, type, size: bytes.length };
  }

  /** Attaches a file of the run folder, or nothing when it is not there; of a long log the end, of other files the beginning. */
  async file(path: string, part: 'end' | 'beginning'): Promise<Attachment[]> {
    const full = resolve(this.#runFolder, path);
    const inside = relative(this.#runFolder, full);
    if (path === '' || inside === '' || inside.startsWith('..') || isAbsolute(inside)) return [];
    const content = await readPart(join(this.#runFolder, inside), part);
    // A log shows what a tool has said of a backup, which nobody's terminal may obey.
    return content === undefined
      ? []
      : [this.text(oneLine(inside), plainLines(content, MOST_CHARS) + (content.endsWith('\n') ? '\n' : ''))];
  }
}

async function readPart(path: string, part: 'end' | 'beginning'): Promise<string | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return undefined;
    const length = Math.min(stat.size, MOST_BYTES);
    const position = part === 'end' ? stat.size - length : 0;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
    const content = buffer.subarray(0, bytesRead).toString('utf8');
    if (length === stat.size) return content;
    const cut = `… cut to ${MOST_BYTES} of ${stat.size} bytes; the rest is in the folder of the run …`;
    return part === 'end' ? `${cut}\n${content}` : `${content}\n${cut}`;
  } finally {
    await file.close();
  }
}
