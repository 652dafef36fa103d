/** How a program is asked for its version: the first group of `pattern` over what it writes. */
export interface VersionProbe {
  readonly args: readonly string[];
  readonly pattern: RegExp;
}

/** One file of a release, and what it must be: a sum that comes from the server of the file would prove nothing. */
export interface ReleaseAsset {
  /** It ends in `.bz2`, `.gz`, `.tar.gz` or `.zip`, or has no ending and is the program itself. */
  readonly file: string;
  /** In lower-case hex. */
  readonly sha256: string;
}

/** An official release on GitHub. */
export interface Release {
  /** `owner/name`. */
  readonly repository: string;
  readonly tag: string;
  /** By `<process.platform>-<process.arch>`; what is not named here is not downloaded. */
  readonly assets: Readonly<Record<string, ReleaseAsset>>;
}

/** A Go module that the Go toolchain builds. */
export interface GoBuild {
  readonly module: string;
  readonly version: string;
  /** A folder with the `go.mod` that asks for this version, and the `go.sum` of everything that is built with it. */
  readonly sums: URL;
  /** Each program's package below the module; empty for the module's root. */
  readonly commands: Readonly<Record<string, string>>;
  /** String variables to set at link time, such as `main.Version`. */
  readonly sets?: Readonly<Record<string, string>>;
  /** How long it takes, in words. */
  readonly takes: string;
}

/** An outside tool as data: what it is, which versions will do, and where to get it from. */
export interface ToolDefinition {
  readonly name: string;
  /** The programs that it brings, by the names that `PATH` knows. */
  readonly programs: readonly string[];
  readonly purpose: string;
  /** Accepted versions: `*`, or comparisons that must all hold, such as `>=14 <19`. */
  readonly accepts: string;
  /** Builds that do not know their version are accepted, too. */
  readonly acceptsUnversioned?: boolean;
  readonly version: VersionProbe;
  readonly release?: Release;
  readonly go?: GoBuild;
  /** Packages of Debian and its relatives; they are unpacked into the cache and not installed. */
  readonly debianPackages?: readonly string[];
  /** All programs must come from one folder: one on `PATH`, or one of the places (globs). The newest wins. */
  readonly together?: { readonly places: readonly string[] };
  /** What a person can do when it is missing: one sentence. */
  readonly hint: string;
}
