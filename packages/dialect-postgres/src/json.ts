import {
  type AnyType,
  type Conversion,
  type Dialect,
  type JsonForm,
  JsonRules,
  type JsonStep,
} from "@acme/core/dialect";

/** Types whose JSON form loses nothing: the others go as text, which their rules read. */
const PLAIN: ReadonlySet<string> = new Set([
  "integer",
  "smallInteger",
  "float",
  "double",
  "boolean",
  "string",
  "text",
  "enumeration",
  "uuid",
  "json",
  "null",
  // A cast to text adds the length of the network to an address.
  "inet",
]);

/** JSON on PostgreSQL: operators for its parts, `json` (which keeps the order of keys) for what a query makes. */
export class PostgresJson extends JsonRules {
  override path(document: string, steps: readonly JsonStep[], form: JsonForm, type: AnyType, dialect: Dialect): string {
    const text = steps.map((step, i) => {
      const arrow = form !== "json" && i === steps.length - 1 ? "->>" : "->";
      return ` ${arrow} ${typeof step === "number" ? step : dialect.quoteString(step)}`;
    });
    const part = `(${document}${text.join("")})`;
    return form === "json" || form === "string" ? part : `CAST(${part} AS ${dialect.typeName(type, "cast")})`;
  }

  override isNull(document: string, steps: readonly JsonStep[], dialect: Dialect): string {
    const part = this.path(document, steps, "json", undefined as never, dialect);
    return `coalesce(CAST(${part} AS TEXT) = 'null', false)`;
  }

  override set(
    document: string,
    steps: readonly JsonStep[],
    _form: JsonForm,
    value: string,
    _type: AnyType,
    dialect: Dialect,
  ): string {
    const path = (some: readonly JsonStep[]): string =>
      `ARRAY[${some.map((step) => dialect.quoteString(String(step))).join(", ")}]`;
    const [parents, isKey] = [steps.slice(0, -1), typeof steps.at(-1) === "string"];
    const parent = parents.length === 0 ? document : `${document} #> ${path(parents)}`;
    const there = `jsonb_typeof(${parent}) = '${isKey ? "object" : "array"}'`;
    const element = isKey ? "" : ` AND ${document} #> ${path(steps)} IS NOT NULL`;
    const made = value === "NULL" ? "'null'" : `coalesce(to_jsonb(${value}), 'null')`;
    const set = `jsonb_set(${document}, ${path(steps)}, ${made})`;
    return `CASE WHEN ${there}${element} THEN ${set} ELSE ${document} END`;
  }

  override object(entries: readonly (readonly [key: string, value: string])[], dialect: Dialect): string {
    return `json_build_object(${entries.map(([key, value]) => `${dialect.quoteString(key)}, ${value}`).join(", ")})`;
  }

  override arrayAgg(item: string, orderBy: string): string {
    return `coalesce(json_agg(${item}${orderBy === "" ? "" : ` ORDER BY ${orderBy}`}), '[]'::json)`;
  }

  override write(text: string, type: AnyType): string {
    return PLAIN.has(type.name) ? text : `CAST(${text} AS TEXT)`;
  }

  override read(type: AnyType): Conversion | undefined {
    return type.name === "json" ? super.read(type) : undefined;
  }
}
