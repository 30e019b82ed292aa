import { ResourceClosedError } from "../errors/index.js";
import type { Connection } from "./connection.js";
import type { RowReader } from "./row-reader.js";
import { cutError, type RowSource } from "./stream-source.js";

/**
 * The rows of a stream that has a connection to itself: one is lent when the first row is asked for, and given back with the
 * last, or when the stream is left.
 */
export class LentSource implements RowSource {
  private readonly connect: () => Promise<Connection>;
  private readonly openOn: (connection: Connection) => RowSource;
  private readonly closes: boolean;
  private connection: Connection | undefined = undefined;
  private inner: RowSource | undefined = undefined;
  private batchSize: number | undefined = undefined;
  private state: "new" | "begun" | "ended" = "new";
  private cut = false;

  /** `closes` says whether the connection is closed after the last row. */
  constructor(connect: () => Promise<Connection>, openOn: (connection: Connection) => RowSource, closes = true) {
    this.connect = connect;
    this.openOn = openOn;
    this.closes = closes;
  }

  get reader(): RowReader<unknown, readonly unknown[]> {
    return (this.inner as RowSource).reader;
  }

  get ended(): boolean {
    return this.state === "ended";
  }

  begin(batchSize: number | undefined): void {
    if (this.state !== "new") {
      throw new ResourceClosedError("The stream was read already.", {
        code: "STREAM_CONSUMED",
        remedy: "Call stream() again.",
      });
    }
    this.state = "begun";
    this.batchSize = batchSize;
  }

  async next(): Promise<readonly (readonly unknown[])[] | undefined> {
    if (this.cut) throw cutError();
    if (this.state !== "begun") return undefined;
    try {
      if (this.inner === undefined) await this.open();
      const rows = await this.inner?.next();
      if (rows === undefined) await this.end();
      return rows;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  close(): Promise<void> {
    if (this.state === "begun") this.cut = true;
    return this.end();
  }

  private async end(): Promise<void> {
    const { inner, connection } = this;
    this.state = "ended";
    this.connection = undefined;
    try {
      await inner?.close();
    } finally {
      if (this.closes) await connection?.close();
    }
  }

  private async open(): Promise<void> {
    const connection = await this.connect();
    // Who left meanwhile does not get it.
    if (this.ended) return this.closes ? connection.close() : undefined;
    this.connection = connection;
    this.inner = this.openOn(connection);
    this.inner.begin(this.batchSize);
  }
}
