import { Json } from "./others.js";
import type { Conversion, TypeHost, ValueType } from "./value-type.js";

type AnyType = ValueType<unknown, unknown>;

/** JSON that a query makes of values: an object with a type for each key. Each value is read as a column of its type is. */
export class JsonObjectType<out T> extends Json<T> {
  readonly keys: readonly string[];
  readonly types: readonly AnyType[];

  constructor(keys: readonly string[], types: readonly AnyType[]) {
    super(keys);
    this.keys = keys;
    this.types = types;
  }

  protected override computeShape(): number {
    return this.types.reduce((id, type) => this.withPart(id, type), super.computeShape());
  }

  override fromDatabase(host: TypeHost): Conversion {
    const converts = this.types.map((type) => host.fromJson(type));
    const parse = super.fromDatabase();
    return (value) => {
      const given = parse(value) as Readonly<Record<string, unknown>>;
      const entries = this.keys.map((key, i) => {
        const item = given[key] ?? null;
        return [key, item === null ? null : (converts[i]?.(item) ?? item)] as const;
      });
      return Object.fromEntries(entries);
    };
  }
}

/** JSON that a query makes of rows: an array of values of one type. */
export class JsonArrayType<out T> extends Json<T> {
  readonly element: AnyType;

  constructor(element: AnyType) {
    super();
    this.element = element;
  }

  protected override computeShape(): number {
    return this.withPart(super.computeShape(), this.element);
  }

  override fromDatabase(host: TypeHost): Conversion {
    const convert = host.fromJson(this.element);
    const parse = super.fromDatabase();
    return (value) => {
      const items = parse(value) as readonly unknown[];
      return convert === undefined ? items : items.map((item) => (item === null ? null : convert(item)));
    };
  }
}
