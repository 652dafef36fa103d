import { expect, it } from 'vitest';
import { plainSecretsOf } from './leaks.ts';

it('tells secrets of the same key apart by the Secret that holds them', () => {
  const secret = (name: string, value: string) =>
    `kind: Secret\nmetadata:\n  name: ${name}\nstringData:\n  password: ${value}\n`;
  const yaml = [secret('database', 'a-long-password'), secret('oauth', 'another-password')].join('---\n');
  expect(plainSecretsOf(yaml)).toEqual([
    { name: 'database/password', value: 'a-long-password' },
    { name: 'oauth/password', value: 'another-password' },
  ]);
});
