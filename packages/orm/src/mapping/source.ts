import { type Column, type FromClause, ItemGroup, NoSuchColumnError } from "@acme/core";
import type { Relationship } from "../relationship/relationship.js";
import type { Mapper } from "./mapper.js";
import { RelationshipNode } from "./relationship-node.js";

/** An entity as it stands in a statement: under its own name, or under an alias. */
export class EntitySource {
  readonly mapper: Mapper;
  /** The name by which rows know the entity. */
  readonly name: string;
  readonly from: FromClause;
  private memoItem: ItemGroup | undefined = undefined;
  private memoAttributes: object | undefined = undefined;

  constructor(mapper: Mapper, name: string, from: FromClause) {
    this.mapper = mapper;
    this.name = name;
    this.from = from;
  }

  /** The columns, by position. */
  get columns(): readonly Column[] {
    return this.from.columns;
  }

  /** The element of a select list that stands for the entity. */
  get item(): ItemGroup {
    this.memoItem ??= new ItemGroup(this.name, this.columns, this);
    return this.memoItem;
  }

  /** `User.c`: columns and relationships by key. Reading one that does not exist throws a NoSuchColumnError. */
  get attributes(): object {
    this.memoAttributes ??= this.makeAttributes();
    return this.memoAttributes;
  }

  /** A relationship's node is made when it is asked for: its definition may speak of columns of this very entity. */
  private addRelationship(made: object, key: string): void {
    let node: RelationshipNode | undefined;
    const get = (): RelationshipNode => {
      node ??= new RelationshipNode(this, this.mapper.relationship(key) as Relationship);
      return node;
    };
    Object.defineProperty(made, key, { get, enumerable: true });
  }

  private makeAttributes(): object {
    const { mapper } = this;
    const known = [...mapper.keys, ...mapper.relationshipKeys].join(", ");
    // Own properties answer at full speed; only a missing one reaches the prototype, which refuses it.
    const guard = new Proxy(Object.create(null) as object, {
      get(_target, key) {
        if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
        throw new NoSuchColumnError(`${mapper.name} has no column or relationship "${key}".`, {
          remedy: `It has: ${known}.`,
        });
      },
      has: () => false,
    });
    const made = Object.create(guard) as Record<string, unknown>;
    for (const column of this.columns) made[column.key] = column;
    for (const key of mapper.relationshipKeys) this.addRelationship(made, key);
    return made;
  }
}
