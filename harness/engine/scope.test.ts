import { describe, expect, it } from 'vitest';
import { Scope } from './scope.ts';

describe('Scope', () => {
  it('undoes in reverse order, keeps every error, and goes on after one that hangs', async () => {
    const order: string[] = [];
    const scope = new Scope(50);
    scope.add('first', async () => void order.push('first'));
    scope.add('broken', async () => {
      throw new Error('no');
    });
    scope.add('hangs', () => new Promise(() => {}));
    scope.add('last', async () => void order.push('last'));
    const errors = await scope.dispose();
    expect(order).toEqual(['last', 'first']);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringContaining('hangs'),
      expect.stringContaining('broken'),
    ]);
    expect(await scope.dispose()).toEqual([]);
  });
});
