import { type Conversion, type JsType, type TypeHost, ValueType } from "./value-type.js";

/** Truth values. Made by {@link boolean}. */
export class BooleanType extends ValueType<boolean> {
  readonly name = "boolean";

  override toDatabase(): Conversion {
    return (value) => {
      if (typeof value !== "boolean") throw this.refuse(value, "it is neither true nor false");
      return value;
    };
  }

  override get jsType(): JsType {
    return "boolean";
  }
}

/** True or false. DDL: `BOOLEAN`; Oracle `NUMBER(1)`, SQL Server `BIT`; SQLite and MySQL store 0 and 1. */
export function boolean(): BooleanType {
  return new BooleanType();
}

/** Bytes. Made by {@link largeBinary}. */
export class LargeBinary extends ValueType<Uint8Array> {
  readonly name = "largeBinary";
  readonly length: number | undefined;

  constructor(length?: number) {
    super([length]);
    this.length = length;
  }

  override toDatabase(): Conversion {
    return (value) => {
      if (!(value instanceof Uint8Array)) throw this.refuse(value, "it is not a Uint8Array");
      return value;
    };
  }

  override get jsType(): JsType {
    return "Uint8Array";
  }
}

/** Bytes as `Uint8Array`. DDL: `BYTEA`, `BLOB`, MySQL `LONGBLOB` or `VARBINARY(n)`, SQL Server `VARBINARY(max)`. */
export function largeBinary(length?: number): LargeBinary {
  return new LargeBinary(length);
}

/**
 * The JSON value null as a document: `{ settings: jsonNull }` stores the document `null`, `{ settings: null }` stores SQL NULL.
 * Both are read as null.
 */
export const jsonNull: unique symbol = Symbol.for("acme.jsonNull");

/** JSON documents. Made by {@link json}. */
export class Json<out T> extends ValueType<T, T | typeof jsonNull> {
  readonly name = "json";

  override toDatabase(): Conversion {
    return (value) => {
      if (value === jsonNull) return "null";
      let text: string | undefined;
      try {
        text = JSON.stringify(value);
      } catch (error) {
        throw this.refuse(value, `it has no JSON form (${(error as Error).message.split("\n")[0]})`);
      }
      if (text === undefined) throw this.refuse(value, "it has no JSON form");
      return text;
    };
  }

  override fromDatabase(_host?: TypeHost): Conversion {
    return (value) => {
      if (typeof value !== "string") return value;
      try {
        return JSON.parse(value) as unknown;
      } catch {
        throw this.unreadable(value);
      }
    };
  }

  override get jsType(): JsType {
    return "json";
  }
}

/**
 * A JSON document, read as the parsed value. `null` stores SQL NULL; a JSON null inside a document stays one, and a document
 * that is nothing but null is {@link jsonNull}.
 *
 * DDL: `JSON`; SQLite `JSON` (stored as text), SQL Server `NVARCHAR(max)`, Oracle `CLOB CHECK (... IS JSON)`.
 *
 * @example
 * ```ts
 * settings: json<{ theme: "dark" | "light" }>()
 * ```
 */
export function json<T = unknown>(): Json<T> {
  return new Json<T>();
}

/** A value of unknown type: NULL, text fragments, functions nobody declared. Values pass as the driver gives them. */
export class NullType extends ValueType<unknown> {
  readonly name = "null";
}

/** The one value of {@link NullType}. */
export const NULL_TYPE: NullType = new NullType();
