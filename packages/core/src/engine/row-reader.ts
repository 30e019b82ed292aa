import type { ResultColumn } from "../compile/compiled.js";
import { type RowFactory, rowFactory, scalarFactory, type TupleFactory, tupleFactory } from "../compile/row-factory.js";
import { InvalidRequestError, NoSuchColumnError } from "../errors/index.js";
import { NULL_TYPE } from "../types/others.js";
import type { Node } from "../visit/node.js";

/**
 * Turns the driver's arrays of values into what a {@link Result} gives: row objects, tuples, single values. One reader
 * serves all executions of a compiled statement. The ORM has readers of its own, which make entities.
 */
export interface RowReader<out R, out P extends readonly unknown[]> {
  /** The result columns in order. For a compiled statement the very list of its Compiled: the same for every execution. */
  readonly columns: readonly ResultColumn[];
  /** The names of the result columns in order; undefined for an expression without a name. */
  readonly keys: readonly (string | undefined)[];
  /** Makes a row object. Reading this property throws where two columns of one name would overwrite each other. */
  readonly object: (values: readonly unknown[]) => R;
  readonly tuple: (values: readonly unknown[]) => P;
  /** True when the rows are finished tuples already, so that rows of another such reader can stand among them. */
  readonly finished?: boolean;
  /** Makes the value of one element of the tuple. */
  scalar(index: number): (values: readonly unknown[]) => unknown;
  /** The place in the tuple of a column, or of a name. */
  locate(column: Node | string): number;
}

/** The reader of plain rows. */
export class ColumnReader implements RowReader<Record<string, unknown>, readonly unknown[]> {
  readonly columns: readonly ResultColumn[];
  private memoObject: RowFactory | undefined = undefined;
  private memoTuple: TupleFactory | undefined = undefined;
  private readonly memoScalars: ((values: readonly unknown[]) => unknown)[] = [];

  constructor(columns: readonly ResultColumn[]) {
    this.columns = columns;
  }

  get keys(): readonly (string | undefined)[] {
    return this.columns.map((column) => column.key);
  }

  get object(): RowFactory {
    this.memoObject ??= rowFactory(this.columns);
    return this.memoObject;
  }

  get tuple(): TupleFactory {
    this.memoTuple ??= tupleFactory(this.columns);
    return this.memoTuple;
  }

  scalar(index: number): (values: readonly unknown[]) => unknown {
    let read = this.memoScalars[index];
    if (read === undefined) {
      const column = this.columns[index];
      if (column === undefined) {
        throw new InvalidRequestError(`The result has ${this.columns.length} columns, none at ${index}.`, {
          code: "NO_SUCH_COLUMN",
        });
      }
      const convert = scalarFactory(column.convert);
      read = (values) => convert(values[index]);
      this.memoScalars[index] = read;
    }
    return read;
  }

  locate(column: Node | string): number {
    const found = typeof column === "string" ? this.named(column) : this.standingFor(column);
    if (found !== -1) return found;
    const asked = typeof column === "string" ? `"${column}"` : String(column);
    const known = this.keys.map((key) => key ?? "(unnamed)").join(", ");
    throw new NoSuchColumnError(`The result has no column ${asked}.`, { remedy: `It has: ${known}.` });
  }

  private named(name: string): number {
    const found = this.columns.findIndex((column) => column.key === name);
    const last = this.columns.findLastIndex((column) => column.key === name);
    if (found === last) return found;
    throw new InvalidRequestError(`The result has two columns named "${name}".`, {
      code: "DUPLICATE_COLUMN",
      remedy: 'Read by column object, or give one of them another name with label("...").',
    });
  }

  /** The column that is this expression, or that is this expression under a label. */
  private standingFor(wanted: Node): number {
    const { shape } = wanted;
    const itself = this.columns.findIndex(({ expression }) => expression === wanted || expression?.shape === shape);
    if (itself !== -1) return itself;
    return this.columns.findIndex(({ expression }) => {
      const operand =
        expression?.kind === "label" ? (expression as Node & { readonly operand?: Node }).operand : undefined;
      return operand?.shape === shape;
    });
  }
}

/**
 * The reader of a text statement, whose columns only the database knows. Types declared by `columns({...})` are matched by
 * name, in whatever order the database gives them; where the database folds names (Oracle), capitals do not count.
 */
export function textReader(names: readonly string[], declared: readonly ResultColumn[]): ColumnReader {
  const open = new Set(declared);
  const columns = names.map((name, item): ResultColumn => {
    const folded = name.toLowerCase();
    const match = declared.find(({ key }) => key === name) ?? declared.find(({ key }) => key?.toLowerCase() === folded);
    if (match === undefined)
      return { key: name, type: NULL_TYPE, typeName: NULL_TYPE.name, convert: undefined, expression: undefined, item };
    open.delete(match);
    return match;
  });
  const [missing] = open;
  if (missing !== undefined) {
    throw new NoSuchColumnError(`columns() declares "${missing.key}", which the result does not have.`, {
      remedy: `The database gives: ${names.join(", ")}.`,
    });
  }
  return new ColumnReader(columns);
}
