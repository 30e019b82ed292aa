import { uniqueShape } from "../visit/intern.js";
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

/** How documents become text, and text documents: `JSON.stringify` and `JSON.parse` unless given. */
export interface JsonCodec {
  /** Undefined: the value has no JSON form, and is refused. */
  readonly stringify?: ((value: unknown) => string | undefined) | undefined;
  readonly parse?: ((text: string) => unknown) | undefined;
}

/** The same codec makes the same type. */
const codecNumbers = new WeakMap<JsonCodec, number>();

function codecNumber(codec: JsonCodec): number {
  let found = codecNumbers.get(codec);
  if (found === undefined) {
    found = uniqueShape();
    codecNumbers.set(codec, found);
  }
  return found;
}

/** JSON documents. Made by {@link json}. */
export class Json<out T> extends ValueType<T, T | typeof jsonNull> {
  readonly name = "json";
  private readonly codec: JsonCodec | undefined;

  /** `args`: what makes two types of one class different. */
  constructor(args: readonly (string | number | boolean | undefined)[] = [], codec?: JsonCodec) {
    super(codec === undefined ? args : [...args, codecNumber(codec)]);
    this.codec = codec;
  }

  override toDatabase(): Conversion {
    const stringify = this.codec?.stringify ?? JSON.stringify;
    return (value) => {
      if (value === jsonNull) return "null";
      let text: string | undefined;
      try {
        text = stringify(value);
      } catch (error) {
        throw this.refuse(value, `it has no JSON form (${(error as Error).message.split("\n")[0]})`);
      }
      if (text === undefined) throw this.refuse(value, "it has no JSON form");
      return text;
    };
  }

  override fromDatabase(_host?: TypeHost): Conversion {
    const parse = this.codec?.parse ?? ((text: string): unknown => JSON.parse(text));
    return (value) => {
      if (typeof value !== "string") return value;
      try {
        return parse(value);
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
 * const exact = { stringify: lossless.stringify, parse: lossless.parse };   // one codec for many columns
 * ledger: json<Ledger>(exact)
 * ```
 */
export function json<T = unknown>(codec?: JsonCodec): Json<T> {
  return new Json<T>([], codec);
}

/** A value of unknown type: NULL, text fragments, functions nobody declared. Values pass as the driver gives them. */
export class NullType extends ValueType<unknown> {
  readonly name = "null";
}

/** The one value of {@link NullType}. */
export const NULL_TYPE: NullType = new NullType();
