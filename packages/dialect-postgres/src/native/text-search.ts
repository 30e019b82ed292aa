import {
  type Bool,
  boolean,
  defineOperator,
  double,
  Expression,
  type ExpressionNode,
  FunctionCall,
  literal,
  type Predicate,
  type Typed,
  text,
  type ValueType,
} from "@acme/core/dialect";
import { TextForm } from "./postgres-type.js";
import { regconfig } from "./simple-types.js";

declare const searchable: unique symbol;
declare const searching: unique symbol;
/** A document prepared for text search, in PostgreSQL's text form: `'cat':3 'fat':2`. */
export type TsVector = string & { readonly [searchable]: true };
/** A text search query, in PostgreSQL's text form: `'fat' & 'cat'`. */
export type TsQuery = string & { readonly [searching]: true };

/** A document prepared for text search. DDL: `TSVECTOR`. */
export function tsvector(): TextForm<TsVector> {
  return new TextForm<TsVector>("tsvector");
}

/** A text search query. DDL: `TSQUERY`. */
export function tsquery(): TextForm<TsQuery> {
  return new TextForm<TsQuery>("tsquery");
}

const VECTOR = tsvector();
const QUERY = tsquery();
const TEXT = text();
const REAL = double();
const CONFIG = regconfig();
type TextValue = string | Typed<string | null>;

const toNode = (value: unknown, type: ValueType<unknown, unknown>): ExpressionNode =>
  (value instanceof Expression ? value : literal<unknown>(value, type)) as ExpressionNode;

function call<T>(
  name: string,
  type: ValueType<T, unknown>,
  config: string | undefined,
  ...args: ExpressionNode[]
): FunctionCall<T | null> {
  return new FunctionCall<T | null>(name, config === undefined ? args : [toNode(config, CONFIG), ...args], type);
}

const query =
  (name: string) =>
  (search: TextValue, config?: string): FunctionCall<TsQuery | null> =>
    call(name, QUERY, config, toNode(search, TEXT));

/** `to_tsvector(config, document)`: a text prepared for searching. Without a configuration: the session's own. */
export function toTsvector(document: TextValue, config?: string): FunctionCall<TsVector | null> {
  return call("to_tsvector", VECTOR, config, toNode(document, TEXT));
}

/** `to_tsquery(config, search)`: a query in the query language; bad syntax is an error of the database. */
export const toTsquery = query("to_tsquery");
/** `plainto_tsquery(config, search)`: all words of a plain text. */
export const plainToTsquery = query("plainto_tsquery");
/** `phraseto_tsquery(config, search)`: all words of a plain text, in that order, one behind the other. */
export const phraseToTsquery = query("phraseto_tsquery");
/** `websearch_to_tsquery(config, search)`: what people type: quotes, `or`, `-`. Never an error. */
export const websearchToTsquery = query("websearch_to_tsquery");

/** `ts_headline(config, document, query)`: an extract of the document with the words found marked. */
export function tsHeadline(
  document: TextValue,
  search: Typed<TsQuery | null>,
  config?: string,
): FunctionCall<string | null> {
  return call<string>("ts_headline", TEXT, config, toNode(document, TEXT), search as unknown as ExpressionNode);
}

/** `ts_rank(vector, query)`: how well the document matches. */
export function tsRank(document: Typed<TsVector | null>, search: Typed<TsQuery | null>): FunctionCall<number | null> {
  return new FunctionCall<number | null>(
    "ts_rank",
    [document as unknown as ExpressionNode, search as unknown as ExpressionNode],
    REAL,
  );
}

const matching = defineOperator<Bool>("@@", { isComparison: true, returns: boolean() });

/**
 * `document @@ query`: whether a prepared document matches a query.
 *
 * @example
 * ```ts
 * select(posts.c.id).where(tsMatch(posts.c.search, websearchToTsquery("fat -cat", "english")))
 * ```
 * SQL: `SELECT posts.id FROM posts WHERE posts.search @@ websearch_to_tsquery($1::regconfig, $2::TEXT)`
 */
export function tsMatch(document: Typed<TsVector | null>, search: Typed<TsQuery | null>): Predicate {
  return matching(document, search) as Predicate;
}
