import type { WireField } from "./pg.js";
import { type ColumnType, planRows, type RowPlan } from "./row-plan.js";

/**
 * Counts the changes of schemas that this process has made. A named statement keeps the types that its parameters had when it
 * was parsed; when its table is dropped and made anew, or a column gets another type, these are wrong (and `real` for a column
 * that is now `double precision` would round values silently). So a statement from before the last change is parsed again.
 */
let schemaChanges = 0;

/** Takes note of an executed statement by its tag: `CREATE TABLE`, `ALTER TABLE`, `DROP VIEW`. */
export function noteSchemaChange(tag: string): void {
  if (/^(CREATE|ALTER|DROP) /.test(tag)) schemaChanges += 1;
}

/** A named statement of the session. */
export class PreparedStatement {
  readonly name: string;
  readonly text: string;
  /** The server has it. */
  parsed = false;
  /** Its result columns, once the server has described them; they never change, or the server refuses to execute it. */
  fields: readonly WireField[] | undefined = undefined;
  private readonly madeAt = schemaChanges;
  private plan: RowPlan | undefined = undefined;
  private planFor: ColumnType = undefined;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }

  /** Whether the schema has changed since. */
  get outdated(): boolean {
    return this.madeAt !== schemaChanges;
  }

  /** How its rows are read; made once for a compiled statement. */
  rowPlan(columnType: ColumnType): RowPlan | undefined {
    if (this.fields === undefined) return undefined;
    if (this.plan === undefined || this.planFor !== columnType) {
      this.plan = planRows(this.fields, columnType);
      this.planFor = columnType;
    }
    return this.plan;
  }
}

/** A text that is longer is used once more often than twice, and would hold memory on both sides. */
const LONGEST_TEXT = 32_768;

/** The named statements of a session by text: the ones used last, up to a number. */
export class PreparedStatements {
  private readonly limit: number;
  private readonly byText = new Map<string, PreparedStatement>();
  private made = 0;
  private dropped: string[] = [];

  /** `limit` 0 prepares nothing. */
  constructor(limit: number) {
    this.limit = limit;
  }

  /** The statement of a text, made when it is not there; undefined when this one is not worth a name. */
  of(text: string): PreparedStatement | undefined {
    const found = this.byText.get(text);
    if (found !== undefined && !found.outdated) {
      this.byText.delete(text);
      this.byText.set(text, found);
      return found;
    }
    if (found !== undefined) this.drop(found);
    if (this.limit === 0 || text.length > LONGEST_TEXT) return undefined;
    for (const oldest of this.byText.values()) {
      if (this.byText.size < this.limit) break;
      this.drop(oldest);
    }
    this.made += 1;
    const statement = new PreparedStatement(`acme_${this.made}`, text);
    this.byText.set(text, statement);
    return statement;
  }

  /** Forgets a statement; the server is told with the next exchange. */
  drop(statement: PreparedStatement): void {
    if (this.byText.get(statement.text) === statement) this.byText.delete(statement.text);
    this.dropped.push(statement.name);
  }

  /** The server has forgotten all of them: `DISCARD ALL`, `DEALLOCATE ALL`. */
  forgetAll(): void {
    this.byText.clear();
    this.dropped = [];
  }

  /** The names that the server is still to be told to close. */
  takeDropped(): readonly string[] {
    const { dropped } = this;
    if (dropped.length > 0) this.dropped = [];
    return dropped;
  }
}
