import type { ExecutionOptions } from "../engine/options.js";
import { declareNode, Node } from "../visit/node.js";
import type { Annotation } from "./annotation.js";
import type { ExpressionNode } from "./expression.js";
import type { FromClause } from "./from-clause.js";
import type { RowLock } from "./row-lock.js";
import type { SyntaxExtension } from "./syntax-extension.js";

/** How a row limit counts beside plain rows: with those that tie with the last one, in percent of all rows, or both. */
export type FetchMode = "ties" | "percent" | "percentTies";

/** Which FROM items of the queries around it a query may share: only these, or all but these. */
export type CorrelationMode = "only" | "except";

/** What {@link Modifiers} hold. */
export interface ModifierParts {
  readonly distinctOn: readonly ExpressionNode[];
  readonly fetchMode: FetchMode | undefined;
  readonly lock: RowLock | undefined;
  readonly correlationMode: CorrelationMode | undefined;
  readonly correlated: readonly FromClause[];
  readonly annotations: readonly Annotation[];
  readonly extensions: readonly SyntaxExtension[];
  readonly ctes: readonly FromClause[];
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly executionOptions: ExecutionOptions | undefined;
}

const NONE: readonly never[] = [];

/**
 * The clauses and options that few queries have, in one node: building a query copies its clauses with each call, and most
 * queries should not copy what they do not use.
 */
export class Modifiers extends Node implements ModifierParts {
  readonly distinctOn: readonly ExpressionNode[];
  readonly fetchMode: FetchMode | undefined;
  readonly lock: RowLock | undefined;
  readonly correlationMode: CorrelationMode | undefined;
  readonly correlated: readonly FromClause[];
  readonly annotations: readonly Annotation[];
  readonly extensions: readonly SyntaxExtension[];
  /** CTEs that stand in WITH whether they are referred to or not. */
  readonly ctes: readonly FromClause[];
  /** Values for parameters that are given at execution otherwise. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly executionOptions: ExecutionOptions | undefined;

  constructor(
    distinctOn: readonly ExpressionNode[] = NONE,
    fetchMode?: FetchMode,
    lock?: RowLock,
    correlationMode?: CorrelationMode,
    correlated: readonly FromClause[] = NONE,
    annotations: readonly Annotation[] = NONE,
    extensions: readonly SyntaxExtension[] = NONE,
    ctes: readonly FromClause[] = NONE,
    parameters?: Readonly<Record<string, unknown>>,
    executionOptions?: ExecutionOptions,
  ) {
    super();
    this.distinctOn = distinctOn;
    this.fetchMode = fetchMode;
    this.lock = lock;
    this.correlationMode = correlationMode;
    this.correlated = correlated;
    this.annotations = annotations;
    this.extensions = extensions;
    this.ctes = ctes;
    this.parameters = parameters;
    this.executionOptions = executionOptions;
  }

  static {
    declareNode(Modifiers, "modifiers", {
      distinctOn: "nodes",
      fetchMode: "atom",
      lock: "node",
      correlationMode: "atom",
      correlated: "nodes",
      annotations: "nodes",
      extensions: "nodes",
      ctes: "nodes",
      parameters: "data",
      executionOptions: "data",
    });
  }
}

/** No modifiers at all: what others are copied from. */
export const NO_MODIFIERS: Modifiers = new Modifiers();

/** The modifiers of a statement that has any. */
export function modifiersOf(statement: Node): Modifiers | undefined {
  return (statement as Node & { readonly modifiers?: Modifiers }).modifiers;
}
