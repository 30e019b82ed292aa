import {
  type AnyType,
  CompileError,
  type Conversion,
  type Dialect,
  type JsonForm,
  JsonRules,
  type JsonStep,
  plainPathText,
} from "@acme/core/dialect";

/** JSON_OBJECT and JSON_ARRAY: https://learn.microsoft.com/sql/t-sql/functions/json-object-transact-sql */
const VERSION_2022 = 16;

/** Types that go as text, which their rules read. */
const AS_TEXT: ReadonlySet<string> = new Set(["bigInteger", "interval", "uuid"]);

/**
 * JSON on SQL Server: text. JSON_VALUE gives NULL for texts of more than 4,000 characters and JSON_QUERY for scalars: parts are
 * read with OPENJSON, whose last key is compared exactly. JSON_OBJECT and JSON_ARRAY: since 2022.
 */
export class MssqlJson extends JsonRules {
  private readonly version: number;

  constructor(version: number) {
    super();
    this.version = version;
  }

  private needs2022(name: string): void {
    if (this.version >= VERSION_2022) return;
    throw new CompileError(`mssql has no ${name} before SQL Server 2022.`, {
      code: "UNSUPPORTED",
      remedy: "Select columns and make the object in the application, or write mssql({ version: 16 }).",
    });
  }

  override path(document: string, steps: readonly JsonStep[], form: JsonForm, type: AnyType, dialect: Dialect): string {
    const value = form === "json" ? JSON_OF_ROW : form === "string" ? "[value]" : this.converted(form, type, dialect);
    return `(SELECT ${value} FROM ${this.row(document, steps, dialect)})`;
  }

  private converted(form: JsonForm, type: AnyType, dialect: Dialect): string {
    if (form === "boolean") return "CASE [value] WHEN 'true' THEN 1 WHEN 'false' THEN 0 END";
    return `CAST([value] AS ${dialect.typeName(type, "cast")})`;
  }

  /**
   * The one row that OPENJSON gives for the last step. A document that is neither object nor array has no parts, where OPENJSON
   * would fail (error 13609): https://learn.microsoft.com/sql/t-sql/functions/isjson-transact-sql
   */
  private row(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    const last = dialect.quoteString(String(steps.at(-1)));
    const parent = steps.length === 1 ? "" : `, ${dialect.quoteString(plainPathText(steps.slice(0, -1), dialect))}`;
    return `OPENJSON(CASE WHEN ISJSON(${document}) = 1 THEN ${document} END${parent}) WHERE [key] = ${last}`;
  }

  /**
   * JSON_MODIFY takes values of SQL; objects and arrays come from JSON_QUERY, which raises an error for a scalar (strict): what kind
   * of JSON a parameter holds is not known when the statement is written. NULL would take the key away, unless it is there and
   * the path is strict: https://learn.microsoft.com/sql/t-sql/functions/json-modify-transact-sql
   */
  override set(
    document: string,
    steps: readonly JsonStep[],
    form: JsonForm,
    value: string,
    type: AnyType,
    dialect: Dialect,
  ): string {
    const path = plainPathText(steps, dialect);
    const quoted = (text: string): string => dialect.quoteString(text);
    const isKey = typeof steps.at(-1) === "string";
    const parents = steps.slice(0, -1);
    const [around, inside] = parents.length === 0 ? [`CONCAT(N'[', ${document}, N']')`, [0]] : [document, parents];
    const there = `EXISTS (SELECT 1 FROM ${this.row(around, inside, dialect)} AND [type] = ${isKey ? 5 : 4})`;
    const element = isKey ? "" : ` AND EXISTS (SELECT 1 FROM ${this.row(document, steps, dialect)})`;
    const made = form === "json" ? `JSON_QUERY(${value}, N'strict $')` : this.typed(value, form, type, dialect);
    const set = (at: string, text: string, inner = document): string => `JSON_MODIFY(${inner}, ${quoted(at)}, ${text})`;
    const toNull = set(`strict ${path}`, "NULL", set(path, "0"));
    const branches = `WHEN ${value} IS NULL THEN ${toNull} ELSE ${set(path, made)}`;
    return `CASE WHEN NOT (${there}${element}) THEN ${document} ${branches} END`;
  }

  private typed(value: string, form: JsonForm, type: AnyType, dialect: Dialect): string {
    const name = form === "string" ? "NVARCHAR(max)" : form === "boolean" ? "BIT" : dialect.typeName(type, "cast");
    return `CAST(${value} AS ${name})`;
  }

  override isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    return `EXISTS (SELECT 1 FROM ${this.row(document, steps, dialect)} AND [type] = 0)`;
  }

  override object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    this.needs2022("JSON_OBJECT");
    return `JSON_OBJECT(${entries.map(([key, value]) => `${dialect.quoteString(key)}: ${value}`).join(", ")} NULL ON NULL)`;
  }

  /** Objects and arrays are put together as text; other values become JSON one by one, without the brackets of JSON_ARRAY. */
  override arrayAgg(item: string, orderBy: string, itemType: AnyType): string {
    this.needs2022("JSON_ARRAY");
    const made = `JSON_ARRAY(${item} NULL ON NULL)`;
    const element =
      itemType.name === "json" ? `CAST(${item} AS NVARCHAR(max))` : `SUBSTRING(${made}, 2, LEN(${made}) - 2)`;
    const order = orderBy === "" ? "" : ` WITHIN GROUP (ORDER BY ${orderBy})`;
    return `CONCAT(N'[', STRING_AGG(CAST(${element} AS NVARCHAR(max)), N',')${order}, N']')`;
  }

  override write(text: string, type: AnyType, dialect: Dialect): string {
    if (type.name === "json") return `JSON_QUERY(${text})`;
    if (AS_TEXT.has(type.name)) return `CONVERT(NVARCHAR(50), ${text})`;
    if (type.name === "dateTime" || type.name === "date" || type.name === "time")
      return `CONVERT(NVARCHAR(50), ${text}, 121)`;
    if (type.name === "float" || type.name === "double") return `CONVERT(NVARCHAR(50), ${text}, 3)`;
    // Decimals are read as text already.
    return type.name === "numeric" ? text : super.write(text, type, dialect);
  }

  protected override asHex(text: string): string {
    return `CONVERT(NVARCHAR(max), ${text}, 2)`;
  }

  override read(type: AnyType): Conversion | undefined {
    return type.name === "interval" ? undefined : super.read(type);
  }
}

/** The value of a row of OPENJSON as JSON: texts lose their quotes there. */
const JSON_OF_ROW =
  "CASE [type] WHEN 0 THEN N'null' WHEN 1 THEN CONCAT(N'\"', STRING_ESCAPE([value], 'json'), N'\"') ELSE [value] END";
