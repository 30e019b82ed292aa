import { type BeginOptions, type IsolationLevel, NotSupportedError } from "@acme/core/dialect";

/** The isolation levels that PostgreSQL knows. */
export const ISOLATION_LEVELS: readonly IsolationLevel[] = [
  "READ UNCOMMITTED",
  "READ COMMITTED",
  "REPEATABLE READ",
  "SERIALIZABLE",
];

/** Refuses an isolation level that PostgreSQL does not have. */
export function checkLevel(level: IsolationLevel): IsolationLevel {
  if (ISOLATION_LEVELS.includes(level)) return level;
  throw new NotSupportedError(`PostgreSQL has no isolation level ${level}.`, {
    remedy: `It has: ${ISOLATION_LEVELS.join(", ")}.`,
  });
}

/** `SAVEPOINT "name"` and its like. */
export function savepointText(word: "SAVEPOINT" | "RELEASE SAVEPOINT" | "ROLLBACK TO SAVEPOINT", name: string): string {
  return `${word} "${name.replaceAll('"', '""')}"`;
}

/** BEGIN, SAVEPOINT and RELEASE that were asked for and travel with the next statement, to save their round trips. */
export class Unsent {
  private texts: string[] = [];

  get isEmpty(): boolean {
    return this.texts.length === 0;
  }

  begin(options: BeginOptions, level: IsolationLevel | undefined): void {
    const words = ["BEGIN"];
    if (level !== undefined) words.push(`ISOLATION LEVEL ${checkLevel(level)}`);
    if (options.readOnly !== undefined) words.push(options.readOnly ? "READ ONLY" : "READ WRITE");
    if (options.deferrable !== undefined) words.push(options.deferrable ? "DEFERRABLE" : "NOT DEFERRABLE");
    this.texts = [words.join(" ")];
  }

  add(text: string): void {
    this.texts.push(text);
  }

  /** Takes a savepoint back whose statement was the last; false when it has to be released. */
  forgetSavepoint(name: string): boolean {
    if (this.texts.at(-1) !== savepointText("SAVEPOINT", name)) return false;
    this.texts.pop();
    return true;
  }

  /** Goes back to a savepoint that was not sent either; false when the server has to. */
  backTo(name: string): boolean {
    const at = this.texts.lastIndexOf(savepointText("SAVEPOINT", name));
    this.texts.length = at + 1;
    return at !== -1;
  }

  /** Forgets all; true when that was the whole transaction. */
  forget(): boolean {
    return beginsTransaction(this.take());
  }

  /** What is to be sent now. */
  take(): readonly string[] {
    const { texts } = this;
    if (texts.length > 0) this.texts = [];
    return texts;
  }

  /** To be sent again. */
  putBack(texts: readonly string[]): void {
    this.texts = [...texts];
  }
}

/** Whether a transaction begins with these statements. */
export function beginsTransaction(texts: readonly string[]): boolean {
  return texts[0]?.startsWith("BEGIN") ?? false;
}
