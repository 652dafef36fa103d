import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import pRetry, { AbortError } from 'p-retry';

const RETRIES = 1;

/** How long a server may keep us waiting. */
export interface DownloadBudgets {
  /** Until the answer begins. */
  readonly answerMs: number;
  /** Between two pieces of the body. */
  readonly pauseMs: number;
}

const BUDGETS: DownloadBudgets = { answerMs: 6_000, pauseMs: 30_000 };

/** Downloads files, and remembers which servers cannot be reached, so that nobody waits for them twice. */
export class Downloader {
  readonly #unreachable = new Map<string, string>();
  readonly #budgets: DownloadBudgets;

  constructor(budgets: DownloadBudgets = BUDGETS) {
    this.#budgets = budgets;
  }

  /** Saves the body to `file` and gives its SHA-256. A body that breaks off is asked for once more. */
  async save(url: string, file: string, signal?: AbortSignal): Promise<string> {
    const { origin } = new URL(url);
    const known = this.#unreachable.get(origin);
    if (known) throw new Error(known);
    const attempt = async () => {
      const pause = new AbortController();
      const all = AbortSignal.any([pause.signal, ...(signal ? [signal] : [])]);
      const response = await this.#answer(url, origin, all, pause);
      if (!response.ok || !response.body) throw new AbortError(`${url} answered with status ${response.status}`);
      return await this.#saveBody(url, response.body as ReadableStream<Uint8Array>, file, all, pause);
    };
    return await pRetry(attempt, {
      retries: RETRIES,
      minTimeout: 0,
      ...(signal && { signal }),
      shouldRetry: () => !signal?.aborted && !this.#unreachable.has(origin),
    });
  }

  async #answer(url: string, origin: string, signal: AbortSignal, pause: AbortController): Promise<Response> {
    const { answerMs } = this.#budgets;
    const timer = setTimeout(() => pause.abort(new Error(`no answer within ${answerMs / 1000} s`)), answerMs);
    try {
      return await fetch(url, { signal });
    } catch (error) {
      if (signal.aborted && !pause.signal.aborted) throw error;
      const reason = `${origin} cannot be reached: ${reasonOf(error)}`;
      this.#unreachable.set(origin, reason);
      throw new Error(reason, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async #saveBody(
    url: string,
    body: ReadableStream<Uint8Array>,
    file: string,
    signal: AbortSignal,
    pause: AbortController,
  ): Promise<string> {
    const { pauseMs } = this.#budgets;
    const timer = setTimeout(() => pause.abort(new Error(`nothing came for ${pauseMs / 1000} s`)), pauseMs);
    const hash = createHash('sha256');
    const watch = new Transform({
      transform(chunk: Uint8Array, _encoding, done) {
        timer.refresh();
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await pipeline(Readable.fromWeb(body), watch, createWriteStream(file), { signal });
      return hash.digest('hex');
    } catch (error) {
      throw new Error(`${url} broke off: ${reasonOf(signal.aborted ? signal.reason : error)}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** `fetch` hides what happened behind "fetch failed"; the cause tells. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
}
