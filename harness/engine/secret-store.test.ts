import { describe, expect, it } from 'vitest';
import { Secret } from '../model/secret.ts';
import { SecretStore } from './secret-store.ts';

describe('SecretStore', () => {
  it('masks every form of a secret: by the line, in JSON, in an address, in base64', () => {
    const store = new SecretStore();
    const value = 'first "line" of it\nsecond/line of it';
    store.add(new Secret('given', value));
    const shown = ['', 'a', 'ab'].map((before) => Buffer.from(`${before}${value}`).toString('base64'));
    for (const text of [value, ...value.split('\n'), JSON.stringify(value), encodeURIComponent(value), ...shown])
      expect(store.mask(text)).not.toMatch(/line|bGluZ|xpbm|saW5l/);
  });

  it('masks two secrets that have the same name', () => {
    const store = new SecretStore();
    for (const value of ['one-password', 'other-password']) store.add(new Secret('restic-password', value));
    expect(store.mask('one-password other-password')).toBe('*** ***');
  });
});
