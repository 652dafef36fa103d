import type { CacheKey } from '../../model/manifest.ts';
import { Secret } from '../../model/secret.ts';
import type { Cache } from '../../model/target.ts';

/** A cache that is there, or is not. */
export class FakeCache implements Cache {
  readonly kind = 'redis';
  readonly name: string;
  readonly identity: string;
  readonly host = '127.0.0.1';
  readonly port = 0;
  readonly password = new Secret('fake', 'fake');
  readonly version = '0';
  #exists = true;

  constructor(name: string) {
    this.name = name;
    this.identity = `fake-${name}`;
  }

  command(): Promise<unknown> {
    throw new Error('the fake cache takes no commands');
  }

  async *keys(): AsyncGenerator<CacheKey> {}

  async exists(): Promise<boolean> {
    return this.#exists;
  }

  async destroy(): Promise<void> {
    this.#exists = false;
  }
}

/** A cache on which nothing has any effect. */
export class InertCache extends FakeCache {
  override async destroy(): Promise<void> {}
}
