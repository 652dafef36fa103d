import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Bucket } from '../model/target.ts';
import { findLeaks, plainSecretsOf } from './leaks.ts';
import { SecretStore } from './secret-store.ts';

it('tells secrets of the same key apart by the Secret that holds them', () => {
  const secret = (name: string, value: string) =>
    `kind: Secret\nmetadata:\n  name: ${name}\nstringData:\n  password: ${value}\n`;
  const yaml = [secret('database', 'a-long-password'), secret('oauth', 'another-password')].join('---\n');
  expect(plainSecretsOf(yaml)).toEqual([
    { name: 'database/password', value: 'a-long-password' },
    { name: 'oauth/password', value: 'another-password' },
  ]);
});

it('finds a secret in what is small enough to be searched', async () => {
  const { secrets, bucket } = storing((secret) => ({ 'db/small.sql': `password ${secret}` }));
  expect(await findLeaks(bucket, { secrets, log: { notTested: [] } })).toEqual([
    { secret: 'password', object: 'db/small.sql' },
  ]);
});

it('does not call a store free of secrets of which it has searched nothing', async () => {
  const { secrets, bucket } = storing((secret) => ({ 'db/large.sql': secret.padEnd(9 * 1024 * 1024) }));
  const notTested: { what: string; why: string }[] = [];
  expect(await findLeaks(bucket, { secrets, log: { notTested } })).toBeUndefined();
  expect(notTested).toMatchObject([{ what: '1 object of the backup store, for plain secrets' }]);
});

/** A store that holds what is made of a secret. */
function storing(make: (secret: string) => Record<string, string>) {
  const secrets = new SecretStore();
  const objects = make(secrets.secret('password').reveal());
  const bucket: Bucket = {
    ...{ name: 'backups', endpoint: '', region: '', accessKey: secrets.secret('a'), secretKey: secrets.secret('b') },
    server: 'memory',
    list: () => Readable.from(Object.entries(objects).map(([key, { length }]) => ({ key, sizeBytes: length }))),
    get: async (key) => Buffer.from(objects[key] ?? ''),
    read: (key) => Readable.from([Buffer.from(objects[key] ?? '')]),
    put: async () => {},
    remove: async () => {},
  };
  return { secrets, bucket };
}

describe('plainSecretsOf', () => {
  it('finds the values of Secrets only, decoded, and passes over words', () => {
    const encoded = Buffer.from('decoded-password-1').toString('base64');
    const yaml = `kind: ConfigMap\ndata:\n  a: not-a-secret-value\n---\nkind: Secret\nstringData:\n  p: plain-password-1\n  u: photos\ndata:\n  q: ${encoded}\n`;
    expect(plainSecretsOf(yaml)).toEqual([
      { name: 'p', value: 'plain-password-1' },
      { name: 'q', value: 'decoded-password-1' },
    ]);
  });
});
