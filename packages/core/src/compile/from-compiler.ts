import type { AnyType } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import type { Annotation } from "../sql/annotation.js";
import type { Column } from "../sql/column.js";
import type { Alias, Join, Subquery } from "../sql/derived.js";
import { ANONYMOUS, type FromClause } from "../sql/from-clause.js";
import { modifiersOf } from "../sql/modifiers.js";
import type { CompositeField, TableFunction } from "../sql/table-function.js";
import type { TableSample } from "../sql/table-sample.js";
import type { Values } from "../sql/values.js";
import type { Node } from "../visit/node.js";
import { ExpressionCompiler } from "./expression-compiler.js";

/** Where a query stands: at the top, or inside something. */
export interface QueryContext {
  /** Result columns are named by key, because somebody refers to them. */
  readonly nested: boolean;
}

const JOINS = { inner: "JOIN", left: "LEFT OUTER JOIN", full: "FULL OUTER JOIN", cross: "CROSS JOIN" } as const;

/** A hint on a table, and whether its table was met. */
interface TableHint {
  readonly annotation: Annotation;
  written: boolean;
}

/** Writes FROM items: tables, aliases, subqueries, joins, lists of values, functions. */
export abstract class FromCompiler extends ExpressionCompiler {
  private readonly anonymous = new Map<number, string>();
  /** The hints on tables of the query being written. */
  private tableHints: readonly TableHint[] = [];

  /** A query of any kind. */
  abstract query(node: Node, context: QueryContext): string;

  /** A FROM item where it is introduced. */
  from(node: FromClause): string {
    const text = this.process(node);
    return this.tableHints.length > 0 && this.dialect.flags.tableHints === "behind" ? text + this.hintsOn(node) : text;
  }

  /** The name of a FROM item, quoted; one that has none gets one. */
  itemName(from: FromClause): string {
    if (from.name !== ANONYMOUS) return this.dialect.quote(from.name);
    const { shape } = from.kind === "cte" ? (from as FromClause & { readonly base: FromClause }).base : from;
    let name = this.anonymous.get(shape);
    if (name === undefined) {
      name = `anon_${this.anonymous.size + 1}`;
      this.anonymous.set(shape, name);
    }
    return this.dialect.quote(name);
  }

  protected override fromName(from: FromClause): string {
    const { schema } = from as FromClause & { readonly schema?: string | undefined };
    return (from.kind === "table" ? this.schemaPrefix(schema) : "") + this.itemName(from);
  }

  /** Writes a query with the hints on its tables at hand; each must meet its table. */
  protected whileHinting(annotations: readonly Annotation[], write: () => string): string {
    const outside = this.tableHints;
    this.tableHints = annotations
      .filter((annotation) => annotation.place === "tableHint" && this.applies(annotation))
      .map((annotation) => ({ annotation, written: false }));
    if (this.tableHints.length > 0 && this.dialect.flags.tableHints === "none")
      throw this.unsupported("hints on tables");
    const text = write();
    for (const { annotation, written } of this.tableHints) {
      if (!written && this.dialect.flags.tableHints === "behind") {
        throw new CompileError(`There is a hint on "${annotation.target?.name}", which is not in FROM.`, {
          code: "HINT_WITHOUT_TABLE",
        });
      }
    }
    this.tableHints = outside;
    return text;
  }

  /** Whether an annotation is meant for this dialect. */
  protected applies(annotation: Annotation): boolean {
    return annotation.dialects.length === 0 || annotation.dialects.includes(this.dialect.name);
  }

  /** The texts of the hints on a FROM item. */
  protected hintTexts(node: FromClause): readonly string[] {
    const found = this.tableHints.filter((hint) => hint.annotation.target?.shape === node.shape);
    for (const hint of found) hint.written = true;
    return found.map((hint) => this.process(hint.annotation.text));
  }

  /** The hints on a FROM item, behind it. */
  protected hintsOn(node: FromClause): string {
    return this.hintTexts(node)
      .map((text) => ` ${text}`)
      .join("");
  }

  protected table(node: FromClause): string {
    if (!this.dialect.flags.schemas && (node as FromClause & { schema?: string }).schema !== undefined)
      throw this.unsupported("schemas");
    return this.fromName(node);
  }

  protected alias(node: Alias): string {
    return `${this.from(node.element)}${this.aliasKeyword()}${this.itemName(node)}`;
  }

  /** Between a FROM item and its alias; Oracle knows no AS there. */
  protected aliasKeyword(): string {
    return " AS ";
  }

  protected subquery(node: Subquery): string {
    if (node.lateral && !this.dialect.flags.lateral) throw this.unsupported("LATERAL subqueries");
    const outside = this.enclosing;
    // A derived table stands on its own; a lateral one sees what is on its left.
    if (!node.lateral) this.enclosing = [];
    const text = this.query(node.query, { nested: true });
    this.enclosing = outside;
    return `${node.lateral ? "LATERAL " : ""}(${text})${this.aliasKeyword()}${this.itemName(node)}`;
  }

  protected join(node: Join): string {
    const right = node.right.kind === "join" ? `(${this.from(node.right)})` : this.from(node.right);
    if (node.joinKind === "full" && !this.dialect.flags.fullJoin) throw this.unsupported("FULL OUTER JOIN");
    const on = node.joinKind === "cross" ? "" : ` ON ${this.joinCondition(node)}`;
    return `${this.from(node.left)} ${JOINS[node.joinKind]} ${right}${on}`;
  }

