/** What Immich removes or makes again by itself, night by night: fewer of them is no loss of anything that people made. */
const COMES_AND_GOES: readonly RegExp[] = [
  /^rows of (.+_audit|audit|notification|session_sync_checkpoint|move_history|integrity_report|video_stream_.+)$/,
  /^files in (thumbs|encoded-video|backups)$/,
];
/** What has fewer from time to time, and never none in an Immich that lives. */
const NEVER_NONE = /^rows of (sessions?|geodata_places|naturalearth_countries|migration_overrides|plugin.*)$/;

/** Whether so few of a number are left as Immich itself, or who logs out somewhere, may leave. */
export function removedByItself(number: string, left: number): boolean {
  return COMES_AND_GOES.some((pattern) => pattern.test(number)) || (left > 0 && NEVER_NONE.test(number));
}
