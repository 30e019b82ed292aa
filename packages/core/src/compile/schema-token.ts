/** Marks the place of a slot in the text while it is put together; no SQL contains a NUL. */
export const MARK = "\0";

const TOKEN = /\0@([^\0]*)\0/g;

/** Stands in a text for a schema's name and the dot behind it, where the schema is chosen at execution; also for no schema. */
export function schemaToken(schema: string | undefined): string {
  return `${MARK}@${schema ?? ""}${MARK}`;
}

/** Whether what stands between two marks is such a token, and not the number of a slot. */
export function isSchemaToken(part: string): boolean {
  return part.startsWith("@");
}

/** The text with something in place of its tokens. `prefixOf` gets the schema's name, empty for none. */
export function replaceSchemaTokens(sql: string, prefixOf: (schema: string) => string): string {
  return sql.replace(TOKEN, (_token, schema: string) => prefixOf(schema));
}
