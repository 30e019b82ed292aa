import { type Bool, defineOperator, type Expression, type Predicate, type Typed } from "@acme/core/dialect";

const inWords = defineOperator<Bool>("FREETEXT", {
  isComparison: true,
  dialects: {
    mssql: (column, query) => `FREETEXT(${column}, ${query})`,
    default: (_column, _query, compiler) => {
      throw compiler.unsupported("FREETEXT", "Write column.match(query), in the query language of the database.");
    },
  },
});

/**
 * Full-text search by the meaning of words: inflections and the thesaurus count. `column.match(query)`, which is CONTAINS, takes a query
 * with operators. The column needs a full-text index. SQL: `FREETEXT(posts.body, @p1)`; other databases refuse it.
 *
 * @example
 * ```ts
 * select(posts.c.id).where(freeText(posts.c.body, "vital safety components"))
 * ```
 */
export function freeText(column: Typed<string | null>, query: Typed<string> | string): Predicate {
  return inWords(column, query) as Expression<unknown> as unknown as Predicate;
}
