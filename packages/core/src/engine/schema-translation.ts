import { replaceSchemaTokens } from "../compile/schema-token.js";
import type { Dialect } from "../dialect/dialect.js";
import { LruCache } from "./cache.js";

/**
 * Which schema of the database takes the place of which schema of the tables; `""` is the key of tables without a schema, and
 * null as a value leaves the schema out. Schemas that are not named stay what they are.
 *
 * @example
 * ```ts
 * { tenant: "tenant_42", shared: "public" }
 * { "": "tenant_42" }        // tables that name no schema
 * ```
 */
export type SchemaTranslateMap = Readonly<Record<string, string | null>>;

/** How many finished texts of one map are kept. */
const TEXTS = 500;

/** What a map makes of a table's schema. */
export function translateSchema(map: SchemaTranslateMap | undefined, schema: string | undefined): string | undefined {
  const key = schema ?? "";
  if (map === undefined || !Object.hasOwn(map, key)) return schema;
  return map[key] ?? undefined;
}

/**
 * Fills schemas into the texts of statements that were compiled without them: a statement is compiled once for all tenants, and
 * for each of them its text is put together once.
 */
export class SchemaTranslation {
  private readonly prefixes = new Map<string, string>();
  private readonly texts = new LruCache<string, string>(TEXTS);
  private readonly map: SchemaTranslateMap;
  private readonly dialect: Dialect;

  constructor(map: SchemaTranslateMap, dialect: Dialect) {
    this.map = map;
    this.dialect = dialect;
  }

  /** The finished text. */
  apply(sql: string): string {
    let text = this.texts.get(sql);
    if (text === undefined) {
      text = replaceSchemaTokens(sql, (schema) => this.prefix(schema));
      this.texts.set(sql, text);
    }
    return text;
  }

  private prefix(schema: string): string {
    let prefix = this.prefixes.get(schema);
    if (prefix === undefined) {
      const target = translateSchema(this.map, schema === "" ? undefined : schema);
      if (target !== undefined && !this.dialect.flags.schemas)
        throw this.dialect.createCompiler().unsupported("schemas");
      prefix = target === undefined ? "" : `${this.dialect.schemaName(target)}.`;
      this.prefixes.set(schema, prefix);
    }
    return prefix;
  }
}

/** How many maps' texts are kept: those of the tenants seen last. */
const MAPS = 100;

/** The translations of an engine. */
export class SchemaTranslations {
  private readonly byContent = new LruCache<string, SchemaTranslation>(MAPS);
  private byObject = new WeakMap<SchemaTranslateMap, SchemaTranslation>();

  /** The translation of a map; maps that say the same share one. */
  of(map: SchemaTranslateMap, dialect: Dialect): SchemaTranslation {
    let found = this.byObject.get(map);
    if (found !== undefined) return found;
    const content = JSON.stringify(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
    found = this.byContent.get(content);
    if (found === undefined) {
      // A map that is changed later must not change what its key means.
      found = new SchemaTranslation({ ...map }, dialect);
      this.byContent.set(content, found);
    }
    if (Object.isFrozen(map)) this.byObject.set(map, found);
    return found;
  }

  /** Forgets all texts. */
  clear(): void {
    this.byContent.clear();
    this.byObject = new WeakMap();
  }
}
