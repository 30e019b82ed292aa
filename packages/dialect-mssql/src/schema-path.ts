/**
 * The parts of a schema's name: `crm.dbo` is the schema `dbo` of the database `crm`. A part
 * in brackets is taken as it is, dots included: `[crm.old].dbo`.
 *
 * Names: https://learn.microsoft.com/sql/t-sql/language-elements/transact-sql-syntax-conventions-transact-sql
 */
export function schemaParts(schema: string): readonly string[] {
  return [...schema.matchAll(/(?:\[((?:[^\]]|\]\])*)\]|([^.]*))(?:\.|$)/g)]
    .filter((match) => match[0] !== "" || match.index < schema.length)
    .map(([, bracketed, plain = ""]) => bracketed?.replaceAll("]]", "]") ?? plain);
}

/** Whether a schema lies in another database. */
export function isElsewhere(schema: string | undefined): boolean {
  return schema !== undefined && schemaParts(schema).length > 1;
}
