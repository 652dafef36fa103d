import type { Receipt } from '../../model/path.ts';
import type { OpeningContext } from '../../model/source.ts';
import type { Place } from '../places/place.ts';

/** The same receipt, with what the place says of itself. */
export async function aroundIt(context: OpeningContext, place: Place, receipt: Receipt): Promise<Receipt> {
  const told = await place.check?.(context);
  return told ? { ...receipt, details: { ...receipt.details, ...told } } : receipt;
}
