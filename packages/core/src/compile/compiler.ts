import { type AnyType, baseType } from "../dialect/type-rules.js";
import { CompileError } from "../errors/index.js";
import type { TextFragment } from "../sql/text.js";
import { limitInterning } from "../visit/intern.js";
import type { Node } from "../visit/node.js";
import { Compiled, type ResultColumn, type RowTemplate } from "./compiled.js";
import { type CompileFunction, customCompile } from "./custom.js";
import { type AnyInsert, CTE_PLACE, type RowTexts } from "./dml-compiler.js";
import type { SelectNode } from "./froms.js";
import { JsonCompiler } from "./json-compiler.js";
import { expressionsOf, kindOf, VISITED } from "./node-traits.js";
import type { AnyCompound } from "./query-compiler.js";

export { isPredicate } from "./node-traits.js";

type AnySelect = SelectNode;

/** How a statement is compiled. */
export interface CompileOptions {
  /** Told about FROM items that no condition connects with the others. */
  readonly onCartesian?: ((message: string) => void) | undefined;
  /** Schemas are chosen at execution: the text has tokens in their places, which {@link replaceSchemaTokens} finds. */
  readonly translatesSchemas?: boolean | undefined;
}

/**
 * Writes one statement for one dialect: a walk over the tree with one method for each kind of node, named after it. The
 * base class writes standard SQL; dialects override what they say differently.
 */
export class SQLCompiler extends JsonCompiler {
  /** Compiles a statement. */
  compile(statement: Node, options: CompileOptions = {}): Compiled {
    limitInterning();
    this.onCartesian = options.onCartesian;
    this.translatesSchemas = options.translatesSchemas ?? false;
    this.indexBinds(statement);
    this.startAt(statement);
    const text = this.statement(statement);
    const kind = kindOf(statement);
    const resultColumns = this.resultColumnsOf(statement);
    return new Compiled({
      pieces: this.pieces(this.withClause(statement, text)),
      kind,
      placeholder: this.dialect.placeholder,
      reusesPlaceholders: this.dialect.reusesPlaceholders,
      resultColumns,
      returnsRows: kind === "text" ? (resultColumns === undefined ? undefined : true) : resultColumns !== undefined,
      rowTemplate: this.rowTemplate === undefined ? undefined : this.templatePieces(this.rowTemplate),
      maxParameters: this.dialect.flags.maxParameters,
      database: this.dialect.name,
      emptyList: (slot) => this.emptySet(slot.bind?.type),
    });
  }

  /** Writes an expression outside of a statement, with literals for values: for DDL. `condition`: where a condition stands. */
  inlineExpression(node: Node, options: { readonly qualified?: boolean; readonly condition?: boolean } = {}): string {
    this.inlineBinds = true;
    this.unqualified = !(options.qualified ?? false);
    return options.condition ? this.predicate(node) : this.value(node);
  }

  private statement(statement: Node): string {
    if (statement.kind === "select" || statement.kind === "compound") return this.query(statement, { nested: false });
    return this.process(statement);
  }

  protected override customQuery(node: Node): string {
    return (customCompile(node, this.dialect.name) as CompileFunction<Node>)(node, this);
  }

  /** Puts the WITH clause in its place. */
  protected withClause(statement: Node, text: string): string {
    const clause = this.takeWith();
    if (statement.kind !== "insert" || (statement as AnyInsert).query === undefined) return clause + text;
    return this.dialect.flags.cteAfterInsert
      ? text.replace(CTE_PLACE, () => clause)
      : clause + text.replace(CTE_PLACE, "");
  }

  private templatePieces({ before, row, after, numbered }: RowTexts): RowTemplate {
    return { before: this.pieces(before), row: this.pieces(row), after: this.pieces(after), numbered };
  }

  private ddl(node: Node): string {
    const compiler = this.dialect.createDdlCompiler();
    compiler.translatesSchemas = this.translatesSchemas;
    return compiler.process(node);
  }

  private resultColumnsOf(statement: Node): ResultColumn[] | undefined {
    if (statement.kind === "text") {
      const { keys, columnTypes } = statement as TextFragment;
      if (keys.length === 0) return undefined;
      return keys.map((key, item) => this.resultColumn(key, columnTypes[item] as AnyType, undefined, item));
    }
    const items = statement as Node & { readonly items?: readonly Node[]; readonly returningItems?: readonly Node[] };
    const list =
      this.implicitItems ??
      (statement.kind === "compound"
        ? this.firstItems(statement as AnyCompound)
        : (items.items ?? items.returningItems));
    if (list === undefined || list.length === 0) return undefined;
    return list.flatMap((entry, item) =>
      expressionsOf(entry).map((expression) =>
        this.resultColumn(expression.resultName, expression.type as AnyType, expression, item),
      ),
    );
  }

  private firstItems(compound: AnyCompound): readonly Node[] {
    const first = compound.queries[0] as Node;
    return first.kind === "compound" ? this.firstItems(first as AnyCompound) : (first as AnySelect).items;
  }

  private resultColumn(
    key: string | undefined,
    type: AnyType,
    expression: Node | undefined,
    item: number,
  ): ResultColumn {
    const { name: typeName } = baseType(type, this.dialect);
    return { key, type, typeName, convert: this.dialect.conversions(type).result, expression, item };
  }

  /** Writes any node. */
  process(node: Node): string {
    const custom = customCompile(node, this.dialect.name);
    if (custom) return custom(node, this);
    const { kind } = node;
    const method = VISITED.has(kind)
      ? (this as unknown as Record<string, ((node: Node) => string) | undefined>)[kind]
      : undefined;
    if (method === undefined) {
      if (kind.startsWith("ddl")) return this.ddl(node);
      throw new CompileError(`${this.dialect.name} does not know how to compile a node of kind "${kind}".`, {
        code: "UNKNOWN_NODE",
        remedy: `Register it with compiles(${node.constructor.name}, "${this.dialect.name}", ...).`,
      });
    }
    return method.call(this, node);
  }
}
