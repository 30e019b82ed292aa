import { BaseExchange, type ExchangeHost } from "./exchange.js";
import type { Wire, WireField } from "./pg.js";
import { NO_COLUMNS, planRows, type RowPlan, readRow } from "./row-plan.js";
import type { StatementRequest } from "./statement-exchange.js";

export type Rows = readonly (readonly unknown[])[];

/** A result that is read in batches, during which the connection can do nothing else. */
export interface BatchSource {
  /** Column names; empty until the first batch has come. */
  readonly columns: readonly string[];
  /** True when the server is done with it. */
  readonly ended: boolean;
  /** The next rows; undefined after the last. */
  next(): Promise<Rows | undefined>;
  /** Ends it early. */
  close(): Promise<void>;
}

/**
 * Reads a result in batches: a portal is executed for so many rows at a time. The Sync comes at the end only, so that the
 * portal lives on without an open transaction; until then the connection can do nothing else. The statement has no name: a
 * stream is long, so that parsing does not count.
 */
export class PortalExchange extends BaseExchange implements BatchSource {
  private readonly request: StatementRequest;
  private readonly options: { readonly batchSize: number };
  private plan: RowPlan = NO_COLUMNS;
  private rows: (readonly unknown[])[] = [];
  private state: "running" | "suspended" | "closing" | "ended" = "running";
  private error: unknown = undefined;
  private failedAtEnd = false;
  private wake: (() => void) | undefined = undefined;

  constructor(host: ExchangeHost, request: StatementRequest, options: { readonly batchSize: number }) {
    super(host, request.before);
    this.request = request;
    this.options = options;
  }

  /** Column names; empty until the first batch has come. */
  get columns(): readonly string[] {
    return this.plan.columns;
  }

  /** True when the server is done with it. */
  get ended(): boolean {
    return this.state === "ended";
  }

  /** The next rows; undefined after the last. */
  async next(): Promise<Rows | undefined> {
    if (this.state === "suspended") this.resume();
    while (this.state === "running" || this.state === "closing") await this.change();
    if (this.failedAtEnd) throw this.error;
    if (this.rows.length === 0) return undefined;
    const { rows } = this;
    this.rows = [];
    return rows;
  }

  /** Ends it early: the server forgets the portal. */
  async close(): Promise<void> {
    while (this.state === "running") await this.change();
    if (this.state === "suspended") {
      this.state = "closing";
      const wire = this.wire as Wire;
      this.corked(wire, () => {
        wire.close({ type: "P", name: "" });
        this.sync(wire);
      });
    }
    while (this.state === "closing") await this.change();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  private moveTo(state: "suspended" | "closing" | "ended"): void {
    this.state = state;
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  private resume(): void {
    const wire = this.wire as Wire;
    this.state = "running";
    this.corked(wire, () => {
      wire.execute({ portal: "", rows: this.options.batchSize });
      wire.flush();
    });
  }

  protected override write(wire: Wire): void {
    const { text, dropped, sets } = this.request;
    for (const name of dropped) wire.close({ type: "S", name });
    wire.parse({ name: "", text });
    wire.bind({ portal: "", statement: "", values: sets[0] ?? [] });
    wire.describe({ type: "P", name: "" });
    wire.execute({ portal: "", rows: this.options.batchSize });
    wire.flush();
  }

  protected override described(fields: readonly WireField[]): void {
    this.plan = planRows(fields, this.request.columnType);
  }

  protected override row(values: (string | null)[]): void {
    this.rows.push(readRow(this.plan, values));
  }

  override handlePortalSuspended(): void {
    this.moveTo("suspended");
  }

  protected override completed(_tag: string, wire: Wire): void {
    this.sync(wire);
  }

  protected override succeed(): void {
    this.moveTo("ended");
  }

  protected override fail(error: unknown): void {
    this.failedAtEnd = true;
    this.error = error;
    this.moveTo("ended");
  }
}
