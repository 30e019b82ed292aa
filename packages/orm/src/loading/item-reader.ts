import { InvalidRequestError, type Node, NoSuchColumnError, type ResultColumn, type RowReader } from "@acme/core";

/** One item of a select list, as reading needs it. */
export interface ReadItem {
  /** The name in the row object; undefined for an expression without a name. */
  readonly name: string | undefined;
  readonly expression: Node | undefined;
}

type Row = readonly unknown[];

/** Reads rows that hold one finished value for each item of the select list: entities, and converted columns. */
export class ItemReader implements RowReader<Record<string, unknown>, Row> {
  readonly finished = true;
  readonly items: readonly ReadItem[];
  readonly columns: readonly ResultColumn[];
  private memoNames: readonly string[] | undefined = undefined;

  constructor(items: readonly ReadItem[], columns: readonly ResultColumn[]) {
    this.items = items;
    this.columns = columns;
  }

  get keys(): readonly (string | undefined)[] {
    return this.items.map((item) => item.name);
  }

  get object(): (values: Row) => Record<string, unknown> {
    this.memoNames ??= this.names();
    const names = this.memoNames;
    return (values) => {
      const made: Record<string, unknown> = {};
      for (let i = 0; i < names.length; i++) made[names[i] as string] = values[i];
      return made;
    };
  }

  /** The names of all items; refused where an object would lose a value. */
  private names(): readonly string[] {
    const names = this.items.map(({ name }, i) => {
      if (name !== undefined) return name;
      throw new InvalidRequestError(`Item ${i + 1} of the result has no name, so rows cannot be read as objects.`, {
        code: "UNNAMED_COLUMN",
        remedy: 'Give the expression a name with label("..."), or read tuples().',
      });
    });
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice === undefined) return names;
    throw new InvalidRequestError(`The result has two items named "${twice}", so rows cannot be read as objects.`, {
      code: "DUPLICATE_COLUMN",
      remedy: 'Give one of them another name with label("...") or aliased(...), or read tuples().',
    });
  }

  readonly tuple = (values: Row): Row => values;

  scalar(index: number): (values: Row) => unknown {
    if (index < this.items.length) return (values) => values[index];
    throw new InvalidRequestError(`The result has ${this.items.length} items, none at ${index}.`, {
      code: "NO_SUCH_COLUMN",
    });
  }

  locate(wanted: Node | string): number {
    const at = this.items.findIndex(({ name, expression }) =>
      typeof wanted === "string" ? name === wanted : expression?.shape === wanted.shape,
    );
    if (at !== -1) return at;
    throw new NoSuchColumnError(
      `The result has no item ${typeof wanted === "string" ? `"${wanted}"` : String(wanted)}.`,
      {
        remedy: `It has: ${this.keys.map((key) => key ?? "(unnamed)").join(", ")}.`,
      },
    );
  }
}

/** Reads the first value of each row as the row itself: what `session.scalars()` gives. */
export class ScalarReader implements RowReader<unknown, Row> {
  readonly finished = true;
  readonly keys: readonly (string | undefined)[];
  readonly columns: readonly ResultColumn[];

  constructor(keys: readonly (string | undefined)[], columns: readonly ResultColumn[]) {
    this.keys = keys;
    this.columns = columns;
  }

  readonly object = (values: Row): unknown => values[0];

  readonly tuple = (values: Row): Row => [values[0]];

  scalar(_index: number): (values: Row) => unknown {
    return this.object;
  }

  locate(column: Node | string): number {
    throw new InvalidRequestError(`scalars() has one value a row and no columns to look for (${String(column)}).`, {
      code: "NO_COLUMNS",
      remedy: "Use execute() to read by column.",
    });
  }
}
