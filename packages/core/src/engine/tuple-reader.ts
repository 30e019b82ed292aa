import type { ResultColumn } from "../compile/compiled.js";
import { type RowFactory, rowFactory } from "../compile/row-factory.js";
import { InvalidRequestError } from "../errors/index.js";
import type { Node } from "../visit/node.js";
import type { RowReader } from "./row-reader.js";

/** Reads rows that are finished tuples already: those of results that were sliced, merged or thawed. */
export class TupleReader implements RowReader<Record<string, unknown>, readonly unknown[]> {
  readonly columns: readonly ResultColumn[];
  readonly keys: readonly (string | undefined)[];
  readonly finished = true;
  private readonly find: (column: Node | string) => number;
  private memoObject: RowFactory | undefined = undefined;

  /** `find` gives the place of a column in the tuple, or throws. */
  constructor(
    columns: readonly ResultColumn[],
    keys: readonly (string | undefined)[],
    find: (column: Node | string) => number,
  ) {
    this.columns = columns;
    this.keys = keys;
    this.find = find;
  }

  get object(): RowFactory {
    this.memoObject ??= rowFactory(this.keys.map((key) => ({ key, convert: undefined })));
    return this.memoObject;
  }

  readonly tuple = (values: readonly unknown[]): readonly unknown[] => values;

  scalar(index: number): (values: readonly unknown[]) => unknown {
    if (index >= 0 && index < this.keys.length) return (values) => values[index];
    throw new InvalidRequestError(`The result has ${this.keys.length} columns, none at ${index}.`, {
      code: "NO_SUCH_COLUMN",
    });
  }

  locate(column: Node | string): number {
    return this.find(column);
  }
}
