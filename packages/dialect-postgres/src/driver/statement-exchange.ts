import type { DriverResult } from "@acme/core/dialect";
import { BaseExchange, type ExchangeHost, rowCountOf } from "./exchange.js";
import type { Wire, WireField } from "./pg.js";
import type { PreparedStatement } from "./prepared.js";
import { type ColumnType, NO_COLUMNS, planRows, type RowPlan, readRow } from "./row-plan.js";

/** A parameter set as it goes over the wire. */
export type WireValues = readonly (string | Uint8Array | null)[];

/** What is to be executed. */
export interface StatementRequest {
  readonly text: string;
  readonly prepared: PreparedStatement | undefined;
  /** Names of prepared statements that the server shall forget. */
  readonly dropped: readonly string[];
  /** Statements in front. */
  readonly before: readonly string[];
  readonly columnType: ColumnType;
  /** One execution for each. */
  readonly sets: readonly WireValues[];
}

/** How the caller hears of the end. */
export interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/** Executions that are sent before answers are awaited, and how many answers make room for more. */
const WINDOW = 1024;

/**
 * Executes a statement by the extended protocol, once for each parameter set, without waiting for one answer before the next
 * question. Outside of a transaction the sets are one transaction by themselves: there is one Sync.
 */
export class StatementExchange extends BaseExchange {
  private readonly request: StatementRequest;
  private readonly settle: Settle<DriverResult>;
  private plan: RowPlan | undefined;
  private fields: readonly WireField[] = [];
  private readonly rows: (readonly unknown[])[] = [];
  private rowCount = 0;
  private sent = 0;
  private answered = 0;

  constructor(host: ExchangeHost, request: StatementRequest, settle: Settle<DriverResult>) {
    super(host, request.before);
    this.request = request;
    this.settle = settle;
    this.plan = request.prepared?.rowPlan(request.columnType);
  }

  protected override write(wire: Wire): void {
    const { text, prepared, dropped } = this.request;
    for (const name of dropped) wire.close({ type: "S", name });
    if (!prepared?.parsed) wire.parse({ name: prepared?.name ?? "", text });
    this.writeSets(wire);
  }

  private writeSets(wire: Wire): void {
    const { prepared, sets } = this.request;
    const end = Math.min(sets.length, this.answered + WINDOW);
    const statement = prepared?.name ?? "";
    for (; this.sent < end; this.sent++) {
      wire.bind({ portal: "", statement, values: sets[this.sent] as WireValues });
      if (this.sent === 0 && this.plan === undefined) wire.describe({ type: "P", name: "" });
      wire.execute({});
    }
    if (this.sent === sets.length) this.sync(wire);
    else wire.flush();
  }

  protected override described(fields: readonly WireField[]): void {
    this.fields = fields;
    this.plan = planRows(fields, this.request.columnType);
  }

  protected override row(values: (string | null)[]): void {
    this.rows.push(readRow(this.plan as RowPlan, values));
  }

  protected override completed(tag: string, wire: Wire): void {
    const count = rowCountOf(tag);
    this.rowCount = count < 0 || this.rowCount < 0 ? -1 : this.rowCount + count;
    this.answered += 1;
    if (this.sent < this.request.sets.length && this.sent - this.answered === WINDOW / 2)
      this.corked(wire, () => this.writeSets(wire));
  }

  protected override succeed(): void {
    const { prepared } = this.request;
    if (prepared !== undefined && !prepared.parsed) {
      prepared.parsed = true;
      prepared.fields = this.fields;
    }
    this.settle.resolve({ columns: (this.plan ?? NO_COLUMNS).columns, rows: this.rows, rowCount: this.rowCount });
  }

  protected override fail(error: unknown): void {
    this.settle.reject(error);
  }
}

/**
 * Executes text by the simple protocol, which takes several statements at once: for scripts. The answer is that of the last
 * statement; with the others it makes one transaction outside of an open one, unless the script has BEGIN and COMMIT itself.
 */
export class ScriptExchange extends BaseExchange {
  private readonly text: string;
  private readonly columnType: ColumnType;
  private readonly settle: Settle<DriverResult>;
  private plan: RowPlan = NO_COLUMNS;
  private rows: (readonly unknown[])[] = [];
  private answer: DriverResult = { columns: [], rows: [], rowCount: -1 };

  constructor(host: ExchangeHost, text: string, columnType: ColumnType, settle: Settle<DriverResult>) {
    super(host, []);
    this.text = text;
    this.columnType = columnType;
    this.settle = settle;
  }

  protected override write(wire: Wire): void {
    this.needsNoSync();
    wire.query(this.text);
  }

  protected override described(fields: readonly WireField[]): void {
    this.plan = planRows(fields, this.columnType);
  }

  protected override row(values: (string | null)[]): void {
    this.rows.push(readRow(this.plan, values));
  }

  protected override completed(tag: string): void {
    this.answer = { columns: this.plan.columns, rows: this.rows, rowCount: rowCountOf(tag) };
    this.plan = NO_COLUMNS;
    this.rows = [];
  }

  protected override succeed(): void {
    this.settle.resolve(this.answer);
  }

  protected override fail(error: unknown): void {
    this.settle.reject(error);
  }
}
