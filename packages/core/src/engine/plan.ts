import type { Compiled, ResultColumn } from "../compile/compiled.js";
import type { DriverResult, ExecuteOptions } from "../dialect/driver.js";
import { conceal } from "../errors/index.js";
import type { Conversion } from "../types/value-type.js";
import type { Node } from "../visit/node.js";
import type { Compilation } from "./events.js";
import { ColumnReader, textReader } from "./row-reader.js";

/**
 * A compiled statement with all that its executions share: what the driver is told, how rows are read, the texts of INSERT
 * pages. One plan serves every statement of the same structure; the engine's cache keeps it.
 */
export class Plan {
  readonly compiled: Compiled;
  /** What the driver is told when the caller says nothing. */
  readonly driverOptions: ExecuteOptions;
  /** The rows hold the generated key, which nobody asked for with RETURNING. */
  readonly addsKey: boolean;
  /** How it was compiled. */
  readonly compilation: Compilation;
  /** False until the first execution is over: whether the log calls it cached. */
  used = false;
  private readonly reader: ColumnReader | undefined;
  private readonly pages = new Map<number, string>();
  private readonly declared: readonly ResultColumn[];
  private textNames: readonly string[] = [];
  private textReader: ColumnReader | undefined = undefined;

  /** `hideParameters`: errors of conversion do not show the value. */
  constructor(compiled: Compiled, statement: Node, compilation: Compilation, hideParameters = false) {
    const { kind } = compiled;
    const resultColumns = hideParameters ? compiled.resultColumns?.map(concealing) : compiled.resultColumns;
    const returning = (statement as Node & { readonly returningItems?: readonly Node[] }).returningItems;
    this.compiled = compiled;
    this.compilation = compilation;
    this.declared = resultColumns ?? [];
    this.addsKey = kind === "insert" && resultColumns !== undefined && returning?.length === 0;
    this.reader =
      kind === "text" || this.addsKey || resultColumns === undefined ? undefined : new ColumnReader(resultColumns);
    this.driverOptions = {
      returnsRows: compiled.returnsRows,
      columnType: compiled.columnType,
      prepare: kind === "ddl" ? false : kind === "text" && compiled.slots.length === 0 ? undefined : true,
      bigintRows:
        resultColumns === undefined
          ? undefined
          : kind === "text"
            ? compiled.bigintRows || undefined
            : compiled.bigintRows,
    };
  }

  /** How the rows of an answer are read; undefined where there are none. */
  readerOf(answer: DriverResult): ColumnReader | undefined {
    return this.compiled.kind === "text" ? this.readerOfNames(answer.columns) : this.reader;
  }

  /** How rows with columns of these names are read: text statements know them only from the database. */
  readerOfNames(names: readonly string[]): ColumnReader | undefined {
    if (this.compiled.kind !== "text") return this.reader;
    if (names.length === 0) return undefined;
    if (this.textReader === undefined || !sameNames(names, this.textNames)) {
      this.textReader = textReader(names, this.declared);
      this.textNames = names;
    }
    return this.textReader;
  }

  /** The text of an INSERT of `count` rows. */
  page(count: number): string {
    let sql = this.pages.get(count);
    if (sql === undefined) {
      sql = this.compiled.multiRowSql(count);
      this.pages.set(count, sql);
    }
    return sql;
  }
}

/** A result column whose value, where it cannot be read, is not shown. */
function concealing(column: ResultColumn): ResultColumn {
  const { convert } = column;
  if (convert === undefined) return column;
  const careful: Conversion = (value) => {
    try {
      return convert(value);
    } catch (error) {
      throw conceal(error);
    }
  };
  return { ...column, convert: careful };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((name, i) => name === b[i]));
}
