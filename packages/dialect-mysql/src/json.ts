import {
  type AnyType,
  CompileError,
  type Conversion,
  type Dialect,
  type JsonForm,
  JsonRules,
  type JsonStep,
  jsonPathText,
} from "@acme/core/dialect";
import { MySQLType } from "./native/mysql-type.js";

/** Types whose values JSON would write in its own form: they go as text, which their rules read. */
const AS_TEXT: ReadonlySet<string> = new Set(["bigInteger", "numeric", "interval", "date", "time", "dateTime"]);

/** JSON on MySQL, which has a type of it, and MariaDB, where it is text. */
export class MySQLJson extends JsonRules {
  private readonly hasType: boolean;

  constructor(hasType: boolean) {
    super();
    this.hasType = hasType;
  }

  override path(document: string, steps: readonly JsonStep[], form: JsonForm, type: AnyType, dialect: Dialect): string {
    const path = dialect.quoteString(jsonPathText(steps));
    const part = `JSON_EXTRACT(${document}, ${path})`;
    if (form === "json") return part;
    if (form === "boolean") return `CASE JSON_UNQUOTE(${part}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END`;
    // JSON_UNQUOTE makes a text of the JSON value null; JSON_VALUE of MySQL cuts texts off after 512 characters.
    const text = this.hasType
      ? `CASE JSON_TYPE(${part}) WHEN 'NULL' THEN NULL ELSE JSON_UNQUOTE(${part}) END`
      : `JSON_VALUE(${document}, ${path})`;
    return form === "string" ? text : `CAST(${text} AS ${dialect.typeName(type, "cast")})`;
  }

  override isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    const part = `JSON_EXTRACT(${document}, ${dialect.quoteString(jsonPathText(steps))})`;
    return `JSON_TYPE(${part}) <=> 'NULL'`;
  }

  override set(
    document: string,
    steps: readonly JsonStep[],
    form: JsonForm,
    value: string,
    type: AnyType,
    dialect: Dialect,
  ): string {
    const path = dialect.quoteString(jsonPathText(steps));
    const parent = steps.length === 1 ? document : this.path(document, steps.slice(0, -1), "json", type, dialect);
    const isKey = typeof steps.at(-1) === "string";
    const there = `JSON_TYPE(${parent}) = '${isKey ? "OBJECT" : "ARRAY"}'`;
    const element = isKey ? "" : ` AND JSON_CONTAINS_PATH(${document}, 'one', ${path})`;
    const set = `JSON_SET(${document}, ${path}, ${asJson(value, form, type, dialect)})`;
    return `CASE WHEN ${there}${element} THEN ${set} ELSE ${document} END`;
  }

  override object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    return `JSON_OBJECT(${entries.map(([key, value]) => `${dialect.quoteString(key)}, ${value}`).join(", ")})`;
  }

  override arrayAgg(item: string, orderBy: string, _itemType: AnyType, dialect: Dialect): string {
    if (orderBy !== "" && this.hasType) {
      throw new CompileError(`${dialect.name} has no ORDER BY inside of JSON_ARRAYAGG.`, {
        code: "UNSUPPORTED",
        remedy: "Sort the array when it has been read.",
      });
    }
    return `COALESCE(JSON_ARRAYAGG(${item}${orderBy === "" ? "" : ` ORDER BY ${orderBy}`}), JSON_ARRAY())`;
  }

  override write(text: string, type: AnyType, dialect: Dialect, declared: AnyType = type): string {
    if (type.name === "json") return `JSON_EXTRACT(${text}, '$')`;
    // MariaDB's JSON has numbers beyond 64 signed bits as floating point, those with zeros in front as they are displayed, which
    // is no JSON, and bytes of other character sets as if they were UTF-8.
    if (type.name === "bit") return this.asText(text);
    const own = declared instanceof MySQLType ? declared.sqlName : "";
    if (/ZEROFILL|^YEAR/.test(own) && type.name !== "bigInteger") return `(${text} + 0)`;
    if (own.includes(" CHARACTER SET ")) return `CONVERT(${text} USING utf8mb4)`;
    return AS_TEXT.has(type.name) ? this.asText(text) : super.write(text, type, dialect);
  }

  protected override asText(text: string): string {
    return `CAST(${text} AS CHAR)`;
  }

  override read(type: AnyType): Conversion | undefined {
    return type.name === "numeric" ? undefined : super.read(type);
  }
}

/** A value as JSON_SET takes it. What a parameter's type is to the server depends on its value, so it is said. */
function asJson(value: string, form: JsonForm, type: AnyType, dialect: Dialect): string {
  switch (form) {
    case "json":
      return `JSON_EXTRACT(${value}, '$')`;
    case "boolean":
      return `JSON_EXTRACT(CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END, '$')`;
    case "double":
      return `0e0 + ${value}`;
    case "string":
      return `CAST(${value} AS CHAR)`;
    default:
      return `CAST(${value} AS ${dialect.typeName(type, "cast")})`;
  }
}
