import { expect, it } from 'vitest';
import { chooseSnapshotClass, type SnapshotClass } from './snapshot-class.ts';

function classOf(name: string, driver: string, isDefault = false): SnapshotClass {
  const annotations = { 'snapshot.storage.kubernetes.io/is-default-class': String(isDefault) };
  return { driver, metadata: { name, annotations } };
}

const CLASSES = [
  classOf('a', 'one.csi'),
  classOf('b', 'two.csi'),
  classOf('c', 'two.csi', true),
  classOf('d', 'x.csi'),
];

it('takes the class that is named, the only one of the driver, or the default among several', () => {
  expect(chooseSnapshotClass(CLASSES, 'one.csi').metadata.name).toBe('a');
  expect(chooseSnapshotClass(CLASSES, 'two.csi').metadata.name).toBe('c');
  expect(chooseSnapshotClass(CLASSES, 'two.csi', 'b').metadata.name).toBe('b');
});

it('says what is missing, and what there is', () => {
  expect(() => chooseSnapshotClass(CLASSES, 'one.csi', 'z')).toThrow(/no VolumeSnapshotClass "z".*a, b, c, d/);
  expect(() => chooseSnapshotClass(CLASSES, 'other.csi')).toThrow(/provides\. Next: make one.*a, b, c, d/);
  expect(() => chooseSnapshotClass([...CLASSES, classOf('e', 'two.csi', true)], 'two.csi')).toThrow(
    /name one.*b, c, e/,
  );
  expect(() => chooseSnapshotClass([classOf('b', 'x'), classOf('c', 'x')], 'x')).toThrow(/not one of them/);
  expect(() => chooseSnapshotClass([], 'x')).toThrow(/classes here: none/);
});
