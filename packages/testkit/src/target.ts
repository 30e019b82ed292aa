import type { Engine, EngineOptions } from "@acme/core";
import type { Chapter } from "./chapter.js";
import type { OptOuts } from "./requirements.js";

/** An empty database that the suite may do anything with. */
export interface ProvisionedDatabase {
  readonly url: string;
  /** Removes it. */
  drop(): Promise<void>;
}

/** What the conformance suite runs against. */
export interface ConformanceTarget {
  /** The database's name, which becomes the tag of the suite's titles: `postgresql`. */
  readonly name: string;
  /** Which of the dialect's drivers, for the titles; left out for its default one. */
  readonly driver?: string | undefined;
  /** Leaves out the second run, with copied statements: for a further driver of a dialect that has shown it already. */
  readonly once?: boolean | undefined;
  /** Why the database is not there; the suite is then reported as left out. */
  readonly unavailable?: string | undefined;
  /** Makes an empty database. */
  provision(): Promise<ProvisionedDatabase>;
  /** Makes the engine, with the options that the suite asks for. */
  createEngine(url: string, options: EngineOptions): Engine;
  /** What the database does not have, and why. */
  readonly optOut?: OptOuts;
  /** Chapters of the suite to leave out, by title, and why: for a further driver of a dialect that has shown them already. */
  readonly withoutChapters?: Readonly<Record<string, string>>;
  /**
   * Settings of a session under which quoting must hold too, by a title: the statements that make them. The suite runs its
   * injection tests once more under each.
   */
  readonly sessionModes?: Readonly<Record<string, readonly string[]>>;
  /** Chapters of the dialect's own, which run after the suite's: `valueRoads("native types", [...])`. */
  readonly chapters?: readonly Chapter[];
}
