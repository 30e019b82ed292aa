import { CompileError } from "../errors/index.js";
import type { JsonForm, JsonStep } from "../sql/json.js";
import { plainDecimal } from "../types/numbers.js";
import type { Conversion } from "../types/value-type.js";
import type { Dialect } from "./dialect.js";
import type { AnyType } from "./type-rules.js";

/**
 * How a database takes JSON apart and makes it, as SQL text. This class is standard SQL (SQL/JSON of 2016 with the dialect's
 * quoting); dialects override what differs.
 */
export class JsonRules {
  /** The part of a document under a path, in a form of SQL. */
  path(document: string, steps: readonly JsonStep[], form: JsonForm, type: AnyType, dialect: Dialect): string {
    const path = dialect.quoteString(jsonPathText(steps));
    if (form === "json") return `JSON_QUERY(${document}, ${path})`;
    return `JSON_VALUE(${document}, ${path} RETURNING ${dialect.typeName(type, "cast")})`;
  }

  /** Whether the JSON value null stands at a path. */
  isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    return `JSON_EXISTS(${document}, ${dialect.quoteString(`${jsonPathText(steps)} ? (@ == null)`)})`;
  }

  /**
   * A document with the part under a path set to a value, which is JSON or a value of SQL as `form` says; NULL becomes the JSON
   * value null. Where the part before the last step is no object (for a key) or has no such element (for a position), the
   * document stays as it is. The SQL standard has no function for it.
   */
  set(
    _document: string,
    _steps: readonly JsonStep[],
    _form: JsonForm,
    _value: string,
    _type: AnyType,
    dialect: Dialect,
  ): string {
    throw new CompileError(`${dialect.name} has no way to set a part of a JSON document.`, {
      code: "UNSUPPORTED",
      remedy: "Set the whole document.",
    });
  }

  /** An object of keys and values in turn. */
  object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    return `JSON_OBJECT(${entries.map(([key, value]) => `${dialect.quoteString(key)} VALUE ${value}`).join(", ")})`;
  }

  /** An array of the values of a group's rows; empty for no rows. `orderBy` is the text behind ORDER BY, or empty. */
  arrayAgg(item: string, orderBy: string, _itemType: AnyType, _dialect: Dialect): string {
    return `COALESCE(JSON_ARRAYAGG(${item}${orderBy === "" ? "" : ` ORDER BY ${orderBy}`} NULL ON NULL), JSON_ARRAY())`;
  }

  /**
   * A value as SQL that goes into JSON without losing anything. `type` is the portable type below `_declared`, which is what the
   * value was declared as.
   */
  write(text: string, type: AnyType, dialect: Dialect, _declared: AnyType = type): string {
    switch (type.name) {
      case "bigInteger":
      case "numeric":
      case "interval":
        return this.asText(text, type, dialect);
      case "largeBinary":
        return this.asHex(text, type, dialect);
      default:
        return text;
    }
  }

  /** A value as text. */
  protected asText(text: string, _type: AnyType, _dialect: Dialect): string {
    return `CAST(${text} AS VARCHAR)`;
  }

  /** Bytes in hexadecimal. */
  protected asHex(text: string, _type: AnyType, _dialect: Dialect): string {
    return `HEX(${text})`;
  }

  /** What {@link write} wrote, read from JSON, to what the driver would have given for a column. */
  read(type: AnyType): Conversion | undefined {
    switch (type.name) {
      case "bigInteger":
        return (value) => BigInt(value as string);
      case "numeric":
        return (value) => plainDecimal(String(value));
      case "largeBinary":
        return fromHex;
      case "json":
        // A document that is a text: the type reads JSON, not what stands in it.
        return (value) => (typeof value === "string" ? JSON.stringify(value) : value);
      default:
        return undefined;
    }
  }
}

const fromHex: Conversion = (value) => {
  const text = value as string;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

/** A path as text, each key in double quotes as a JSON string: `$."a"[0]."b"`. */
export function jsonPathText(steps: readonly JsonStep[]): string {
  return `$${steps.map((step) => (typeof step === "number" ? `[${step}]` : `.${JSON.stringify(step)}`)).join("")}`;
}

/** For databases whose paths know no escapes: refuses keys that need them. */
export function plainPathText(steps: readonly JsonStep[], dialect: Dialect): string {
  const odd = steps.find((step) => typeof step === "string" && JSON.stringify(step) !== `"${step}"`);
  if (odd === undefined) return jsonPathText(steps);
  throw new CompileError(`${dialect.name} has no way to write the key ${JSON.stringify(odd)} in a JSON path.`, {
    code: "UNSUPPORTED",
    remedy: "Read the object around it as JSON.",
  });
}
