/** The fact which version was started: what its server said of itself, or its tag where none ever served. */
export const REHEARSED_VERSION = 'rehearsed version';

/** The fact which version the tag of the image names, where it names one. */
export const NAMED_VERSION = 'version in its tag';

/** What stands for a version that nobody has said. */
export const UNKNOWN_VERSION = 'unknown';
