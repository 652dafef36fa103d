const DAY_MS = 86_400_000;
const TIME = /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/;
const MS = /-(\d{13})\./;

/** A name with the time that is in it so many days earlier; one without a time stays as it is. */
export function earlier(name: string, days: number): string {
  const ms = MS.exec(name)?.[1];
  if (ms !== undefined) return name.replace(MS, `-${Number(ms) - days * DAY_MS}.`);
  const [, year, month, day, hour, minute, second] = TIME.exec(name) ?? [];
  if (year === undefined) return name;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - days * DAY_MS;
  if (Number.isNaN(time)) return name;
  return name.replace(TIME, new Date(time).toISOString().slice(0, 19).replace(/[-:]/g, ''));
}
