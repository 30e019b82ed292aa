import {
  type AnyType,
  CompileError,
  type Dialect,
  type JsonForm,
  JsonRules,
  type JsonStep,
  plainPathText,
} from "@acme/core/dialect";
import { isRaw } from "./types.js";

/** JSON on Oracle: the functions of the SQL standard. Paths are literals, whose quoted keys know no escapes. */
export class OracleJson extends JsonRules {
  /** ALLOW SCALARS: since 21c. */
  private readonly scalars: boolean;
  /** Truth values are BOOLEAN: since 23ai. */
  private readonly booleans: boolean;

  constructor(version: number) {
    super();
    this.scalars = version >= 21;
    this.booleans = version >= 23;
  }

  override path(document: string, steps: readonly JsonStep[], form: JsonForm, type: AnyType, dialect: Dialect): string {
    const path = dialect.quoteString(plainPathText(steps, dialect));
    switch (form) {
      case "json":
        if (this.scalars) return `JSON_QUERY(${document}, ${path} RETURNING CLOB ALLOW SCALARS)`;
        throw new CompileError(`${dialect.name} has no JSON form of scalars in a document before version 21c.`, {
          code: "UNSUPPORTED",
          remedy: "Say what the part is: asString(), asInteger(), ...",
        });
      case "string":
        return `JSON_VALUE(${document}, ${path} RETURNING CLOB)`;
      case "boolean":
        if (this.booleans) return `JSON_VALUE(${document}, ${path} RETURNING BOOLEAN)`;
        return `CASE JSON_VALUE(${document}, ${path}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END`;
      case "double":
        return `TO_BINARY_DOUBLE(JSON_VALUE(${document}, ${path} RETURNING NUMBER))`;
      default:
        return `CAST(JSON_VALUE(${document}, ${path} RETURNING NUMBER) AS ${dialect.typeName(type, "cast")})`;
    }
  }

  /**
   * JSON_TRANSFORM: since 21c.
   * https://docs.oracle.com/en/database/oracle/oracle-database/21/sqlrf/JSON_TRANSFORM.html
   */
  override set(
    document: string,
    steps: readonly JsonStep[],
    form: JsonForm,
    value: string,
    type: AnyType,
    dialect: Dialect,
  ): string {
    if (!this.scalars) return super.set(document, steps, form, value, type, dialect);
    const [path, parent] = [steps, steps.slice(0, -1)].map((some) => plainPathText(some, dialect)) as [string, string];
    const isKey = typeof steps.at(-1) === "string";
    const exists = (text: string): string => `JSON_EXISTS(${document}, ${dialect.quoteString(text)})`;
    const there = exists(`${parent}?(@.type() == "${isKey ? "object" : "array"}")`);
    const element = isKey ? "" : ` AND ${exists(path)}`;
    const made =
      form === "json"
        ? `${value} FORMAT JSON`
        : form === "boolean"
          ? `CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END FORMAT JSON`
          : value;
    const set = `JSON_TRANSFORM(${document}, SET ${dialect.quoteString(path)} = ${made} NULL ON NULL RETURNING CLOB)`;
    return `CASE WHEN ${there}${element} THEN ${set} ELSE ${document} END`;
  }

  override isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    return `JSON_EXISTS(${document}, ${dialect.quoteString(`${plainPathText(steps, dialect)}?(@ == null)`)})`;
  }

  override object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    const pairs = entries.map(([key, value]) => `KEY ${dialect.quoteString(key)} VALUE ${value}`);
    return `JSON_OBJECT(${pairs.join(", ")} NULL ON NULL RETURNING CLOB)`;
  }

  override arrayAgg(item: string, orderBy: string): string {
    const order = orderBy === "" ? "" : ` ORDER BY ${orderBy}`;
    return `COALESCE(JSON_ARRAYAGG(${item}${order} NULL ON NULL RETURNING CLOB), TO_CLOB('[]'))`;
  }

  override write(text: string, type: AnyType, dialect: Dialect): string {
    switch (type.name) {
      case "json":
        return `${text} FORMAT JSON`;
      case "largeBinary":
        if (isRaw(type)) return `RAWTOHEX(${text})`;
        throw new CompileError(`${dialect.name} has no JSON form of BLOB values.`, {
          code: "UNSUPPORTED",
          remedy: "Give the column a length of at most 2000 bytes (RAW), or select it beside the JSON.",
        });
      case "float":
      case "double":
        return `TO_CHAR(${text}, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')`;
      case "bigInteger":
      case "numeric":
        return `TO_CHAR(${text}, 'TM9', 'NLS_NUMERIC_CHARACTERS=''.,''')`;
      default:
        // Dates, times and intervals are read as text already.
        return text;
    }
  }
}
