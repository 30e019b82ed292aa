/** What every error of the toolkit carries beside its message. */
export interface ErrorDetails {
  /** A stable identifier such as `"NO_FOREIGN_KEYS"`; never changes between releases, so that programs may test it. */
  readonly code?: string;
  /** One sentence that says what to do about it. It is appended to the message. */
  readonly remedy?: string;
  /** The error that led to this one, for example the driver's own. */
  readonly cause?: unknown;
}

/**
 * The root of all errors that the toolkit throws.
 *
 * @example
 * ```ts
 * try {
 *   await engine.begin(work);
 * } catch (error) {
 *   if (error instanceof AcmeError && error.code === "UNIQUE_VIOLATION") return "taken";
 *   throw error;
 * }
 * ```
 */
export class AcmeError extends Error {
  /** A stable identifier of what went wrong. */
  readonly code: string;
  /** What to do about it, where the toolkit knows. */
  readonly remedy: string | undefined;

  /** `appendix` holds lines that stand below the message and its remedy. */
  constructor(message: string, details: ErrorDetails = {}, appendix: readonly string[] = []) {
    const said = details.remedy === undefined ? message : `${message} ${details.remedy}`;
    super([said, ...appendix].join("\n"), { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code ?? new.target.defaultCode;
    this.remedy = details.remedy;
    if (details.cause === undefined) delete (this as { cause?: unknown }).cause;
  }

  /** The code of an instance that was given none. */
  static readonly defaultCode: string = "ACME_ERROR";
}
