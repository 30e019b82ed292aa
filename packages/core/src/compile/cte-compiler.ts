import { CompileError } from "../errors/index.js";
import { Annotation } from "../sql/annotation.js";
import { CteCycle, type CteSearch } from "../sql/cte-clauses.js";
import type { Cte } from "../sql/derived.js";
import type { Node } from "../visit/node.js";
import { FromCompiler } from "./from-compiler.js";
import { sameParameters } from "./froms.js";

interface Written {
  readonly cte: Cte;
  readonly text: string;
}

/** The common table expressions of one WITH clause, by name. */
type Scope = Map<string, Written>;

/** Writes common table expressions: each once, in the WITH of the statement or of the query that it is nested in. */
export abstract class CteCompiler extends FromCompiler {
  /** One for each query around the place being written that can have a WITH of its own; the statement's is the first. */
  private readonly scopes: Scope[] = [new Map()];
  private readonly openCtes = new Set<number>();

  /**
   * The WITH clause of the CTEs written so far, which are forgotten; nothing when there are none. A dialect that cannot have
   * WITH in front of a statement calls it where it can have it.
   */
  protected takeWith(): string {
    const scope = this.scopes[0] as Scope;
    const text = this.withText(scope);
    scope.clear();
    return text;
  }

  private withText(scope: Scope): string {
    if (scope.size === 0) return "";
    const list = [...scope.values()];
    const recursive = this.dialect.flags.recursiveKeyword && list.some(({ cte }) => cte.recursive);
    return `${recursive ? "WITH RECURSIVE" : "WITH"} ${list.map((entry) => entry.text).join(", ")} `;
  }

  /** Writes a query that has a WITH of its own for the CTEs nested in it. */
  protected withNestedCtes(write: () => string): string {
    this.scopes.push(new Map());
    const text = write();
    return this.withText(this.scopes.pop() as Scope) + text;
  }

  /** A CTE is written once, in WITH; here stands its name. */
  protected cte(node: Cte): string {
    this.registerCte(node);
    return this.itemName(node);
  }

  /** Puts a CTE into its WITH, unless it is there. */
  protected registerCte(node: Cte): void {
    const base = node.base.shape;
    // Inside its own recursive part the CTE appears without that part: it is the same one.
    if (this.openCtes.has(base)) return;
    const name = this.itemName(node);
    const scope = node.nesting ? (this.scopes.at(-1) as Scope) : (this.scopes[0] as Scope);
    if (node.nesting && scope !== this.scopes[0] && !this.dialect.flags.nestedCtes)
      throw this.unsupported("WITH inside a query", "Leave out { nesting: true }.");
    const visible = node.nesting ? this.scopes.find((outer) => outer.get(name)?.cte.shape === node.shape) : undefined;
    const before = (visible ?? scope).get(name);
    if (before !== undefined) {
      const whole = before.cte.shape === node.shape;
      const alike = whole || before.cte.base.shape === node.shape;
      if (!alike || !sameParameters(whole ? before.cte : before.cte.base, node)) {
        throw new CompileError(`Two different CTEs are named ${name}.`, {
          code: "DUPLICATE_CTE",
          remedy: "Give one of them another name.",
        });
      }
      return;
    }
    this.openCtes.add(base);
    const outside = this.enclosing;
    this.enclosing = [];
    const text = this.cteText(node, name);
    this.enclosing = outside;
    this.openCtes.delete(base);
    scope.set(name, { cte: node, text });
  }

  private cteText(node: Cte, name: string): string {
    const named = node.recursive || (node.query.kind !== "select" && node.query.kind !== "compound");
    const columns = named
      ? `(${node.columns
          .slice(0, node.width)
          .map((column) => this.columnLabel(column.name))
          .join(", ")})`
      : "";
    let body = this.cteQuery(node.query);
    if (node.step) body += ` ${node.stepAll ? "UNION ALL" : "UNION"} ${this.cteQuery(node.step)}`;
    const before: string[] = [];
    const after: string[] = [];
    for (const clause of node.clauses) {
      if (clause instanceof Annotation) {
        if (this.applies(clause)) (clause.place === "prefix" ? before : after).push(this.process(clause.text));
      } else after.push(clause instanceof CteCycle ? this.cycleClause(clause) : this.searchClause(clause));
    }
    return [`${name}${columns} AS${this.materialized(node)} ${[...before, `(${body})`].join(" ")}`, ...after].join(" ");
  }

  private materialized({ materialized }: Cte): string {
    if (materialized === undefined) return "";
    if (!this.dialect.flags.materializedCtes) throw this.unsupported("MATERIALIZED on common table expressions");
    return materialized ? " MATERIALIZED" : " NOT MATERIALIZED";
  }

  protected searchClause(clause: CteSearch): string {
    if (!this.dialect.flags.searchAndCycle) throw this.unsupported("SEARCH on common table expressions");
    const by = clause.by.map((name) => this.dialect.quote(name)).join(", ");
    return `SEARCH ${clause.order.toUpperCase()} FIRST BY ${by} SET ${this.dialect.quote(clause.as)}`;
  }

  protected cycleClause(clause: CteCycle): string {
    if (!this.dialect.flags.searchAndCycle) throw this.unsupported("CYCLE on common table expressions");
    const by = clause.by.map((name) => this.dialect.quote(name)).join(", ");
    const path = this.dialect.flags.cyclePath ? ` USING ${this.dialect.quote(clause.path)}` : "";
    return `CYCLE ${by} SET ${this.dialect.quote(clause.as)} TO 'Y' DEFAULT 'N'${path}`;
  }

  /** The query of a CTE. */
  protected cteQuery(query: Node): string {
    return this.query(query, { nested: true });
  }
}
