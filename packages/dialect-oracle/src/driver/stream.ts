import type { DriverStream, ExecuteOptions } from "@acme/core/dialect";
import type { Metadata, Result } from "oracledb";
import type { Oracledb } from "./driver.js";
import { columnNames, readRows } from "./rows.js";

type Row = readonly unknown[];

/** Rows in batches, read from a result set of the driver's. */
export class OracleStream implements DriverStream {
  columns: readonly string[] = [];
  private readonly driver: Oracledb;
  private readonly options: ExecuteOptions & { readonly batchSize: number };
  private readonly open: () => Promise<Result<Row>>;
  private readonly guard: <T>(call: () => Promise<T>) => Promise<T>;

  /** `guard` runs each call of the driver so that the caller can break it off. */
  constructor(
    driver: Oracledb,
    options: ExecuteOptions & { readonly batchSize: number },
    open: () => Promise<Result<Row>>,
    guard: <T>(call: () => Promise<T>) => Promise<T>,
  ) {
    this.driver = driver;
    this.options = options;
    this.open = open;
    this.guard = guard;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly Row[], void, undefined> {
    const { options } = this;
    const { resultSet, metaData = [] } = await this.guard(this.open);
    if (resultSet === undefined) return;
    const metadata = metaData as readonly Metadata<unknown>[];
    this.columns = columnNames(metadata);
    try {
      for (;;) {
        const { batchSize, columnType } = options;
        const rows = await this.guard(() => resultSet.getRows(batchSize));
        if (rows.length > 0) yield readRows(this.driver, metadata, rows, columnType);
        if (rows.length < batchSize) return;
      }
    } finally {
      await resultSet.close();
    }
  }
}