  private joinCondition(node: Join): string {
    if (node.on === undefined) throw new CompileError(`The join to "${node.right.name}" has no condition.`);
    return this.predicate(node.on);
  }

  /** `(VALUES (..), (..)) AS v (a, b)` */
  protected values(node: Values): string {
    if (node.cells.length === 0) return `(${this.valuesQuery(node)})${this.aliasKeyword()}${this.itemName(node)}`;
    return `(VALUES ${this.valueRows(node)})${this.aliasKeyword()}${this.itemName(node)} (${this.columnNames(node)})`;
  }

  /** A list of values as a query, for IN and WITH. */
  protected valuesQuery(node: Values): string {
    return node.cells.length === 0 ? this.noValues(node) : `VALUES ${this.valueRows(node)}`;
  }

  /** A query without rows that has the columns of a list of values. */
  protected noValues(node: Values): string {
    const columns = node.columns.map(
      (column) =>
        `CAST(NULL AS ${this.dialect.typeName(column.type as AnyType, "cast")}) AS ${this.columnLabel(column.name)}`,
    );
    return `SELECT ${columns.join(", ")}${this.dualClause()} WHERE 1 = 0`;
  }

  /** A list of values as SELECTs, the first of which names the columns. */
  protected valuesAsSelects(node: Values): string {
    return node.rows
      .map((row, i) => {
        const cells = row.map((cell, at) =>
          i === 0 ? `${this.value(cell)} AS ${this.columnLabel(node.keys[at] as string)}` : this.value(cell),
        );
        return `SELECT ${cells.join(", ")}${this.dualClause()}`;
      })
      .join(" UNION ALL ");
  }

  /** A query without rows that names the columns, then the values: for databases that name the columns of VALUES themselves. */
  protected valuesBehindNames(node: Values): string {
    const names = node.keys.map((key) => `NULL AS ${this.columnLabel(key)}`).join(", ");
    return `SELECT ${names}${this.dualClause()} WHERE 1 = 0 UNION ALL VALUES ${this.valueRows(node)}`;
  }

  protected valueRows(node: Values): string {
    return node.rows.map((row) => this.valueRow(row)).join(", ");
  }

  protected valueRow(cells: readonly Node[]): string {
    return `(${this.list(cells)})`;
  }

  protected columnNames(node: FromClause): string {
    return node.columns.map((column) => this.columnLabel(column.name)).join(", ");
  }

  /** `f(x) AS t (a, b)` */
  protected tableFunction(node: TableFunction): string {
    if (!this.dialect.flags.tableFunctions) throw this.unsupported("functions in FROM");
    if (node.ordinality !== undefined && !this.dialect.flags.ordinality) throw this.unsupported("WITH ORDINALITY");
    const call = this.tableCall(node);
    const ordinality = node.ordinality === undefined ? "" : " WITH ORDINALITY";
    return `${call}${ordinality}${this.aliasKeyword()}${this.itemName(node)}${this.functionColumns(node)}`;
  }

  /** The call itself. */
  protected tableCall(node: TableFunction): string {
    return this.process(node.call);
  }

  /** The names of the columns behind the alias, with their types where asked for. */
  protected functionColumns(node: TableFunction): string {
    if (node.scalar) return "";
    const { columnAliases } = this.dialect.flags;
    if (node.withTypes) {
      if (!columnAliases) throw this.unsupported("columns with types behind a function in FROM");
      return ` (${this.typedColumns(node)})`;
    }
    return columnAliases ? ` (${this.columnNames(node)})` : "";
  }

  protected typedColumns(node: TableFunction): string {
    return node.columns
      .map((column) => `${this.dialect.quote(column.name)} ${this.dialect.typeName(column.type as AnyType)}`)
      .join(", ");
  }

  /** The row of a function of one column is named as the FROM item is. */
  protected override column(node: Column): string {
    if (node.from.kind === "tableFunction" && (node.from as TableFunction).scalar) return this.scalarColumn(node);
    return super.column(node);
  }

  protected scalarColumn(node: Column): string {
    if (!this.dialect.flags.columnAliases)
      throw this.unsupported("column-valued functions", "Name the function's own columns: tableValued(name, columns).");
    return this.itemName(node.from);
  }

  protected compositeField(node: CompositeField): string {
    if (!this.dialect.flags.compositeFields) throw this.unsupported("fields of composite values");
    return `(${this.process(node.operand)}).${this.dialect.quote(node.field)}`;
  }

  /** `t AS s TABLESAMPLE SYSTEM (10) REPEATABLE (5)` */
  protected tableSample(node: TableSample): string {
    if (!this.dialect.flags.tableSample) throw this.unsupported("TABLESAMPLE");
    const seed = node.seed === undefined ? "" : ` REPEATABLE (${node.seed})`;
    return `${this.from(node.element)}${this.aliasKeyword()}${this.itemName(node)} TABLESAMPLE ${node.method.toUpperCase()} (${node.percent})${seed}`;
  }

  /** The annotations of a query that this dialect writes in one place, with the texts. */
  protected annotationTexts(query: Node, place: Annotation["place"]): readonly string[] {
    const annotations = modifiersOf(query)?.annotations ?? [];
    return annotations
      .filter((annotation) => annotation.place === place && this.applies(annotation))
      .map((annotation) => this.process(annotation.text));
  }
}
