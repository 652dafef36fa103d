import type { FileEntry, Sighting } from '../../../model/manifest.ts';
import type { Volume } from '../../../model/target.ts';

/** The kind of sighting that a sidecar makes. */
export const SIDECAR = 'sidecar';

/** Enough to tell XML from what is none. */
const HEAD_BYTES = 512;
const XML = /^\ufeff?\s*<(\?xml|\?xpacket|x:xmpmeta|rdf:RDF)/;

/** Looks at how some of the sidecars begin; all that Immich and cameras write are XML. */
export async function readSidecars(
  volume: Volume,
  files: AsyncIterable<FileEntry> | readonly FileEntry[],
  count: number,
  kept?: ReadonlySet<string>,
): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  for await (const { path, type } of files) {
    if (type !== 'file' || !/^(upload|library)\/.*\.xmp$/i.test(path) || (kept && !kept.has(path))) continue;
    if (sightings.length >= count) break;
    // A sidecar that is not there is missed by whoever follows its row.
    if (!(await volume.has(path))) continue;
    const head = Buffer.from(await volume.read(path, { offset: 0, length: HEAD_BYTES })).toString('utf8');
    const ok = XML.test(head);
    sightings.push({ id: `${SIDECAR} ${path}`, kind: SIDECAR, ok, saw: ok ? 'XML' : 'something that is no XML' });
  }
  return sightings;
}
