import { describe, expect, it } from 'vitest';
import { walInside } from './wal-inside.ts';

describe('where the log lies that a link points to', () => {
  it.each([
    ['/backups/log', { folder: 'copy', root: '/backups' }, 'log'],
    ['/backups/copy/../log/', { folder: 'copy', root: '/backups/' }, 'log'],
    ['../log', { folder: 'copy', root: '/backups' }, 'log'],
    ['log', { folder: '', root: '/backups' }, 'log'],
    // A restic snapshot, and a mirror of a whole machine, have it under its own path.
    ['/srv/log', { folder: 'srv/data', root: '4f1c' }, 'srv/log'],
    ['/srv/log', { folder: 'srv/data', root: '/mirror' }, 'srv/log'],
  ])('%s in %j', (target, place, inside) => {
    expect(walInside(target, place)).toBe(inside);
  });

  it.each([
    ['../../log', { folder: 'copy', root: '/backups' }],
    ['../log', { folder: '', root: '/backups' }],
    ['/', { folder: 'copy', root: '/backups' }],
    ['..', { folder: 'copy', root: '/backups' }],
    ['', { folder: 'copy', root: '/backups' }],
  ])('nowhere: %s in %j', (target, place) => {
    expect(walInside(target, place)).toBeUndefined();
  });
});
