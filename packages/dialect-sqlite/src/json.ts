import {
  type AnyType,
  type Conversion,
  type Dialect,
  type JsonForm,
  JsonRules,
  type JsonStep,
  jsonPathText,
} from "@acme/core/dialect";

/** JSON on SQLite: text, with functions that read and make it. */
export class SqliteJson extends JsonRules {
  override path(
    document: string,
    steps: readonly JsonStep[],
    form: JsonForm,
    _type: AnyType,
    dialect: Dialect,
  ): string {
    const path = dialect.quoteString(jsonPathText(steps));
    if (form === "json") return `(${document} -> ${path})`;
    const value = `json_extract(${document}, ${path})`;
    switch (form) {
      case "string":
        return `CAST(${value} AS TEXT)`;
      case "integer":
      case "bigInteger":
        return `CAST(${value} AS INTEGER)`;
      case "double":
        return `CAST(${value} AS REAL)`;
      case "numeric":
        return `round(CAST(${value} AS NUMERIC), ${scaleOf(_type)})`;
      default:
        return value;
    }
  }

  override isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    return `json_type(${document}, ${dialect.quoteString(jsonPathText(steps))}) IS 'null'`;
  }

  override set(
    document: string,
    steps: readonly JsonStep[],
    form: JsonForm,
    value: string,
    _type: AnyType,
    dialect: Dialect,
  ): string {
    const [path, parent] = [steps, steps.slice(0, -1)].map((some) => dialect.quoteString(jsonPathText(some)));
    const isKey = typeof steps.at(-1) === "string";
    const there = `json_type(${document}, ${parent}) = '${isKey ? "object" : "array"}'`;
    const element = isKey ? "" : ` AND json_type(${document}, ${path}) IS NOT NULL`;
    const set = `json_set(${document}, ${path}, ${asJson(value, form)})`;
    return `CASE WHEN ${there}${element} THEN ${set} ELSE ${document} END`;
  }

  override object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    return `json_object(${entries.map(([key, value]) => `${dialect.quoteString(key)}, ${value}`).join(", ")})`;
  }

  override arrayAgg(item: string, orderBy: string): string {
    return `json_group_array(${item}${orderBy === "" ? "" : ` ORDER BY ${orderBy}`})`;
  }

  override write(text: string, type: AnyType, dialect: Dialect): string {
    return type.name === "json" ? `json(${text})` : super.write(text, type, dialect);
  }

  protected override asText(text: string): string {
    return `CAST(${text} AS TEXT)`;
  }

  /** `hex(NULL)` is an empty text. */
  protected override asHex(text: string): string {
    return `CASE WHEN ${text} IS NOT NULL THEN hex(${text}) END`;
  }

  override read(type: AnyType): Conversion | undefined {
    return type.name === "interval" ? (value) => BigInt(value as string) : super.read(type);
  }
}

/** A value as `json_set` takes it: numbers and texts as they are. */
function asJson(value: string, form: JsonForm): string {
  switch (form) {
    case "json":
      return `json(${value})`;
    case "boolean":
      return `json(CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END)`;
    case "numeric":
      return `json(CAST(${value} AS TEXT))`;
    default:
      return value;
  }
}

function scaleOf(type: AnyType): number {
  return (type as AnyType & { readonly scale?: number }).scale ?? 0;
}
