import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { pipeline } from 'node:stream';
import type { ReadOnlyGateway, RequestsSeen } from '../../model/watch.ts';

const HERE = '127.0.0.1';
const READS = new Set(['GET', 'HEAD']);
/** Headers of one connection, which is not the one that follows. */
const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'upgrade', 'trailer']);
const PROBE_MS = 5_000;
/** Longer than tools keep a connection that nothing is asked on, so that it is they who close it. */
const IDLE_MS = 180_000;
const REFUSED_SHOWN = 20;

/**
 * Opens a gateway in front of an http server, which passes on what is asked as it was signed, streamed in both directions.
 * It takes requests as a server does, and as a proxy. Undefined when the server cannot be reached: tools say so better.
 */
export async function openReadOnlyGateway(to: string): Promise<ReadOnlyGateway | undefined> {
  if (!(await answers(to))) return undefined;
  const gateway = new Gateway(to);
  await gateway.listen();
  return gateway;
}

class Gateway implements ReadOnlyGateway {
  readonly to: string;
  readonly #methods: Record<string, number> = {};
  readonly #refused: string[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((asked, answer) => this.#take(asked, answer));
  #refusedCount = 0;
  #url = '';

  constructor(to: string) {
    this.to = new URL(to).origin;
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = IDLE_MS;
    // A tunnel would be out of sight.
    this.#server.on('connect', ({ url = '' }, socket) => {
      this.#note('CONNECT', url);
      socket.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n');
    });
  }

  get url(): string {
    return this.#url;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(0, HERE, resolve);
    });
    this.#url = `http://${HERE}:${(this.#server.address() as AddressInfo).port}`;
  }

  seen(): RequestsSeen {
    const { to } = this;
    return { to, methods: { ...this.#methods }, refused: [...this.#refused], refusedCount: this.#refusedCount };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }

  #note(method: string, path: string): void {
    this.#refusedCount += 1;
    if (this.#refused.length < REFUSED_SHOWN) this.#refused.push(`${method} ${path.replace(/\?.*$/s, '')}`);
  }

  #take(asked: IncomingMessage, answer: ServerResponse): void {
    const { method = '', url = '/' } = asked;
    this.#methods[method] = (this.#methods[method] ?? 0) + 1;
    const target = targetOf(url, this.to);
    if (READS.has(method) && target !== undefined) {
      this.#passOn(asked, answer, target, true);
      return;
    }
    this.#note(method, url);
    asked.resume();
    answer.writeHead(405, { 'content-type': 'application/xml', connection: 'close' });
    answer.end(errorOf('MethodNotAllowed', 'a drill of backups only reads, and its gateway lets nothing else through'));
  }

  #passOn(asked: IncomingMessage, answer: ServerResponse, path: string, mayRetry: boolean): void {
    const { hostname, port } = new URL(this.to);
    const { method, rawHeaders } = asked;
    const host = hostname.replace(/^\[|\]$/g, '');
    const onward = request({ host, port, path, method, agent: this.#agent, setHost: false, headers: kept(rawHeaders) });
    onward.on('response', (came) => {
      answer.writeHead(came.statusCode ?? 502, came.statusMessage, kept(came.rawHeaders));
      // One that is cut short must be cut short on this side, too.
      pipeline(came, answer, (error) => error && answer.destroy());
    });
    onward.on('error', ({ message }) => {
      // The server may have closed a connection in the moment in which it was used again.
      if (mayRetry && onward.reusedSocket && !answer.headersSent) this.#passOn(asked, answer, path, false);
      else if (answer.headersSent) answer.destroy();
      else this.#unavailable(answer, message);
    });
    answer.on('close', () => onward.destroy());
    onward.end();
  }

  #unavailable(answer: ServerResponse, message: string): void {
    const says = /ECONNREFUSED/.test(message) ? `connection refused: ${message}` : message;
    answer.writeHead(503, { 'content-type': 'application/xml' });
    answer.end(errorOf('ServiceUnavailable', `${this.to} did not answer: ${says}`));
  }
}

/** What is asked of the server; undefined when it is asked of another one. */
function targetOf(url: string, to: string): string | undefined {
  if (url.startsWith('/')) return url;
  if (!URL.canParse(url) || new URL(url).origin !== to) return undefined;
  // As it was signed: a URL that is parsed and written again may have other escapes.
  return url.slice(url.indexOf('/', 'http://'.length));
}

function kept(raw: readonly string[]): string[] {
  const pairs = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  return pairs.filter(([name]) => !OF_CONNECTION.has(name.toLowerCase())).flat();
}

function errorOf(code: string, message: string): string {
  const text = message.replace(/[<>&]/g, ' ');
  return `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`;
}

async function answers(to: string): Promise<boolean> {
  const { hostname, port } = new URL(to);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 80), timeout: PROBE_MS });
  return await new Promise((resolve) => {
    const end = (worked: boolean) => {
      socket.destroy();
      resolve(worked);
    };
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false));
  });
}
