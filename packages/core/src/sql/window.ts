import { ArgumentError } from "../errors/index.js";
import type { ValueType } from "../types/value-type.js";
import { declareNode, Node } from "../visit/node.js";
import { toExpression } from "./coerce.js";
import { Expression, type ExpressionNode } from "./expression.js";
import type { FrameBound, FrameKind, WindowOptions } from "./options.js";
import { toOrderElement } from "./order.js";

/** What rows left out of a frame: the current one, its peers, or its peers without itself. */
export type FrameExclusion = "currentRow" | "group" | "ties" | "noOthers";

/** Where a frame begins or ends, as nodes hold it. */
export type FrameEdge = "unbounded" | "currentRow" | "preceding" | "following";

/** The rows that a window function sees: what stands in OVER's parentheses, or behind a name in the WINDOW clause. */
export class Window extends Node {
  /** The name in the WINDOW clause; undefined for a window that stands in OVER. */
  readonly name: string | undefined;
  readonly partitionBy: readonly ExpressionNode[];
  readonly orderBy: readonly Node[];
  readonly frame: FrameKind | undefined;
  readonly frameStart: FrameEdge | undefined;
  readonly startOffset: ExpressionNode | undefined;
  readonly frameEnd: FrameEdge | undefined;
  readonly endOffset: ExpressionNode | undefined;
  readonly exclude: FrameExclusion | undefined;

  constructor(
    name: string | undefined,
    partitionBy: readonly ExpressionNode[],
    orderBy: readonly Node[],
    frame?: FrameKind,
    frameStart?: FrameEdge,
    startOffset?: ExpressionNode,
    frameEnd?: FrameEdge,
    endOffset?: ExpressionNode,
    exclude?: FrameExclusion,
  ) {
    super();
    this.name = name;
    this.partitionBy = partitionBy;
    this.orderBy = orderBy;
    this.frame = frame;
    this.frameStart = frameStart;
    this.startOffset = startOffset;
    this.frameEnd = frameEnd;
    this.endOffset = endOffset;
    this.exclude = exclude;
  }

  static {
    declareNode(Window, "window", {
      name: "atom",
      partitionBy: "nodes",
      orderBy: "nodes",
      frame: "atom",
      frameStart: "atom",
      startOffset: "node",
      frameEnd: "atom",
      endOffset: "node",
      exclude: "atom",
    });
  }
}

/** `f(x) OVER (PARTITION BY ... ORDER BY ... ROWS BETWEEN ...)`, or `f(x) OVER name`. */
export class Over extends Expression<unknown> {
  readonly operand: ExpressionNode;
  readonly window: Window;

  constructor(operand: ExpressionNode, window: Window) {
    super();
    this.operand = operand;
    this.window = window;
  }

  static {
    declareNode(Over, "over", { operand: "node", window: "node" });
  }

  get type(): ValueType<unknown, unknown> {
    return this.operand.type;
  }

  override get resultName(): string | undefined {
    return this.operand.resultName;
  }
}

function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}

function makeWindow(name: string | undefined, options: WindowOptions): Window {
  const kinds = (["rows", "range", "groups"] as const).filter((kind) => options[kind] !== undefined);
  const [kind] = kinds;
  if (kinds.length > 1)
    throw new ArgumentError(`A window has one frame, not ${kinds.join(" and ")}.`, { code: "BAD_FRAME" });
  if (kind === undefined && options.exclude !== undefined)
    throw new ArgumentError("exclude needs a frame: rows, range or groups.", { code: "BAD_FRAME" });
  const [from, to] = kind === undefined ? [] : (options[kind] as readonly [FrameBound, FrameBound]);
  const start = from === undefined ? undefined : edge(from);
  const end = to === undefined ? undefined : edge(to);
  return new Window(
    name,
    list(options.partitionBy).map((item) => toExpression(item)),
    list(options.orderBy).map(toOrderElement),
    kind,
    start?.edge,
    start?.offset,
    end?.edge,
    end?.offset,
    options.exclude,
  );
}

/** A bound as an edge and the distance from the current row, which stands in the text. */
function edge(bound: FrameBound): { readonly edge: FrameEdge; readonly offset?: ExpressionNode } {
  if (bound === "unbounded") return { edge: "unbounded" };
  if (bound === 0) return { edge: "currentRow" };
  if (typeof bound === "object") {
    return "preceding" in bound
      ? { edge: "preceding", offset: distance(bound.preceding) }
      : { edge: "following", offset: distance(bound.following) };
  }
  if (!Number.isInteger(bound))
    throw new ArgumentError(`A frame bound is a whole number, "unbounded" or a distance, not ${bound}.`, {
      code: "BAD_FRAME",
      remedy: "Write { preceding: 0.5 } or { following: ... } for a distance that is no whole number.",
    });
  return { edge: bound < 0 ? "preceding" : "following", offset: distance(Math.abs(bound)) };
}

/** Databases want the distance to be constant: plain numbers stand in the text. */
function distance(value: unknown): ExpressionNode {
  const made = toExpression(value);
  return typeof value === "number" ? (made as unknown as { inlined(): ExpressionNode }).inlined() : made;
}

/**
 * A window with a name, for several window functions over the same rows. The WINDOW clause of the SELECT is written by itself;
 * where the database has none, the window is written out in each OVER.
 *
 * @example
 * ```ts
 * const byGenre = window("by_genre", { partitionBy: tracks.c.genreId, orderBy: tracks.c.plays.desc() });
 * select(func.rank().over(byGenre), func.sum(tracks.c.plays).over(byGenre))
 * ```
 * SQL: `SELECT rank() OVER by_genre, sum(tracks.plays) OVER by_genre FROM tracks WINDOW by_genre AS (PARTITION BY
 * tracks.genre_id ORDER BY tracks.plays DESC)`
 */
export function window(name: string, options: WindowOptions): Window {
  return makeWindow(name, options);
}

/** A window function of a function. */
export function over(operand: ExpressionNode, options: WindowOptions | Window): Over {
  return new Over(operand, options instanceof Window ? options : makeWindow(undefined, options));
}
